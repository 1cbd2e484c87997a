"""Officials: import, pages, commands."""
