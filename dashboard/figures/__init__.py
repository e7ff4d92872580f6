"""Charts drawn from finished numbers."""
