"""Who may see a Release away from this machine: accounts, sessions, and a trail of what they did."""
