"""Where dependence narrows: concentration, chokepoints, cut points, shocks."""
