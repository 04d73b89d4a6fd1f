"""Case reports for benches: a whole archive written by the database itself, and the people who read it."""
