"""`/team/...`: teams and their members."""
