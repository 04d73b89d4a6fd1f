"""The verbs of fraud alerts: taking warnings in, the loop, the sweep."""
