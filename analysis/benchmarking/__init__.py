"""One firm's own answers and links beside what a Release says of the others; nothing of it is kept."""
