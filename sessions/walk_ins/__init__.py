"""Who comes to a session without being enrolled, and is let in at the door."""
