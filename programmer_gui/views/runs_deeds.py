"""What can be done with the recordings that are selected: one table, for the buttons and for the menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from programmer_gui.models.run_words import RunRow
from rig.recording.catalog import CUT_SHORT, RECORDING, UNREADABLE

MANY = 1_000_000


@dataclass(frozen=True)
class Deed:
    """``bars`` says why one of them can't have it done to, or ""."""

    id: str
    text: str
    tip: str
    least: int
    most: int
    bars: Callable[[RunRow], str]
    special: bool = False  # only offered where it can be done

    def reason(self, rows: Sequence[RunRow]) -> str:
        """Why it can't be done to ``rows``, a sentence; "" where it can."""
        if len(rows) < self.least:
            return "Select two or more recordings (Ctrl+click)." if self.least > 1 else "Select a recording."
        if len(rows) > self.most:
            return "Select a single recording."
        return next((why for row in rows if (why := self.bars(row))), "")


def _unreadable(row: RunRow) -> str:
    if row.card is not None and row.card.state in (RECORDING, UNREADABLE):
        return f"{row.card.what} {row.card.remedy}"
    return ""


def _not_cut_short(row: RunRow) -> str:
    return "" if row.card is not None and row.card.state == CUT_SHORT else "It isn't cut short."


def _not_damaged(row: RunRow) -> str:
    return "" if row.card is not None and row.card.damaged else "It isn't damaged."


def _recorded(row: RunRow) -> str:
    return _unreadable(row) if row.card is not None and row.card.state == RECORDING else ""


DEEDS = (
    Deed("replay", "Open", "Play it back in the window (Enter)", 1, 1, _unreadable),
    Deed(
        "finish",
        "Finish recording",
        "Fold what is beside it into one file, which says that it was cut short",
        1,
        1,
        _not_cut_short,
        special=True,
    ),
    Deed(
        "rescue",
        "Rescue what can be read",
        "Save what can still be read as a new recording",
        1,
        1,
        _not_damaged,
        special=True,
    ),
    Deed("compare", "Compare …", "Find what differs between them", 2, MANY, _unreadable),
    Deed("export", "Export …", "For other programs: Parquet, CSV or MCAP", 1, MANY, _unreadable),
    Deed("report", "Report …", "All of it on a few pages, to read and to print", 1, 1, _unreadable),
    Deed("accuracy", "Accuracy …", "Start-up and trumpet curves, and what its scripts measured", 1, 1, _unreadable),
    Deed("script", "Make a script …", "A test script that does again what was done", 1, 1, _unreadable),
    Deed("blind", "Blinded copy …", "Without names, settings and verdicts, for others to judge", 1, 1, _unreadable),
    Deed("review", "Review …", "Say what you think of it, beside what others say", 1, 1, _unreadable),
    Deed("trash", "Move to the trash", "Delete; Ctrl+Z brings it back", 1, MANY, _recorded),
)
