"""Words and numbers of the body, edited in the app."""
