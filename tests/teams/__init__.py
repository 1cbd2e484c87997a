"""Teams: roster, memberships, imports."""
