"""The log of acts, append-only."""
