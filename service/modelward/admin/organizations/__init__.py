"""`/organization/...`: organizations."""
