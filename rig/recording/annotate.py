"""Notes and reviews in a recording that has ended: edits of the side tables ``notes`` and ``reviews``, which no
evidence is in.

Only recordings whose format has room for them: an older one is never converted.  One that was cut short is to be
finished first, since any edit folds its write-ahead log.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from firmware_link.errors import UsageError
from rig.recording.access import Tables
from rig.recording.database import Database
from rig.recording.errors import RunFileError
from rig.recording.records import RECORDS, Note, Review, Run

TEXT_MAX = 10_000  # characters
AUTHOR_MAX = 200
REVIEWS = ("operator", "blinded")  # kinds
_ROOM_FOR = {"notes": "who wrote a note", "reviews": "reviews"}
_LATEST_US = 253_402_300_799_000_000  # the end of the year 9999


def add(path: Path, text: str, at_us: int, author: str, now_us: int, marker: bool = False) -> Note:
    """Adds a note about the moment ``at_us`` (UTC), written at ``now_us``; a marker may be without words.

    Raises UsageError for words or a moment that can't be, RunFileError where the file can't be changed.
    """
    note = checked(Note(at_us, text, author, now_us, marker))
    with _edited(path) as database:
        database.put_records("notes", [note])
    return note


def add_review(path: Path, review: Review) -> Review:
    """Adds what somebody who looked at the run says of it, and returns it as it is kept.  Raises as ``add``."""
    verdict, by = (_plain(text).replace("\n", " ") for text in (review.verdict, review.by))
    kept = replace(review, verdict=verdict, by=by, reason=_plain(review.reason))
    if kept.kind not in REVIEWS or not verdict:
        raise UsageError("The review has no verdict.", f"Say what it is, and whose: {' or '.join(REVIEWS)}.")
    _check_moment("review", kept.host_us)
    _check_sizes(
        "review", ("verdict", verdict, AUTHOR_MAX), ("name", by, AUTHOR_MAX), ("reason", kept.reason, TEXT_MAX)
    )
    with _edited(path, "reviews") as database:
        database.put_records("reviews", [kept])
    return kept


def change(path: Path, note: Note, text: str, author: str, now_us: int) -> Note:
    """Gives ``note`` other words; who changed it is its author now.  Raises as ``add``, and where there is no such."""
    changed = checked(replace(note, text=text, author=author, made_us=now_us))
    with _edited(path) as database:
        _take_out(database, note)
        database.put_records("notes", [changed])
    return changed


def remove(path: Path, note: Note) -> None:
    """Takes ``note`` out.  Raises RunFileError where there is no such, or the file can't be changed."""
    with _edited(path) as database:
        _take_out(database, note)


def _take_out(database: Database, note: Note) -> None:
    if not database.remove_record("notes", note):
        what = f"{database.path.name} has no such note any more."
        raise RunFileError(what, "Open the recording again to see its notes.")


@contextmanager
def _edited(path: Path, table: str = "notes") -> Iterator[Database]:
    database = Database.edit(path, partial(_check, table))
    try:
        with database.transaction():
            yield database
        with suppress(RunFileError):  # it is on disk already, and the two files are read as one
            database.checkpoint()
    finally:
        database.close()


def _check(table: str, tables: Tables) -> None:
    name = tables.path.name
    if not tables.has(table, "made_us"):
        what = f"{name} has the older format {tables.version}, which has no room for {_ROOM_FOR[table]}."
        raise RunFileError(what, "It stays as it is: keep what you have to say beside it.")
    if tables.records("run", Run)[0].ended is None:
        raise RunFileError(f"{name} was cut short.", f'Finish it first: "pump-programmer finish {name}".')
    tables.records(table, RECORDS[table])  # so that a damaged file isn't written over


def checked(note: Note) -> Note:
    """``note`` as it is kept.  Raises UsageError where it can't be."""
    _check_moment("note", note.host_us)
    text, author = _plain(note.text), _plain(note.author).replace("\n", " ")
    if not text and not note.marker:
        raise UsageError("The note has no words.", "Write what there is to say, or set a marker.")
    _check_sizes("note", ("text", text, TEXT_MAX), ("author", author, AUTHOR_MAX))
    return replace(note, text=text, author=author)


def _check_moment(of: str, host_us: int) -> None:
    if not 0 <= host_us <= _LATEST_US:
        raise UsageError(f"The {of} is about a moment that can't be.", "Give a time within the recording.")


def _check_sizes(of: str, *parts: tuple[str, str, int]) -> None:
    for what, words, most in parts:
        if len(words) > most:
            raise UsageError(f"The {of}'s {what} has {len(words):,} characters.", f"Keep it to {most:,}.")


def _plain(text: str) -> str:
    """Without what no screen shows: control characters but tab and line feed, and halves of surrogate pairs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c
        for c in lines
        if c in "\n\t" or (ord(c) >= 32 and not 0x7F <= ord(c) < 0xA0 and not 0xD800 <= ord(c) < 0xE000)
    ).strip()
