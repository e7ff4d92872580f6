"""Links that do not fit in memory: the same steps on DuckDB, or on a Spark cluster."""
