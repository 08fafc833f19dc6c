"""What each denial needs to become a yes, with as little change for others as can be."""
