"""What is taken away from a Release: one story as a deck, a workbook, a PDF and a page."""
