"""What the table of recordings says of a run, cell by cell, and how its columns are put in order.  Free of Qt."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from programmer_gui.words import LEVEL_SYMBOLS, LEVEL_WORDS, LEVELS, event_title
from rig.moments import date_text
from rig.places import RUN_SUFFIX
from rig.recording.catalog import CUT_SHORT, DAMAGED, FINISHED, RECORDING, UNREADABLE, Card, Found
from rig.therapy import units

READING = "…"
NOTHING = "–"
STATE_WORDS = {
    FINISHED: "Finished",
    CUT_SHORT: "Cut short",
    RECORDING: "Recording",
    DAMAGED: "Damaged",
    UNREADABLE: "Can't be read",
}
FINISHED_LATER = "Finished later"
STATE_LEVELS = {FINISHED: "muted", CUT_SHORT: "medium", RECORDING: "good", DAMAGED: "high", UNREADABLE: "high"}
_NAMED = re.compile(r"(\d{4})-(\d\d)-(\d\d)_(\d\d)(\d\d)(\d\d)_")  # as the window names what it records


class RunRow:
    """One run of the table; ``card`` is None until somebody has looked into it."""

    def __init__(self, folder: Path, found: Found) -> None:
        self.folder = folder
        self._named_us = _named_us(found.name)
        self.show(found, None)

    def show(self, found: Found, card: Card | None) -> None:
        """What is known of it now."""
        self.found, self.card, self._said = found, card, ""
        #: UTC; until it is read, or where it can't be, as its name says.
        self.started_us = self._named_us if card is None or card.started_us is None else card.started_us
        #: Where it belongs among others: by its start, or else by when its file was last written.
        self.order_us = found.changed_ns // 1000 if self.started_us is None else self.started_us

    @property
    def path(self) -> Path:
        """The run file."""
        return self.folder / self.found.name

    @property
    def title(self) -> str:
        """The name without what all of them end in."""
        return self.found.name.removesuffix(RUN_SUFFIX)

    def words(self) -> str:
        """What it can be found by, in small letters: without its numbers, for there may be thousands to search in."""
        if not self._said:
            self._said = " ".join((self.title, *(_words(self) if self.card else ()))).casefold()
        return self._said


def _named_us(name: str) -> int | None:
    """When a recording of this name began, if that is what it says."""
    named = _NAMED.match(name)
    if named is None:
        return None
    year, month, day, hour, minute, second = map(int, named.groups())
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()) * 1_000_000
    except ValueError:
        return None


def _words(run: RunRow) -> list[str]:
    card = run.card
    assert card is not None
    said = [date_text(run.order_us), state_text(card), card.device, card.target, card.what, *card.programs]
    said += ["virtual"] if card.virtual else []
    said += [verdict_sentence(card)] if _checks(card) else []
    said += card.scripts
    said += [words for _, words in card.notes]
    return said + [event_title(kind) for kind, _, _ in card.kinds]


def device_text(card: Card) -> str:
    """The end of its id, as recordings are named by it."""
    if not card.device:
        return NOTHING
    return card.device[-6:]


def program_text(run: RunRow) -> str:
    """The first, and how many more; of a file that says nothing of itself, its name."""
    if run.started_us is None or (run.card is not None and run.card.started_us is None):
        return run.title
    if run.card is None:
        return READING
    if not run.card.programs:
        return NOTHING
    more = len(run.card.programs) - 1
    return (run.card.programs[0] or "unnamed") + (f" +{more}" if more else "")


def duration_text(card: Card) -> str:
    """ "1 h 12 min", to the second."""
    if card.duration_us is None:
        return NOTHING
    return units.duration_text(card.duration_us // 1_000_000 * 1000) if card.duration_us >= 1_000_000 else "0 s"


def events_text(card: Card) -> str:
    """Each priority that occurs, the most urgent first."""
    said = [f"{LEVEL_SYMBOLS[LEVELS[at]]} {card.levels[at]:,}" for at in (3, 2, 1, 0) if card.levels[at]]
    return "  ".join(said) or NOTHING


def levels_sentence(levels: Sequence[int]) -> str:
    """Events by priority in words: "1 high, 2 low, 14 info"."""
    said = [f"{levels[at]:,} {LEVEL_WORDS[LEVELS[at]].lower()}" for at in (3, 2, 1, 0) if levels[at]]
    return ", ".join(said) or "none"


def verdict_text(card: Card) -> str:
    """Of the checks of a script: how many passed, or else how many of them failed, or are inconclusive."""
    checks = _checks(card)
    if not checks:
        return NOTHING
    if card.failed:
        return f"✗ {card.failed} of {checks}"
    return f"? {card.undecided} of {checks}" if card.undecided else f"✓ {checks}"


def _checks(card: Card) -> int:
    return card.passed + card.failed + card.undecided


def verdict_sentence(card: Card) -> str:
    """The same in words."""
    if not _checks(card):
        return "none"
    word = "failed" if card.failed else "inconclusive" if card.undecided else "passed"
    return f"{verdict_text(card)} {word}"


def note_text(card: Card) -> str:
    """The first, and how many more."""
    if not card.notes:
        return ""
    more = card.note_count - 1
    return card.notes[0][1] + (f"  (+{more})" if more > 0 else "")


def size_text(count: int) -> str:
    """ "2.6 MB" """
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("B", "kB") or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def state_text(card: Card) -> str:
    """What became of it."""
    return FINISHED_LATER if card.ended.startswith(CUT_SHORT) else STATE_WORDS[card.state]


def state_level(card: Card) -> str:
    """The colour that goes with its state: of words.LEVELS, "good" or "muted"."""
    return STATE_LEVELS[card.state]


def facts(run: RunRow) -> list[tuple[str, str]]:
    """Name and value of what is known of one run, without what isn't."""
    card, of_file = run.card, [("File", run.found.name), ("Size", size_text(run.found.total_bytes))]
    if card is None or card.started_us is None:
        return of_file
    volumes = (("Delivered", card.measured_nl), ("Commanded", card.commanded_nl), ("Planned", card.planned_nl))
    return [
        ("Started, UTC", _started(run)),
        ("Duration", duration_text(card)),
        *((name, units.volume_text(nl)) for name, nl in volumes if nl is not None),
        *([("Ended", card.ended.replace("_", " "))] if card.ended else []),
        ("Samples", f"{card.samples:,}"),
        ("Lost time", f"{card.gaps:,} gap{'s' * (card.gaps != 1)}" if card.gaps else "none"),
        *([("Test scripts", _few(card.scripts))] if card.scripts else []),
        *([("Checks", verdict_sentence(card))] if _checks(card) else []),
        ("Device", f"{card.device or 'never answered'}{' (virtual)' * card.virtual}"),
        ("Firmware", card.firmware or NOTHING),
        ("Target", card.target),
        ("Recorded by", f"version {card.version}"),
        *of_file,
    ]


def _few(names: Sequence[str]) -> str:
    more = f" +{len(names) - 3}" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def together(rows: Sequence[RunRow]) -> str:
    """How many of several runs are in which state: "2 finished, 1 cut short"."""
    counts: Counter[str] = Counter(row.card.state for row in rows if row.card is not None)
    said = [f"{counts[state]:,} {words.lower()}" for state, words in STATE_WORDS.items() if counts[state]]
    return ", ".join(said) or READING


def facts_together(rows: Sequence[RunRow]) -> list[tuple[str, str]]:
    """Sums over several runs."""
    cards = [row.card for row in rows if row.card is not None]
    levels = tuple(sum(card.levels[at] for card in cards) for at in range(len(LEVELS)))
    devices = sorted({device_text(card) for card in cards if card.device})
    lasted_us = sum(card.duration_us or 0 for card in cards)
    return [
        ("Duration", units.duration_text(lasted_us // 1_000_000 * 1000) if lasted_us >= 1_000_000 else NOTHING),
        ("Samples", f"{sum(card.samples for card in cards):,}"),
        ("Events", levels_sentence(levels)),
        (
            "Devices" if len(devices) > 1 else "Device",
            f"{len(devices):,}" if len(devices) > 3 else ", ".join(devices) or NOTHING,
        ),
        ("Size", size_text(sum(row.found.total_bytes for row in rows))),
    ]


@dataclass(frozen=True)
class Column:
    """One column: its title, width, what it says, and by what it is put in order."""

    title: str
    width: int  # px; 0 shares what is left
    text: Callable[[RunRow], str]
    order: Callable[[RunRow], Any]  # None comes last
    right: bool = False


def _of(said: Callable[[Card], str]) -> Callable[[RunRow], str]:
    return lambda row: READING if row.card is None else said(row.card)


def _by(value: Callable[[Card], Any]) -> Callable[[RunRow], Any]:
    return lambda row: None if row.card is None else value(row.card)


def _started(run: RunRow) -> str:
    return NOTHING if run.started_us is None else date_text(run.started_us)


def _verdict(card: Card) -> tuple[int, int, int] | None:
    return (card.failed, card.undecided, card.passed) if _checks(card) else None


COLUMNS = (
    Column("Started (UTC)", 160, _started, lambda run: run.order_us),
    Column("Device", 76, _of(device_text), _by(lambda card: card.device or None)),
    Column("Program", 0, program_text, lambda run: program_text(run).casefold() if run.card else None),
    Column("Duration", 100, _of(duration_text), _by(lambda card: card.duration_us), right=True),
    Column("Events", 164, _of(events_text), _by(lambda card: card.levels[::-1])),
    Column("Verdict", 88, _of(verdict_text), _by(_verdict)),
    Column("Size", 80, lambda run: size_text(run.found.total_bytes), lambda run: run.found.total_bytes, right=True),
    Column("State", 112, _of(state_text), _by(lambda card: list(STATE_WORDS).index(card.state))),
    Column("Note", 0, _of(note_text), _by(lambda card: note_text(card).casefold() or None)),
)
STARTED, DEVICE, PROGRAM, DURATION, EVENTS, VERDICT, SIZE, STATE, NOTE = range(len(COLUMNS))

#: What the filter offers -> which runs pass.
KINDS: dict[str, Callable[[RunRow], bool]] = {
    "All recordings": lambda row: True,
    "With alarms": lambda row: row.card is not None and any(row.card.levels[1:]),
    "With notes": lambda row: row.card is not None and row.card.note_count > 0,
    "Failed checks": lambda row: row.card is not None and row.card.failed + row.card.undecided > 0,
    "Cut short": lambda row: row.card is not None and row.card.state == CUT_SHORT,
    "Damaged": lambda row: row.card is not None and row.card.state in (DAMAGED, UNREADABLE),
}
