"""Who: persons, accounts, roles, reach, audit, and changes that can be undone whole."""
