"""Training of civil servants: courses, sessions, enrolments, attendance and certificates."""
