"""Tests of the matching of names."""
