"""Help at the door: teams and their members; households and visits come to live here."""
