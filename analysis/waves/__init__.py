"""What changed from wave to wave, how sure that is, and what could not have been seen."""
