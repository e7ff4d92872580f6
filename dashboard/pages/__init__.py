"""The pages, one module each, and the frame and marks they share."""
