"""One chart form a module."""
