"""By how much a run may differ from a golden one: tolerances, read from files as ``resources/tolerances`` has."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from firmware_link.telemetry import Channel
from rig import yamlfile
from rig.compare.tolerance_file import CHANNELS, EVENTS, SCHEMA, ToleranceFile
from rig.resources import resource
from rig.therapy import parsing

STANDARD = "bench"  # what counts where no file says otherwise
_WRITTEN = re.compile(r"\s*([0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})\s*([^0-9\s].{0,10}?)?\s*")
#: unit of a channel -> how it is written, and the size of that in the channel's unit
_UNITS = {
    "µL": {"uL": 1.0, "µL": 1.0, "μL": 1.0, "nL": 1e-3, "mL": 1e3},
    "mL": {"mL": 1.0, "uL": 1e-3, "µL": 1e-3, "μL": 1e-3},
    "mL/day": {"mL/day": 1.0, "mL/h": 24.0},
    "kPa": {"kPa": 1.0, "Pa": 1e-3},
    "V": {"V": 1.0, "mV": 1e-3},
    "%": {"%": 1.0},
    "°C": {"°C": 1.0, "degC": 1.0, "C": 1.0, "K": 1.0},
}


@dataclass(frozen=True)
class ChannelTolerance:
    """Of one channel; the larger of ``share`` (of the golden value) and ``least`` (in its display unit) counts."""

    share: float = 0.0
    least: float = 0.0
    time_s: float | None = None  # None: as for all
    checked: bool = True


@dataclass(frozen=True)
class EventTolerance:
    """Of one kind of event."""

    time_s: float | None = None  # None: as for all
    missing: int = 0
    extra: int = 0
    checked: bool = True


@dataclass(frozen=True)
class Tolerance:
    """What a tolerance file says, completed by the standard one."""

    name: str
    time_s: float = 0.0
    compared: float = 0.0  # shares of 1
    duration: float = 0.0
    program: bool = True  # whether a difference counts
    settings: bool = False
    channels: dict[str, ChannelTolerance] = field(default_factory=dict)  # by field
    events: dict[str, EventTolerance] = field(default_factory=dict)

    def channel(self, name: str) -> ChannelTolerance:
        """Of the channel whose field is ``name``, its time filled in."""
        found = self.channels.get(name, ChannelTolerance())
        return found if found.time_s is not None else replace(found, time_s=self.time_s)

    def event(self, kind: str) -> EventTolerance:
        """Of this kind of event, its time filled in."""
        found = self.events.get(kind, EventTolerance())
        return found if found.time_s is not None else replace(found, time_s=self.time_s)


def names() -> tuple[str, ...]:
    """The tolerance files that come with the program."""
    return tuple(sorted(path.stem for path in resource("tolerances").glob("*.yaml")))


@cache
def standard() -> Tolerance:
    """What counts where no file says otherwise."""
    path = resource(f"tolerances/{STANDARD}.yaml")
    return loads(yamlfile.read_text(path), str(path), Tolerance(""))


def load(name_or_path: str) -> Tolerance:
    """The tolerance file of this name, or at this path; raises UsageError with file, line and field of what is wrong
    in it."""
    path = resource(f"tolerances/{name_or_path}.yaml") if name_or_path in names() else Path(name_or_path).expanduser()
    if not path.suffix and not path.exists():
        known = f"Choose one of {', '.join(names())}, or name a file."
        raise UsageError(f'There is no tolerance file "{name_or_path[:80]}".', known)
    return loads(yamlfile.read_text(path), str(path))


def loads(said: str, name: str = "tolerance", base: Tolerance | None = None) -> Tolerance:
    """The tolerance file whose text is ``said``, called ``name`` in errors; what it leaves out is as in ``base``, the
    standard."""
    tree = yamlfile.parse(said, name)
    document = yamlfile.plain(tree, name)
    faults: list[parsing.Fault] = []
    found = _read(document, standard() if base is None else base, faults)
    if not faults:
        return found
    raise yamlfile.refusal(name, tree, faults)


def _read(document: Any, base: Tolerance, faults: list[parsing.Fault]) -> Tolerance:
    """What a plain document says; adds to ``faults`` all that is wrong with it."""
    if not isinstance(document, Mapping):
        faults.append(
            parsing.Fault("", "It is empty or no tolerance file.", "See the examples in resources/tolerances.")
        )
        return base
    if document.get("tolerance", SCHEMA) != SCHEMA or isinstance(document.get("tolerance"), bool | float):
        what = f'Schema "{parsing.shown(document["tolerance"])}" is not known.'
        faults.append(parsing.Fault("tolerance", what, f"Write it as schema {SCHEMA}."))
        return base
    values, wrong = parsing.parse(document, ToleranceFile)
    faults += wrong
    said: dict[str, Any] = {"name": values.get("name", "")}
    if "time_ms" in values:
        said["time_s"] = (values["time_ms"] or 0) / 1000
    said |= {key: (values[f"{key}_bp"] or 0) / 10_000 for key in ("compared", "duration") if f"{key}_bp" in values}
    said |= {key: values[key] == "counts" for key in ("program", "settings") if key in values}
    said["channels"] = base.channels | _channels(values.get("channels") or (), base, faults)
    said["events"] = base.events | _events(values.get("events") or (), base, faults)
    return replace(base, **said)


def _channels(
    parts: Iterable[parsing.Values], base: Tolerance, faults: list[parsing.Fault]
) -> dict[str, ChannelTolerance]:
    found: dict[str, ChannelTolerance] = {}
    for index, part in enumerate(parts):
        at, channel = f"channels[{index}]", CHANNELS.get(str(part.get("channel")))
        if channel is None or channel.field in found:
            _refuse(part, "channel", at, tuple(CHANNELS), faults)
            continue
        said = _common(part)
        if "share_bp" in part:
            said["share"] = (part["share_bp"] or 0) / 10_000
        if "least" in part:
            said["least"] = _least(part["least"], channel, f"{at}.least", faults)
        found[channel.field] = replace(base.channels.get(channel.field, ChannelTolerance()), **said)
    return found


def _events(parts: Iterable[parsing.Values], base: Tolerance, faults: list[parsing.Fault]) -> dict[str, EventTolerance]:
    found: dict[str, EventTolerance] = {}
    for index, part in enumerate(parts):
        kind = str(part.get("event"))
        if kind not in EVENTS or kind in found:
            _refuse(part, "event", f"events[{index}]", EVENTS, faults)
            continue
        said = _common(part) | {key: part[key] for key in ("missing", "extra") if key in part}
        found[kind] = replace(base.events.get(kind, EventTolerance()), **said)
    return found


def _common(part: parsing.Values) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if "time_ms" in part:
        said["time_s"] = (part["time_ms"] or 0) / 1000
    if "difference" in part:
        said["checked"] = part["difference"] == "counts"
    return said


def _refuse(part: parsing.Values, key: str, at: str, known: tuple[str, ...], faults: list[parsing.Fault]) -> None:
    """A part whose name isn't known, or comes again; where it has none that is told already."""
    if key not in part:
        return
    twice = part[key] in known
    what = f'"{part[key]}" is there twice.' if twice else f'"{parsing.shown(part[key])}" is not known here.'
    faults.append(
        parsing.Fault(f"{at}.{key}", what, "Take one of them out." if twice else f"Valid here: {', '.join(known)}.")
    )


def _least(said: str, channel: Channel, path: str, faults: list[parsing.Fault]) -> float:
    """ "5 uL" in the channel's unit."""
    match = _WRITTEN.fullmatch(said)
    size = _UNITS[channel.unit].get(match[2] or "") if match else None
    if match is None or size is None:
        what = f'"{said[:40]}" is not an amount of {channel.title.lower()}.'
        faults.append(parsing.Fault(path, what, f'Write a number and its unit, like "5 {channel.unit}".'))
        return 0.0
    return float(match[1]) * size
