"""Pressure to choose: indicators, modelled probability, ranks and tiers."""
