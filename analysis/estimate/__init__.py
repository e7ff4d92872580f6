"""Design-based inference: estimates with their standard errors, intervals and bases."""
