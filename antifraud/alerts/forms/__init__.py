"""Forms of fraud alerts: a warning taken down by hand, an attempt, and one for each verb, made from what the table asks for."""
