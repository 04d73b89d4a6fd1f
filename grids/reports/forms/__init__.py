"""Forms of case reports: filing, and one for each verb, made from what the table asks for."""
