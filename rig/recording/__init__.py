"""The run file, ``*.run.duckdb``: one DuckDB database a run, with one writer."""
