"""The resident's side: report without account, follow by code and key, rate, add, withdraw, and keep the own contact in hand."""
