"""Training of civil servants: courses, sessions, attendance and certificates come to live here."""
