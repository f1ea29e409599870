"""Program files: read, and written so that comments, the order of keys and what didn't change stay as they were."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from rig import yamledit, yamlfile
from rig.therapy import modes, profiles, units
from rig.therapy.fields import Field, fields_of
from rig.therapy.files import MODES, SCHEMA, Header
from rig.therapy.program import Program
from rig.therapy.reading import read

Document = dict[str, Any]
MAX_BYTES = 100_000  # of a program file: a week of 13 steps a day has 10,000


def load(path: Path) -> Program:
    """The program in a YAML file; raises yamlfile.FileFault with file, line, field and what would be valid."""
    return loads(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of the program file at ``path``; raises yamlfile.FileFault where there is none, or too much."""
    return yamlfile.read_text(path, MAX_BYTES)


def loads(text: str, name: str = "program") -> Program:
    """The program in ``text``, called ``name`` in errors, as ``load`` does."""
    tree = yamlfile.parse(text, name)
    reading = read(yamlfile.plain(tree, name), profiles.standard())
    if reading.program is not None:
        return reading.program
    marks = yamlfile.Marks(tree)
    line, fault = min(((marks.line(fault.field), fault) for fault in reading.faults), key=lambda found: found[0])
    more = len(reading.faults) - 1
    others = f" And {more} more." if more else ""
    raise yamlfile.FileFault(name, line, fault.field, fault.what, fault.remedy + others)


def load_document(path: Path) -> tuple[Document, str]:
    """What the file at ``path`` says, right or wrong, and its text; raises yamlfile.FileFault for one that is no YAML
    mapping."""
    text = read_text(path)
    document = yamlfile.plain(yamlfile.parse(text, str(path)), str(path))
    if not isinstance(document, dict):
        raise yamlfile.FileFault(str(path), 1, "", "is no program.", "See the examples beside this program.")
    return document, text


def dumps(document: Mapping[str, Any], text: str = "") -> str:
    """The YAML text of ``document``; of ``text``, an older version of it, all stays that says the same.

    Raises yamlfile.FileFault for a ``text`` that is no YAML.
    """
    return yamledit.rewrite(text, document)


def document_of(program: Program) -> Document:
    """What a file says to mean exactly ``program``; what would be taken anyway is left out."""
    mode, file = next((mode, file) for mode, file in MODES.items() if isinstance(program.mode, file.kind))
    header = {
        "name": program.name,
        "drug": program.drug,
        "concentration_ng_ml": program.concentration_ng_ml,
        "pump": program.pump.key,
        "catheter": program.catheter.key,
        "trimmed_um": program.trimmed_um,
        "limits": program.limits,
        "device": program.device or None,
        "time_zone": program.time_zone or None,
    }
    document: Document = {"pump-program": SCHEMA, "name": program.name, "mode": mode}
    for field in fields_of(Header):
        _say(document, field, header.get(field.attribute))
    return document | _said(program.mode, file.struct)


def _said(instance: Any, struct: type[msgspec.Struct]) -> Document:
    """The fields of ``struct`` as the dataclass ``instance`` has them."""
    document: Document = {}
    own = {field.name: field.default for field in fields(instance)}
    for field in fields_of(struct):
        value = getattr(instance, field.attribute, None)
        if field.attribute in own and (field.required or value != own[field.attribute]):
            _say(document, field, value)
    return document


def _say(document: Document, field: Field, value: Any) -> None:
    if value is None:
        return
    if field.part is not None and field.form == "list":
        document[field.key] = [_said(item, field.part) for item in value]
    elif field.part is not None:
        document[field.key] = _said(value, field.part)
    elif field.key == "weekdays":
        document[field.key] = [modes.WEEKDAYS[index] for index in value]
    elif field.form == "several":
        document[field.key] = list(value)
    else:
        said = units.write(value, field.kind) if field.kind is not None else value
        if field.required or said != field.default:
            document[field.key] = said
