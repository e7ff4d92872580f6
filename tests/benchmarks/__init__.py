"""How long things take; outside pytest, run by `make bench`."""
