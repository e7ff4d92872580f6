"""What a firm without links is given: its sector's average, from an input-output table, with its spread."""
