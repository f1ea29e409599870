"""What the verb ``export`` does: its words become orders, one a run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from firmware_link.errors import PumpError, UsageError
from rig.export.columns import TABLES
from rig.export.dataset import add_to_dataset
from rig.export.exporting import Exported, Progress, export
from rig.export.order import FORMATS, Order, default_output, parse_channels, parse_interval_us
from rig.interrupt import Interrupt
from rig.moments import parse_at, parse_offset_min
from rig.recording.axis import RunAxis
from rig.recording.reader import RunReader


@dataclass(frozen=True)
class Words:
    """The options as they were typed; "" for those that weren't."""

    format: str = ""
    begin: str = ""
    end: str = ""
    channels: str = ""
    rate: str = ""
    table: str = ""
    offset: str = ""
    force: bool = False


def export_runs(
    runs: Sequence[Path], words: Words, output: Path | None, dataset: Path | None, progress: Progress
) -> tuple[list[Exported], list[tuple[Path, PumpError]]]:
    """Exports each run, or adds it to ``dataset``; returns what was made, and what went wrong with the others.

    Raises UsageError for words that make no sense.
    """
    ordered: Sequence[Order | None] = [None] * len(runs)
    interval_us = 0
    if dataset is None:
        ordered = orders(runs, words, output)
    else:
        _only_for_files(words, output)
        interval_us = parse_interval_us(words.rate) if words.rate else 0
    made: list[Exported] = []
    failed: list[tuple[Path, PumpError]] = []
    with Interrupt() as interrupt:  # in the midst of a query it would be taken for an error

        def follow(done: int, total: int | None, what: str) -> None:
            interrupt.check()
            progress(done, total, what)

        for run, order in zip(runs, ordered, strict=True):
            try:
                made.append(
                    export(_placed(order, words), follow)
                    if order is not None
                    else add_to_dataset(run, dataset or run.parent, interval_us, follow)
                )
            except PumpError as error:
                failed.append((run, error))
    return made, failed


def orders(runs: Sequence[Path], words: Words, output: Path | None) -> list[Order]:
    """What is wanted of each run, all of its time; several go into the folder ``output``.

    Raises UsageError for words that make no sense.
    """
    format = words.format or FORMATS[0]
    _check_word("format", format, FORMATS)
    _check_word("table", words.table or TABLES[0], TABLES)
    channels = parse_channels(words.channels)
    interval_us = parse_interval_us(words.rate) if words.rate else 0
    offset_min = parse_offset_min(words.offset) if words.offset else None
    made = []
    for run in runs:
        place = default_output(run, format, words.table)
        if output is not None:
            place = output / place.name if len(runs) > 1 else output
        ordered = Order(run, place, format, None, None, channels, interval_us, offset_min, words.table, words.force)
        made.append(ordered)
    outputs = [order.output for order in made]
    twice = next((path for path in outputs if outputs.count(path) > 1), None)
    if twice is not None:
        raise UsageError(f"Two of the runs would become {twice}.", "Give them one by one, or rename one.")
    return made


def _placed(order: Order, words: Words) -> Order:
    """``order`` with its bounds of time, which may be counted from the run's begin."""
    if not words.begin and not words.end:
        return order
    with RunReader(order.run) as reader:
        zero_us = RunAxis(reader).zero_us
    begin_s, end_s = ((parse_at(text, zero_us) - zero_us) / 1e6 if text else None for text in (words.begin, words.end))
    if begin_s is not None and end_s is not None and end_s <= begin_s:
        raise UsageError(f"--to {words.end} isn't after --from {words.begin}.", "Choose a later end.")
    return replace(order, begin_s=begin_s, end_s=end_s)


def _only_for_files(words: Words, output: Path | None) -> None:
    """A dataset holds whole runs, so that those of several can be compared."""
    given = {
        "--output": output is not None,
        "--from": words.begin,
        "--to": words.end,
        "--channels": words.channels,
        "--table": words.table,
        "--utc-offset": words.offset,
        "--format": words.format not in ("", "parquet"),
    }
    for option, is_given in given.items():
        if is_given:
            raise UsageError(f"{option} isn't for a dataset, which holds whole runs as Parquet.", "Leave it out.")


def _check_word(what: str, word: str, words: Sequence[str]) -> None:
    if word not in words:
        raise UsageError(f'There is no {what} "{word[:40]}".', f"There are: {', '.join(words)}.")


def of_exported(made: Sequence[Exported]) -> tuple[dict[str, Any], str]:
    """As plain data, and as a line a run for people."""
    return {"exported": [one.to_json() for one in made]}, "\n".join(map(_line, made))


def _line(made: Exported) -> str:
    """ "a.run.duckdb: 9,136 samples, 35 events: 9 files in a.parquet"."""
    counts = ", ".join(f"{count:,} {_counted(table, count)}" for table, count in made.rows.items() if count)
    place = made.files[0] if len(made.files) == 1 else f"{len(made.files)} files in {made.folder}"
    return f"{made.run.name}: {counts or 'nothing'}: {place}"


def _counted(table: str, count: int) -> str:
    """ "events", or "event" for one."""
    return table if count > 1 else table.removesuffix("s")
