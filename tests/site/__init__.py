"""The documentation as a site: its settings, looks and pictures; proof that its paths can be walked."""
