"""Made-up worlds: parties, goods, links and listings of known truth."""
