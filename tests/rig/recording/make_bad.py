"""Run files that are not as the writer leaves them, each made from a good one."""

import duckdb

#: Format -> what it brought, taken away again.
_BROUGHT = {
    2: ["ALTER TABLE programs DROP COLUMN demand", "ALTER TABLE programs DROP COLUMN reminder_min"],
    3: ["DROP TABLE truth", "DROP TABLE strikes"],
    4: [
        "DROP TABLE health",
        "ALTER TABLE run DROP COLUMN digest",
        *(f"ALTER TABLE notes DROP COLUMN {column}" for column in ("author", "made_us", "marker")),
    ],
}


def take_back(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Makes the file one of format ``version``."""
    connection.execute("UPDATE run SET schema_version = ?", [version])
    for format_, statements in _BROUGHT.items():
        for statement in statements if format_ > version else ():
            connection.execute(statement)
