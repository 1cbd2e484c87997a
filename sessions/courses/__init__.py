"""Courses: what is taught to whom, and by when."""
