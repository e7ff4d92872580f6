"""What a stranger can work out from the files of a Release: the adversary every release must withstand."""
