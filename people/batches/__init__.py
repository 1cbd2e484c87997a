"""Changes of many rows that can be undone whole, and the import machine."""
