"""Notices as the Common Alerting Protocol 1.2 says them (OASIS, 2010), for other systems."""
