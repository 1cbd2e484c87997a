"""What came of a team's work in a period."""
