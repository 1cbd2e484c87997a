"""The phone without a network: its shell, its snapshot, its outbox."""
