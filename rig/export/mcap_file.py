"""One run as one MCAP file: a channel a table, JSON messages, and a JSON schema for each.

What has no value is left out of a message, and lost time is a message of /gaps alone: viewers take a null, or a
message without values, for a mistake.
"""

import importlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from firmware_link.errors import UsageError
from rig.export.blocks import Block
from rig.export.columns import MOMENT, Column, Table
from rig.export.order import MCAP
from rig.export.press import Press, at_us_first
from rig.recording.errors import translated

_LOOK_ROWS = 1 << 13  # messages that are written between two looks whether somebody has had enough


def check_installed() -> None:
    """Raises UsageError where the library for it is missing."""
    try:
        importlib.import_module("mcap.writer")
    except ImportError as error:
        raise UsageError(
            "MCAP files need a library that isn't installed.",
            "Install it: pip install 'pump-programmer[mcap]'. Or export Parquet or CSV.",
        ) from error


class McapFile:
    """Writes ``path``; ``about`` is what the file says of the run.  Raises UsageError where the disk takes nothing."""

    def __init__(self, press: Press, path: Path, about: dict[str, str]) -> None:
        from mcap.writer import Writer

        self._press, self._path = press, path
        self._encode = msgspec.json.Encoder().encode
        with translated(path, UsageError):
            self._file = path.open("wb")
            self._writer: Any = Writer(self._file)  # parts of it have no types
            self._writer.start(profile="", library="pump-programmer")
            self._writer.add_metadata("run", about)
        self._channels: dict[str, int] = {}

    def add(self, table: Table, block: Block, look: Callable[[int], None]) -> int:
        """Writes the rows of ``block`` that say more than a time, and returns how many; ``look`` is told how many
        of the block are behind, now and then."""
        if "real" in block:
            block = {name: values[block["real"]] for name, values in block.items()}
        rows = self._press.rows(at_us_first(self._press.select(table, MCAP)), block)
        channel = self._channel(table)
        names = [column.name for column in table.columns]
        with translated(self._path, UsageError):
            for number, (at_us, *values) in enumerate(rows):
                said = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                at_ns = min(max(0, at_us), (1 << 63) // 1000) * 1000
                self._writer.add_message(channel, at_ns, self._encode(said), at_ns)
                if number % _LOOK_ROWS == 0:
                    look(number)
        return len(rows)

    def _channel(self, table: Table) -> int:
        if table.name not in self._channels:
            schema = self._writer.register_schema(f"pump.{table.name}", "jsonschema", self._encode(json_schema(table)))
            self._channels[table.name] = self._writer.register_channel(f"/{table.name}", "json", schema)
        return self._channels[table.name]

    def close(self) -> None:
        """Ends the file, whole."""
        with translated(self._path, UsageError):
            self._writer.finish()
            self._file.close()

    def __enter__(self) -> "McapFile":
        return self

    def __exit__(self, *raised: object) -> None:
        with suppress(OSError):  # what it still holds may not fit on the disk, which has been said
            self._file.close()


def json_schema(table: Table) -> dict[str, Any]:
    """The JSON schema of a message about one row."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"pump.{table.name}",
        "description": table.says,
        "type": "object",
        "properties": {column.name: _property(column) for column in table.columns},
    }


def _property(column: Column) -> dict[str, Any]:
    if column.kind == MOMENT:
        return {"type": "string", "format": "date-time", "description": column.says}
    return {"type": column.kind, "description": column.says}
