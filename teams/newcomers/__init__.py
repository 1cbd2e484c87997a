"""Who joins a team: found in the register, or new to it."""
