"""Accounts: made, locked, given roles."""
