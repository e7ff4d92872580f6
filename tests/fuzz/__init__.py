"""Readers of survey files under mutated ones: `make fuzz`."""
