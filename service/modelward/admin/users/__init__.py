"""`/user/...`: users."""
