"""Who holds and who needs each technology, and which side could do without whom."""
