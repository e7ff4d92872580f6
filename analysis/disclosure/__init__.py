"""Which numbers about few firms may leave, what else must be hidden with them, and proof of it."""
