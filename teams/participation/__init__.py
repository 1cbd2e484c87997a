"""Who took part in which visit on what day: person-days, for allowances."""
