"""A whole portal whose processes are killed while people work with it, and a checker that compares what was promised with what is there."""
