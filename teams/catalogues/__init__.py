"""Catalogues of the work at the door: services, obstacles, referrals, places; consent texts."""
