"""The file of a diagnostic bundle, a ZIP: made here, and opened by the same program without trusting it."""

import io
import json
import lzma
import platform
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from rig import atomic, doctor
from rig.bundle.excerpt import Excerpt, taken
from rig.bundle.scrub import Scrubber, names_here
from rig.linkstate import LinkCounters
from rig.places import RUN_SUFFIX

SUFFIX = ".bundle.zip"
FORMAT = 1
ABOUT, LOG, RUN = "about.json", "log.txt", "last.run.duckdb"
MOST_LOG = 400_000  # characters, the latest
_MOST = {ABOUT: 2 << 20, LOG: 4 << 20, RUN: 1 << 30}  # bytes that are read of each
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)  # and RuntimeError: encrypted, or another compression
_TRIED = 5  # run files, until one can be read
_REMEDY = f"Choose a file that was saved as a diagnostic bundle, *{SUFFIX}."
#: What is in a bundle, and what isn't, as its dialog and its verb say it.
HOLDS = (
    "versions of this program, of Python and of the parts it uses; the system; what the doctor finds",
    "the diagnostic log",
    "the counters of the link",
    "of the last recording: the latest samples, events, gaps and frames, the pump's number and its programs' volumes",
)
LACKS = (
    "names of people, of this computer, of its folders and files, network addresses, serial numbers of ports",
    "notes, receipts, and the text and names of programs and checks",
)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle says of itself."""

    format: int
    made_us: int  # UTC
    program: str
    python: str
    system: str
    findings: tuple[doctor.Finding, ...]
    link: dict[str, int] | None = None  # LinkCounters of a session that was open
    run: Excerpt | None = None
    no_run: str = ""  # why there is none


@dataclass(frozen=True)
class Sources:
    """What a bundle is made of."""

    runs_folder: Path
    log_folder: Path
    link: LinkCounters | None = None
    with_run: bool = True


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds."""

    about: About
    log: str
    run_bytes: int  # 0 for none


def default_name(clock: Clock) -> str:
    """ "pump-programmer-20261121-082005.bundle.zip", in UTC."""
    return f"pump-programmer-{datetime.fromtimestamp(clock.utc_us() // 1_000_000, UTC):%Y%m%d-%H%M%S}{SUFFIX}"


def make(path: Path, sources: Sources, clock: Clock, names: Iterable[str] | None = None) -> About:
    """Writes the bundle ``path``, whole or not at all, and returns what it says of itself.

    ``names`` are those of people and computers to leave out, by default those of this one.  Raises UsageError where
    it can't be written.
    """
    scrubber = Scrubber(names_here() if names is None else names)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        run, no_run = _put_run(archive, sources, scrubber)
        about = About(
            format=FORMAT,
            made_us=clock.utc_us(),
            program=doctor.version_of_program(),
            python=platform.python_version(),
            system=scrubber.text(platform.platform()),
            findings=tuple(_scrubbed(finding, scrubber) for finding in doctor.examine()),
            link=asdict(sources.link) if sources.link is not None else None,
            run=run,
            no_run=no_run,
        )
        archive.writestr(ABOUT, msgspec.json.format(msgspec.json.encode(about), indent=2))
        archive.writestr(LOG, scrubber.text(_log(sources.log_folder)))
    atomic.write_bytes(path, held.getvalue())
    return about


def _put_run(archive: zipfile.ZipFile, sources: Sources, scrubber: Scrubber) -> tuple[Excerpt | None, str]:
    if not sources.with_run:
        return None, "It was left out."
    why = "There is no recording."
    for path in last_runs(sources.runs_folder):
        try:
            with taken(path, scrubber) as (made, excerpt):
                archive.write(made, RUN)
            return excerpt, ""
        except PumpError as error:
            why = scrubber.text(error.what.replace(path.name, "The recording"))
    return None, why


def last_runs(folder: Path) -> list[Path]:
    """The latest run files, the newest first."""
    found = []
    with suppress(OSError):
        found = [(path.stat().st_mtime_ns, path) for path in folder.glob(f"*{RUN_SUFFIX}")]
    return [path for _, path in sorted(found, reverse=True)[:_TRIED]]


def _scrubbed(finding: doctor.Finding, scrubber: Scrubber) -> doctor.Finding:
    said = (scrubber.text(words) for words in (finding.name, finding.text, finding.remedy))
    name, text, remedy = said
    return doctor.Finding(name, finding.ok, text, remedy)


def _log(folder: Path) -> str:
    """The end of the diagnostic log, the older file first."""
    text = ""
    for name in ("window.log.1", "window.log"):
        with suppress(OSError):
            text += (folder / name).read_text(encoding="utf-8", errors="replace")
    return text[-MOST_LOG:]


# -- opening ---------------------------------------------------------------------------------------------------------


def is_bundle(path: Path) -> bool:
    """Whether the file is called as a bundle is."""
    return path.name.endswith(SUFFIX)


def opened(path: Path) -> Bundle:
    """What the bundle ``path`` holds.  Raises UsageError for a file that is none, or damaged, or newer."""
    with _archive(path) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        about = _about(path, _read(path, archive, ABOUT))
        log = _read(path, archive, LOG).decode("utf-8", "replace") if LOG in sizes else ""
    return Bundle(about, log, sizes.get(RUN, 0))


def extract_run(path: Path, folder: Path) -> Path:
    """The run of the bundle ``path`` as a run file in ``folder``.  Raises UsageError where there is none."""
    with _archive(path) as archive:
        if RUN not in archive.namelist():
            raise UsageError(f"{path.name} holds no recording.", "Look at what else it holds.")
        atomic.write_bytes(folder / RUN, _read(path, archive, RUN))
    return folder / RUN


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no ZIP file"
        raise UsageError(f"{path.name} can't be opened as a bundle: {why}.", _REMEDY) from error


def _read(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    """The whole of one member, as long as it isn't endless."""
    try:
        with archive.open(name) as member:
            data = member.read(_MOST[name] + 1)
    except (*_DAMAGED, OSError, KeyError, EOFError, ValueError, RuntimeError) as error:
        raise UsageError(f"{path.name} is damaged: {name} can't be read.", _REMEDY) from error
    if len(data) > _MOST[name]:
        raise UsageError(f"{path.name} holds more than a bundle does: {name} is too large.", _REMEDY)
    return data


def _about(path: Path, data: bytes) -> About:
    try:
        form = json.loads(data).get("format")
        if isinstance(form, int) and form > FORMAT:
            what = f"{path.name} has format {form}, and this program knows up to {FORMAT}."
            raise UsageError(what, "Update this program.")
        return msgspec.json.decode(data, type=About)
    except (ValueError, AttributeError, RecursionError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path.name} is no bundle, or was altered: it doesn't say what it is.", _REMEDY) from error


def as_data(bundle: Bundle) -> dict[str, Any]:
    """For ``--json``."""
    data: dict[str, Any] = msgspec.to_builtins(bundle.about)
    return data | {"log_characters": len(bundle.log), "run_bytes": bundle.run_bytes}


def facts(bundle: Bundle) -> list[tuple[str, str]]:
    """(title, words), for people."""
    about = bundle.about
    made = datetime.fromtimestamp(min(max(about.made_us, 0) / 1e6, 253e9), UTC)
    rows = [
        ("made", f"{made:%Y-%m-%d %H:%M:%S} UTC"),
        ("program", about.program),
        ("python", f"{about.python} on {about.system}"),
        ("problems", ", ".join(one.name for one in about.findings if not one.ok) or "none found"),
        ("log", f"{len(bundle.log.splitlines()):,} lines"),
    ]
    if about.link is not None:
        rows.append(("link", ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in about.link.items())))
    run = about.run
    if run is None:
        return [*rows, ("recording", about.no_run or "none")]
    part = "all" if run.samples == run.of_samples else f"the last {run.samples:,}"
    return [*rows, ("recording", f"{part} of {run.of_samples:,} samples, {run.events:,} of {run.of_events:,} events")]
