"""Follow-ups and referrals: what was promised at a door, and by when."""
