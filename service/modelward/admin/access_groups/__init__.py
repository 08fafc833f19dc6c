"""`/v1/access_group`: unified access groups."""
