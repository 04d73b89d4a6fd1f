"""Rows from other systems over HTTP: signed, once, in batches. An app declares what it takes (`public.Intake`); the rest is here."""
