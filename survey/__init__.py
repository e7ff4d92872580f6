"""What firms told us, made trustworthy: the front door of the survey floor."""
