"""The documentation as a site: its settings, its looks, its pictures, and what proves that its paths can be walked."""
