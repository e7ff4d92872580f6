"""Regression under a sampling design: coefficients, tests and margins in plain units."""
