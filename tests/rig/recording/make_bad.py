"""Run files that are not as the writer leaves them, each made from a good one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

from firmware_link.clock import ManualClock
from rig.recording.writer import RunWriter
from tests.rig.recording import make

#: Format -> what it brought, taken away again.
_BROUGHT = {
    2: ["ALTER TABLE programs DROP COLUMN demand", "ALTER TABLE programs DROP COLUMN reminder_min"],
    3: ["DROP TABLE truth", "DROP TABLE strikes"],
    4: [
        "DROP TABLE health",
        "ALTER TABLE run DROP COLUMN digest",
        *(f"ALTER TABLE notes DROP COLUMN {column}" for column in ("author", "made_us", "marker")),
    ],
    5: [
        *(f"DROP TABLE {table}" for table in ("weighings", "cases", "steps", "reviews")),
        "ALTER TABLE verdicts DROP COLUMN outcome",
        "ALTER TABLE run DROP COLUMN balance",
    ],
}


def take_back(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Makes the file one of format ``version``."""
    connection.execute("UPDATE run SET schema_version = ?", [version])
    for format_, statements in _BROUGHT.items():
        for statement in statements if format_ > version else ():
            connection.execute(statement)


def killed(path: Path, which: int = 0) -> Path:
    """Makes ``path`` what a program that was killed leaves of ``make.batches``, with the log beside it.

    It is made once a ``which``, each time another run of the same content.
    """
    make.put(path, _killed(which))
    return path


@cache
def _killed(which: int) -> make.Files:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.run.duckdb"
        with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
            for batch in make.batches(1000):
                writer.add(batch)
                writer.commit()
            return make.taken(path)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in ``folder`` can be made; as a user without privileges, where this is root."""
    closed = [one for one in (folder, *folder.parents) if one == folder or not one.stat().st_mode & 0o001]
    modes = {one: one.stat().st_mode for one in closed}
    for one in closed:
        one.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for one, mode in modes.items():
            one.chmod(mode)
