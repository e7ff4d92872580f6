"""The rules of the world, as dated and sourced data."""
