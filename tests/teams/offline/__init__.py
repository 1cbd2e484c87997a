"""The visit form, and what a phone carries along."""
