"""What may leave, and what is written for each audience."""
