"""What somebody wants exported, and the words for it on the command line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import UsageError
from firmware_link.telemetry import CHANNELS
from rig.export.columns import TABLES, column_name
from rig.places import RUN_SUFFIX
from rig.therapy import units

PARQUET, CSV, MCAP = "parquet", "csv", "mcap"
FORMATS = (PARQUET, CSV, MCAP)
SUFFIX = {PARQUET: ".parquet", CSV: ".csv", MCAP: ".mcap"}

_RATE = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(?:Hz|/s)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    """One run, one export.

    ``begin_s`` and ``end_s`` (excluded) are seconds of the run's axis, None for from the beginning, to the end.
    ``channels`` are fields of telemetry.CHANNELS, none for all.  Of each ``interval_us`` one sample is kept, 0 for all.
    """

    run: Path
    output: Path  # a file; without ``table`` and not for MCAP the folder of one file a table
    format: str = PARQUET
    begin_s: float | None = None
    end_s: float | None = None
    channels: tuple[str, ...] = ()
    interval_us: int = 0
    offset_min: int | None = None  # of the times, from UTC; None: that of the run's program, or UTC
    table: str = ""  # of columns.TABLES; "" for all
    force: bool = False  # may overwrite

    @property
    def one_file(self) -> bool:
        """Whether ``output`` is a file rather than a folder."""
        return self.format == MCAP or bool(self.table)

    @property
    def whole(self) -> bool:
        """Whether it isn't bounded in time."""
        return self.begin_s is None and self.end_s is None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it is of."""
        return (self.table,) if self.table else TABLES


def run_name(run: Path) -> str:
    """The run file's name without what all have."""
    return run.name.removesuffix(RUN_SUFFIX) or "run"


def default_output(run: Path, format: str, table: str = "") -> Path:
    """Beside the run file and called as it: NAME.mcap, NAME.samples.csv, or the folder NAME.csv."""
    return run.with_name(f"{run_name(run)}{f'.{table}' if table else ''}{SUFFIX[format]}")


def parse_channels(text: str) -> tuple[str, ...]:
    """Fields of the channels in ``text``, such as "delivered_ul, flow_ml_day": columns of an export, fields or titles.

    Raises UsageError for one that there isn't.
    """
    by_name = {name: channel.field for channel in CHANNELS for name in _names(channel.field, channel.title)}
    by_name |= {column_name(channel): channel.field for channel in CHANNELS}
    wanted = [word.strip() for word in text.split(",") if word.strip()]
    for word in wanted:
        if word.lower() not in by_name:
            known = ", ".join(map(column_name, CHANNELS))
            raise UsageError(f'There is no channel "{word[:40]}".', f"Channels: {known}.")
    return _in_order(by_name[word.lower()] for word in wanted)


def _names(field: str, title: str) -> Iterable[str]:
    return field, title.lower()


def _in_order(fields: Iterable[str]) -> tuple[str, ...]:
    wanted = set(fields)
    return tuple(channel.field for channel in CHANNELS if channel.field in wanted)


def parse_interval_us(text: str) -> int:
    """Microseconds between samples: of a rate such as "2 Hz" or of an interval such as "10 s".

    Raises UsageError for anything else, and for none at all.
    """
    match = _RATE.fullmatch(text)
    if match is not None and float(match[1]) > 0:
        return max(1, round(1e6 / float(match[1])))
    if match is None and (interval_ms := units.parse(text, units.DURATION)) > 0:
        return interval_ms * 1000
    raise UsageError(f'"{text[:40]}" would leave no samples.', 'Give a rate or an interval, like "2 Hz" or "10 s".')
