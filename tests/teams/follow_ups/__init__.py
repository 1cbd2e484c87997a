"""Follow-ups."""
