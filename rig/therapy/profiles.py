"""What a program can be for, as data: pumps, catheters, drugs and limit sets.  Read from ``resources``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from rig import yamlfile
from rig.resources import resource
from rig.therapy import limits as limit_sets
from rig.therapy import units
from rig.therapy.fields import quantity, text, words
from rig.therapy.parsing import Fault, Values, parse

SCHEMA = 1
_Profile = TypeVar("_Profile")


@dataclass(frozen=True)
class Pump:
    """A pump's numbers.  Volumes in nl, flows in pl/day."""

    key: str  # the file's name without its suffix, as programs say it
    name: str
    reservoir_nl: int
    low_reservoir_nl: int
    path_nl: int  # from the reservoir's outlet to the catheter
    refill_cap_days: int  # stability of the drug
    flow_low_pl_day: int
    flow_high_pl_day: int
    minimum_pl_day: int  # the minimum rate
    accuracy_permille: int
    tube_compressions: int  # service life of the tube
    stroke_pl: int  # delivered by one compression: a revolution by the number of rollers
    battery_life_numerator_milliyears: int  # life = numerator / (offset + flow in mL/day), capped
    battery_life_offset_ul_day: int
    battery_cap_days: int
    refill_watch_nl: int  # more than this after filling is looked into
    compliance_pl_pa: int  # how the line behind the rotor gives: volume for pressure


@dataclass(frozen=True)
class Catheter:
    """A catheter as made; a program says how much of it was cut off."""

    key: str
    name: str
    length_um: int
    volume_pl_mm: int

    def dead_volume_pl(self, trimmed_um: int) -> int:
        """Volume inside, after ``trimmed_um`` (0 to its length) was cut off."""
        return (self.length_um - trimmed_um) * self.volume_pl_mm // 1000


@dataclass(frozen=True)
class Profiles:
    """All that can be chosen, by key."""

    pumps: dict[str, Pump]
    catheters: dict[str, Catheter]
    drugs: dict[str, str] = field(default_factory=dict)  # what each is
    limits: dict[str, limit_sets.LimitSet] = field(default_factory=dict)


class BatteryPart(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """How long the battery lasts: numerator / (offset + flow) years, capped."""

    numerator: Annotated[int, msgspec.Meta(ge=1, le=10**9), words("Numerator", "Thousandths of a year times mL/day.")]
    offset: Annotated[str, quantity("Offset", "What the pump itself uses, as a flow.", units.FLOW, "2.875 mL/day")]
    cap: Annotated[str, quantity("Cap", "The longest life.", units.DURATION, "2556 d", high=20 * 366 * units.DAY_MS)]


class PumpFile(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """A pump's profile."""

    pump_profile: Annotated[int, msgspec.Meta(ge=SCHEMA, le=SCHEMA), words("Schema", "The version of this file.")]
    name: Annotated[str, text("Name", "What people call it.", "Bench pump, 20 mL")]
    reservoir: Annotated[str, quantity("Reservoir", "What a full one holds.", units.VOLUME, "20 mL")]
    low_reservoir: Annotated[str, quantity("Low reservoir", "Where the alarm comes.", units.VOLUME, "2 mL")]
    path: Annotated[str, quantity("Path", "From the outlet to the catheter.", units.VOLUME, "0.2 mL")]
    refill_cap: Annotated[str, quantity("Refill cap", "Stability of the drug.", units.DURATION, "180 d")]
    slowest: Annotated[str, quantity("Slowest", "The low end of its flow range.", units.FLOW, "0.048 mL/day")]
    fastest: Annotated[str, quantity("Fastest", "The high end of its flow range.", units.FLOW, "24 mL/day")]
    minimum_rate: Annotated[str, quantity("Minimum rate", "Keeps the path open.", units.FLOW, "0.006 mL/day")]
    accuracy: Annotated[str, quantity("Accuracy", "Of the delivered volume.", units.PERCENT, "14.5 %", high=10_000)]
    tube_life: Annotated[int, msgspec.Meta(ge=1, le=10**9), words("Tube life", "Compressions in its service life.")]
    stroke: Annotated[str, quantity("Stroke", "Volume of a revolution.", units.VOLUME, "19.438991 uL")]
    rollers: Annotated[int, msgspec.Meta(ge=1, le=100), words("Rollers", "Compressions in a revolution.")]
    battery: BatteryPart
    refill_watch: Annotated[str, quantity("Refill watch", "More than this is looked into.", units.VOLUME, "1 mL")]
    compliance: Annotated[str, quantity("Compliance", "How the line behind the rotor gives.", units.COMPLIANCE)]


class CatheterFile(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """A catheter's profile."""

    catheter_profile: Annotated[int, msgspec.Meta(ge=SCHEMA, le=SCHEMA), words("Schema", "The version of this file.")]
    name: Annotated[str, text("Name", "What people call it.", "Intrathecal, 110 cm")]
    length: Annotated[str, quantity("Length", "As made.", units.LENGTH, "110 cm", high=10_000_000)]
    bore: Annotated[str, quantity("Bore", "Volume of a length.", units.BORE)]


@cache
def standard() -> Profiles:
    """The profiles that come with this program."""
    return load(resource())


def load(root: Path) -> Profiles:
    """The profiles in the folder ``root``, laid out as ``resources``; raises yamlfile.FileFault."""
    return Profiles(
        {path.stem: load_pump(path) for path in _files(root / "pumps")},
        {path.stem: load_catheter(path) for path in _files(root / "catheters")},
        {} if not (root / "drugs.yaml").exists() else yamlfile.load(root / "drugs.yaml", dict[str, str]),
        {path.stem: limit_sets.load(path) for path in _files(root / "limits")},
    )


def load_pump(path: Path) -> Pump:
    """The pump in a YAML file; raises yamlfile.FileFault with file, line and field."""
    return _load(path, PumpFile, _pump)


def load_catheter(path: Path) -> Catheter:
    """The catheter in a YAML file; raises yamlfile.FileFault with file, line and field."""
    return _load(
        path, CatheterFile, lambda key, values: Catheter(key, values["name"], values["length_um"], values["bore_pl_mm"])
    )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _load(path: Path, struct: type[msgspec.Struct], build: Callable[[str, Values], _Profile]) -> _Profile:
    document, marks = yamlfile.load_marked(path, dict[str, Any])
    values, faults = parse(document, struct)
    for fault in faults or _contradictions(values):
        raise yamlfile.FileFault(str(path), marks.line(fault.field), fault.field, fault.what, fault.remedy)
    return build(path.stem, values)


def _contradictions(values: Values) -> list[Fault]:
    """What can't be at once; none in a catheter."""
    orders = (
        ("low_reservoir_pl", "reservoir_pl", "low-reservoir", "less than the reservoir"),
        ("slowest_pl_day", "fastest_pl_day", "slowest", "below the fastest"),
    )
    return [
        Fault(field, f"It must be {order}.", "Correct one of them.")
        for low, high, field, order in orders
        if low in values and values[low] >= values[high]
    ]


def _pump(key: str, values: Values) -> Pump:
    battery = values["battery"]
    return Pump(
        key=key,
        name=values["name"],
        reservoir_nl=values["reservoir_pl"] // 1000,
        low_reservoir_nl=values["low_reservoir_pl"] // 1000,
        path_nl=values["path_pl"] // 1000,
        refill_cap_days=values["refill_cap_ms"] // units.DAY_MS,
        flow_low_pl_day=values["slowest_pl_day"],
        flow_high_pl_day=values["fastest_pl_day"],
        minimum_pl_day=values["minimum_rate_pl_day"],
        accuracy_permille=values["accuracy_bp"] // 10,
        tube_compressions=values["tube_life"],
        stroke_pl=round(values["stroke_pl"] / values["rollers"]),
        battery_life_numerator_milliyears=battery["numerator"],
        battery_life_offset_ul_day=battery["offset_pl_day"] // 10**6,
        battery_cap_days=battery["cap_ms"] // units.DAY_MS,
        refill_watch_nl=values["refill_watch_pl"] // 1000,
        compliance_pl_pa=values["compliance_pl_pa"],
    )


def _catheter(key: str, values: Values) -> Catheter:
    return Catheter(key, values["name"], values["length_um"], values["bore_pl_mm"])
