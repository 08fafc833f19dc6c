"""`/project/...`: projects."""
