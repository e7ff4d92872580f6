"""What printed tables really say: bases, counts and doubt recovered from published percents."""
