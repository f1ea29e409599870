"""What a run file is, in the few words and numbers of a table of runs.

It may be anybody's file: what is read from it is bounded, and whatever is wrong with it is a sentence.
"""

from pathlib import Path
from typing import Any

from rig.recording.access import Tables, open_read_only
from rig.recording.catalog import (
    CUT_SHORT,
    DAMAGED,
    FINISHED,
    MOST_ROWS,
    MOST_TEXT,
    RECORDING,
    UNREADABLE,
    YEAR_9999_US,
    Card,
)
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader

_HEADERS_BYTES = 3 * 4096  # of a DuckDB file, before its blocks
_CUT_OFF = "{} is cut off: a part of the file is missing."
LEVELS = 4  # rig.words.LEVELS


def card_of(path: Path) -> Card:
    """The card of the run file ``path``; one that can't be read says why."""
    try:
        tables = Tables(open_read_only(path), path)
        with RunReader(path, tables) as reader:
            return _card(reader, tables)
    except RunFileError as error:
        return Card(RECORDING if error.busy else UNREADABLE, text(error.what), text(error.remedy), error.damaged)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Values that no writer makes: the tables' types are checked, what is in them isn't.
        what = f"{path.name} was altered: {type(error).__name__}, {error}."
        return Card(UNREADABLE, text(what), "Use the original file.")


def _card(reader: RunReader, tables: Tables) -> Card:
    run = reader.run
    samples = tables.count("samples")
    commanded_nl, measured_nl = reader.volumes()
    passed, failed, undecided = _verdicts(tables)
    whole = _is_whole(tables)
    ended_us = run.ended_us if run.ended_us is not None else _last_heard_us(tables)
    return Card(
        DAMAGED if not whole else CUT_SHORT if run.ended is None else FINISHED,
        what=text(" ".join(reader.doubts()) if whole else _CUT_OFF.format(text(reader.path.name)[:100])),
        remedy="" if whole else "Copy it again from its source, or rescue what can still be read.",
        damaged=not whole,
        started_us=moment(run.started_us),
        duration_us=None if ended_us is None else moment(ended_us - run.started_us),
        device=text(run.device_id),
        firmware=text(run.firmware_version),
        target=text(run.target),
        version=text(run.program_version),
        virtual=bool(run.virtual),
        ended=text(run.ended),
        programs=_programs(tables),
        scripts=_scripts(tables),
        levels=_levels(tables),
        kinds=_kinds(tables),
        notes=_notes(tables),
        note_count=tables.count("notes"),
        passed=passed,
        failed=failed,
        undecided=undecided,
        samples=samples,
        gaps=tables.count("gaps"),
        commanded_nl=commanded_nl,
        measured_nl=measured_nl,
        planned_nl=run.planned_nl,  # what nobody kept isn't planned anew: that takes as long as the run is
    )


def _is_whole(tables: Tables) -> bool:
    """Whether the file is as long as it says: what is missing is noticed only where it is read."""
    size = tables.rows("SELECT block_size * total_blocks FROM pragma_database_size()")[0][0]
    return bool(tables.path.stat().st_size >= _HEADERS_BYTES + int(size))


def _last_heard_us(tables: Tables) -> int | None:
    """When the last sample, or else the last event, of a run without an end came."""
    for table in ("samples", "events"):
        rows = tables.rows(f"SELECT host_us FROM main.{table} ORDER BY rowid DESC LIMIT 1")
        if rows and rows[0][0] is not None:
            return int(rows[0][0])
    return None


def _programs(tables: Tables) -> tuple[str, ...]:
    sql = f"SELECT left(name, {MOST_TEXT}) FROM main.programs GROUP BY name ORDER BY min(rowid) LIMIT {MOST_ROWS}"
    return tuple(text(name) for (name,) in tables.rows(sql))


def _verdicts(tables: Tables) -> tuple[int, int, int]:
    """How many passed, how many failed, and of how many nobody knows."""
    passed, others = tables.rows("SELECT count(*) FILTER (passed), count(*) FILTER (NOT passed) FROM main.verdicts")[0]
    if not tables.has("verdicts", "outcome"):
        return passed, others, 0
    inconclusive = "SELECT count(*) FROM main.verdicts WHERE NOT passed AND outcome = 'inconclusive'"
    begun = "SELECT count(*) FILTER (phase = 'begin') - count(*) FILTER (phase = 'end') FROM main.cases"
    (unsure,), (unfinished,) = tables.rows(inconclusive)[0], tables.rows(begun)[0]
    return passed, others - unsure, unsure + max(0, unfinished)


def _scripts(tables: Tables) -> tuple[str, ...]:
    if not tables.has("cases"):
        return ()
    sql = f"""
        SELECT left(name, {MOST_TEXT}), left("case", {MOST_TEXT}) FROM main.cases WHERE phase = 'begin'
        ORDER BY rowid LIMIT {MOST_ROWS}
    """
    return tuple(text(f"{name} [{case}]" if case else name) for name, case in tables.rows(sql))


def _levels(tables: Tables) -> tuple[int, int, int, int]:
    counts = [0] * LEVELS
    for priority, count in tables.rows("SELECT priority, count(*) FROM main.events GROUP BY priority"):
        counts[_level(priority)] += count
    info, low, medium, high = counts
    return info, low, medium, high


def _kinds(tables: Tables) -> tuple[tuple[str, int, int], ...]:
    sql = f"""
        SELECT left(kind, {MOST_TEXT}), max(priority) AS urgency, count(*) AS times FROM main.events
        GROUP BY kind ORDER BY urgency DESC, times DESC, kind LIMIT {MOST_ROWS}
    """
    return tuple((text(kind), _level(priority), times) for kind, priority, times in tables.rows(sql))


def _notes(tables: Tables) -> tuple[tuple[int, str], ...]:
    sql = f"SELECT host_us, left(text, {MOST_TEXT}) FROM main.notes ORDER BY host_us, rowid LIMIT {MOST_ROWS}"
    return tuple((moment(host_us) or 0, text(words)) for host_us, words in tables.rows(sql))


def _level(priority: Any) -> int:
    return min(max(int(priority or 0), 0), LEVELS - 1)


def moment(us: int | None) -> int | None:
    """``us``, or None where no calendar has it."""
    return us if us is not None and 0 <= us < YEAR_9999_US else None


def text(words: str | None) -> str:
    """One line of at most MOST_TEXT letters, without what can't be printed."""
    line = " ".join((words or "")[: 2 * MOST_TEXT].split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)[:MOST_TEXT]
