"""Tests of concentration, chokepoints, cut points and shocks."""
