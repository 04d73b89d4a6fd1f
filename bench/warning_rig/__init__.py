"""What the benches about fraud warnings share: a district with people, warnings, a sender that signs, and the naive way to do the same."""
