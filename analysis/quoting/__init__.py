"""One figure made ready to be quoted: its number, its base, its doubt, its caveats and its source."""
