"""Tests of sector averages: input-output tables for firms without links."""
