"""Which controls firms have in place, how ready that makes them, and who is exposed without them."""
