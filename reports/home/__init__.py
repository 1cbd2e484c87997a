"""The first page: the district for those who look after it, the own team for its members."""
