"""What the evaluations of all apps share: periods, the keeping of rollups, what of them answers a question. No figure of its own."""
