"""Pages of fraud alerts."""
