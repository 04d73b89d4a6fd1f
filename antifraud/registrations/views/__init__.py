"""The pages of registrations: for residents without an account, and for officers."""
