"""What the benches of the net measure with."""
