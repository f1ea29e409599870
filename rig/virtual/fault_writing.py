"""Writes what was done to a virtual rig by hand as a fault file, so that it can be done again."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rig import yamledit
from rig.therapy import units
from rig.virtual.fault_file import SCHEMA
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault


def add(done: Iterable[Fault], fault: Fault) -> list[Fault]:
    """``done``, each with its ``at_s``, and this one more; one that ends another gives it its duration, or takes it out
    where it ends before it begins."""
    faults = list(done)
    if not fault.ends:
        return [*faults, fault]
    for index in reversed(range(len(faults))):
        if faults[index].what == fault.what:
            lasted_s = round((fault.at_s or 0.0) - (faults[index].at_s or 0.0), 3)
            faults[index : index + 1] = [replace(faults[index], duration_s=lasted_s)] if lasted_s > 0 else []
            break
    return faults


def dumps(name: str, faults: Iterable[Fault]) -> str:
    """The text of a fault file that ``fault_file.loads`` reads as these, to the millisecond and to a millionth."""
    document = {"faults": SCHEMA, "name": name, "steps": [_step(fault) for fault in faults]}
    return yamledit.rewrite("", document)


def _step(fault: Fault) -> dict[str, Any]:
    step = {"at": _time(fault.at_s or 0.0), "what": fault.what}
    kind = BY_NAME[fault.what]
    if fault.amount is not None and kind.amount is not None:
        number = f"{fault.amount:.6f}".rstrip("0").rstrip(".")
        step["how-much"] = f"{number} {kind.amount.unit}".strip()
    if fault.duration_s is not None:
        step["how-long"] = _time(fault.duration_s)
    return step


def _time(seconds: float) -> str:
    return units.write(round(seconds * 1000), units.DURATION)
