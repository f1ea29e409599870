"""JSON schemas of the files, for editors that complete and check while one types.  From the tables that read them."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

import msgspec

from rig.therapy import limits, profiles
from rig.therapy.fields import fields_of
from rig.therapy.files import MODES
from rig.therapy.parts import PARTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TITLES = {"program": "Dose program", "limits": "Limit set", "pump": "Pump profile", "catheter": "Catheter profile"}
NAMES = tuple(_TITLES)


def schema(name: str) -> dict[str, Any]:
    """The JSON schema of the files called ``name``, one of NAMES; raises KeyError for any other."""
    title = _TITLES[name]
    structs: dict[str, list[Any]] = {
        "program": [file.struct for file in MODES.values()],
        "limits": [limits.LimitFile],
        "pump": [profiles.PumpFile],
        "catheter": [profiles.CatheterFile],
    }
    return schema_of(name, title, structs[name], PARTS)


def schema_of(name: str, title: str, structs: Iterable[Any], parts: Iterable[Any]) -> dict[str, Any]:
    """The JSON schema, called ``name``, of files that are any of ``structs``, which have ``parts`` in common."""
    made = msgspec.json.schema(reduce(or_, structs))
    for struct in (*structs, *parts):
        _complete(made["$defs"].get(struct.__name__), struct)
    return {"$schema": DIALECT, "$id": f"urn:pump-programmer:{name}", "title": title, **made}


def _complete(made: dict[str, Any] | None, struct: Any) -> None:
    """Adds what msgspec can't say: exactly one of two fields, and choices that are data."""
    if made is None:
        return
    if hasattr(struct, "either"):
        made["oneOf"] = [{"required": [name]} for name in struct.either]
    if struct.__struct_config__.tag_field is not None:
        for field in fields_of(struct):
            if field.source:
                made["properties"][field.key]["enum"] = sorted(getattr(profiles.standard(), field.source))
