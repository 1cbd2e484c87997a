"""Training: courses, sessions, calendars and enrolments."""
