"""What a phone keeps: every way a visit could be lost, in a real Chromium."""
