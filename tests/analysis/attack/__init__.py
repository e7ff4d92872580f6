"""Tests of the attack on released files."""
