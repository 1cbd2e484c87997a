"""Areas with what came of them: teams, members, gaps."""
