"""The pump's settings as scripts call them: without the unit, which the value brings."""

from typing import Any

from firmware_link import vocabulary
from firmware_link.errors import UsageError
from rig.qa.files.values import suggestion, words_of
from rig.setting_words import SETTINGS
from rig.therapy import units

_PRESSURE = units.Kind("pressure", "pascal", "69 kPa", "_pa", (("kPa", 1000), ("Pa", 1)))
_VOLTAGE = units.Kind("voltage", "millivolt", "3.3 V", "_mv", (("V", 1000), ("mV", 1)))
#: end of a setting's name -> (kind of quantity, how many of its base units make one of the setting's)
_KINDS: dict[str, tuple[units.Kind, int]] = {
    "_ms": (units.DURATION, 1),
    "_min": (units.DURATION, 60_000),
    "_h": (units.DURATION, 3_600_000),
    "_days": (units.DURATION, units.DAY_MS),
    "_nl_day": (units.FLOW, 1000),
    "_pl_s": (units.FLOW, units.DAY_S),
    "_pl": (units.VOLUME, 1),
    "_nl": (units.VOLUME, 1000),
    "_pa": (_PRESSURE, 1),
    "_mv": (_VOLTAGE, 1),
    "_permille": (units.PERCENT, 10),
    "_ng_ml": (units.CONCENTRATION, 1),
}
_OWN = {  # where the bare name would say too little, or two the same
    "revolution_pl": "volume-per-revolution",
    "reservoir_nl": "reservoir-capacity",
    "occlusion_pa": "occlusion-pressure",
    "eri_permille": "eri-charge",
    "eri_mv": "eri-voltage",
    "eos_mv": "eos-voltage",
    "eos_days": "eos-time",
    "reminder_min": "stopped-reminder",
    "tube_life_compressions": "tube-life",
}


def _ending(name: str) -> str:
    return next((end for end in _KINDS if name.endswith(end)), "")


#: what a script calls a setting -> its name in vocabulary.SETTINGS
NAMES = {
    _OWN.get(row[1], row[1].removesuffix(_ending(row[1])).replace("_", "-")): row[1] for row in vocabulary.SETTINGS
}
_KEYS = {name: key for key, name in NAMES.items()}
_RANGES = {row[1]: (row[2], row[3]) for row in vocabulary.SETTINGS}


def key_of(name: str) -> str:
    """What scripts call the setting ``name`` of vocabulary.SETTINGS."""
    return _KEYS[name]


def name_of(key: Any) -> str:
    """The setting that a script calls ``key``; raises UsageError with the nearest."""
    said = words_of(key)
    if said not in NAMES:
        raise UsageError(f'There is no setting "{said[:40]}".', suggestion(said, NAMES))
    return NAMES[said]


def read(name: str, said: Any) -> int:
    """The raw value of the setting ``name`` that ``said`` means; raises UsageError."""
    text, low, high = words_of(said), *_RANGES[name]
    end = _ending(name)
    if not end:
        number = text.strip()
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            raise UsageError(f'"{text[:40]}" is not a whole number.', f"Give {low:,} to {high:,}.")
        value = int(number)
    else:
        kind, size = _KINDS[end]
        base = units.parse(text, kind)
        value = (base + size // 2) // size
    if not low <= value <= high:
        raise UsageError(f'"{text[:40]}" is out of range.', f"Give {write(name, low)} to {write(name, high)}.")
    return value


def write(name: str, value: int) -> Any:
    """What a script says to mean ``value`` of the setting ``name``."""
    end = _ending(name)
    if not end:
        return value
    kind, size = _KINDS[end]
    return units.write(value * size, kind)


def schema() -> dict[str, Any]:
    """The JSON schema of settings by what scripts call them, each with its usual value for an example."""
    properties = {
        key: {
            "title": SETTINGS[row[1]].title,
            "description": SETTINGS[row[1]].help,
            "type": ["string", "integer"],
            "examples": [write(row[1], row[4])],
        }
        for key, row in zip(NAMES, vocabulary.SETTINGS, strict=True)
    }
    return {"type": "object", "minProperties": 1, "properties": properties, "additionalProperties": False}
