"""The ledger of who was there."""
