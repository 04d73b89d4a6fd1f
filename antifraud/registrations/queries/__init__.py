"""What the pages of registrations ask."""
