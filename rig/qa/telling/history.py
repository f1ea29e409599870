"""How cases ended on this computer: one line of JSON each, the oldest first, in a file of the state folder.

Lines are hostile until they are validated; those that can't be read are left out, and no reader fails for them.
"""

import os
from pathlib import Path
from typing import Annotated

import msgspec

from firmware_link.errors import UsageError
from rig import atomic
from rig.measured import Verdict
from rig.qa.telling.results import Result

NAME = "scripts.jsonl"  # in the folder
KEPT = 2_000  # cases, when the file is shortened
MOST_BYTES = 2_000_000  # of the file, before it is
_LONGEST = 500  # letters of what is said

_Text = Annotated[str, msgspec.Meta(max_length=_LONGEST)]
_Path = Annotated[str, msgspec.Meta(max_length=4_096)]
_Moment = Annotated[int, msgspec.Meta(ge=0, le=2**53)]  # UTC microseconds


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", omit_defaults=True):
    """How one case ended.  ``step`` is the first that ended as the case did, where that isn't a pass."""

    script: _Path  # the file, absolute
    name: _Text
    case: _Text
    digest: _Text
    verdict: Verdict
    when_us: _Moment  # when it ended, by this computer's clock
    target: _Text
    device: _Text = ""
    why: _Text = ""
    run: _Path = ""  # the recording; "" where none was kept
    step: _Text = ""  # "7 The volume is within 5 %"
    detail: _Text = ""
    moment: _Text = ""  # of that step in the recording, "00:12:31.250", as ``gui RUN --at`` takes it
    moment_us: _Moment = 0  # the same in session time; 0: none


def entry_of(result: Result, when_us: int) -> Entry:
    """What is kept of ``result``, which ended at ``when_us``."""
    script, step = result.script, result.decisive
    moment = result.moment(step) if step else ""
    return Entry(
        script=_file(script.path),
        name=_short(script.name),
        case=_short(script.case),
        digest=_short(script.digest),
        verdict=result.verdict,
        when_us=when_us,
        target=_short(result.asked),
        device=result.device_id,
        why=_short(result.why),
        run=_file(result.run) if result.run else "",
        step=_short(f"{step.step.number} {step.step.title}") if step else "",
        detail=_short(result.sentence),
        moment=moment,
        moment_us=max(0, result.moment_us(step)) if step and moment else 0,
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _file(path: Path) -> str:
    """Absolute; what of a name is no text is replaced."""
    return str(path.absolute()).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def add(folder: Path, entry: Entry) -> None:
    """One line more, whatever other processes add meanwhile.  Raises UsageError where it can't be written."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:  # one write: the lines of two processes don't mix
            file.write(_line(entry))
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        what = f"How the script ended can't be kept in {path}: {error.strerror}."
        raise UsageError(what, "Check the folder's permissions.") from error
    if size > MOST_BYTES:
        kept = reversed(entries(folder)[:KEPT])
        atomic.write_bytes(path, b"".join(map(_line, kept)))


def entries(folder: Path) -> tuple[Entry, ...]:
    """All that can be read, the latest first."""
    try:
        with (folder / NAME).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 2 * MOST_BYTES))
            lines = file.read(2 * MOST_BYTES).split(b"\n")
    except OSError:
        return ()
    return tuple(entry for line in reversed(lines) if (entry := _read(line)) is not None)


def of(folder: Path, script: Path) -> tuple[Entry, ...]:
    """Those of the script's file, the latest first."""
    wanted = _file(script)
    return tuple(entry for entry in entries(folder) if entry.script == wanted)


def latest(folder: Path) -> dict[tuple[str, str], Entry]:
    """The last one of each (script's file, case)."""
    return {(entry.script, entry.case): entry for entry in reversed(entries(folder))}


def _line(entry: Entry) -> bytes:
    """After the end of the line before it, which may have been cut short."""
    return b"\n" + msgspec.json.encode(entry) + b"\n"


def _read(line: bytes) -> Entry | None:
    try:
        return msgspec.json.decode(line, type=Entry)
    except msgspec.DecodeError:  # cut short, of another version, or of somebody else's making
        return None
