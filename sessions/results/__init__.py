"""Test results, who completed a course, and what is told of it."""
