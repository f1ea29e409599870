"""Writes a program as the text of a program file; what ``rig.therapy.program`` reads back is the same program."""

import io
from collections.abc import Callable

from ruamel.yaml import YAML

from rig.therapy import units
from rig.therapy.program import SCHEMA, Program


def dumps(program: Program) -> str:
    """The YAML text of ``program``: in the units that people use where they say it exactly, else in base units."""
    single = not program.dose_ng_day
    content: dict[str, object] = {
        "pump-program": SCHEMA,
        "name": program.name,
        "mode": "single bolus" if single else "simple continuous",
        "drug": program.drug,
        "concentration": _exact(program.concentration_ng_ml, units.CONCENTRATION, units.concentration_text, "ng/mL"),
    }
    if not single:
        content["dose"] = _exact(program.dose_ng_day, units.DOSE_RATE, units.dose_rate_text, "ng/day")
    if program.bolus:
        content["bolus"] = {
            "dose": _exact(program.bolus.dose_ng, units.DOSE, units.dose_text, "ng"),
            "duration": duration_input(program.bolus.duration_ms),
            "after": program.bolus.after,
        }
    text = io.StringIO()
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.dump(content, text)
    return text.getvalue()


def duration_input(ms: int) -> str:
    """``ms`` as one number and unit, which can be read back."""
    for name, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000)):
        if ms % size == 0:
            return f"{ms // size} {name}"
    return f"{ms} ms"


def _exact(value: int, kind: units.Kind, show: Callable[[int], str], base: str) -> str:
    text = show(value)
    return text if units.parse(text, kind) == value else f"{value} {base}"
