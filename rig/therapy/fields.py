"""What a file may say, as a table: msgspec structs whose fields carry title, help, kind and bounds.

The same table reads and writes files, makes their JSON schema, and labels the editor's form.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta
from msgspec.inspect import ListType, LiteralType, Metadata, StructType, type_info

from rig.therapy import units

LONGEST_MS = 400 * units.DAY_MS  # of any duration that makes sense in a program

Form = Literal["text", "number", "choice", "several", "group", "list"]


@dataclass(frozen=True)
class Field:
    """One field of a file.  ``low`` and ``high`` are allowed: base units of ``kind``, or lengths."""

    path: str  # "dose", "bolus.dose", "steps[].start"
    title: str
    help: str
    kind: units.Kind | None  # of a quantity, a time or a moment, or of each of several
    required: bool
    example: str
    choices: tuple[str, ...]
    default: str  # what it is when left out; "" where that is nothing
    form: Form
    low: int
    high: int
    attribute: str  # of the dataclass that the value goes to
    source: str  # of choices that are data: an attribute of profiles.Profiles
    part: type[msgspec.Struct] | None  # what a group, or each item of a list, consists of

    @property
    def key(self) -> str:
        """The last part of the path, as a file says it."""
        return self.path.rpartition(".")[2].removesuffix("[]")


def quantity(
    title: str,
    help: str,
    kind: units.Kind,
    example: str = "",
    *,
    low: int = 1,
    high: int | None = None,
    default: str = "",
    attribute: str = "",
) -> Meta:
    """The description of a field that holds a quantity from ``low`` to ``high``, in base units of ``kind``."""
    known: dict[str, Any] = {"examples": [example or kind.example], "pattern": f"^(?:{kind.pattern})$"}
    if default:
        known["default"] = default
    if high is None:
        high = LONGEST_MS if kind == units.DURATION else units.LARGEST
    extra = {"kind": kind, "low": low, "high": high, "attribute": attribute}
    return Meta(title=title, description=help, extra_json_schema=known, extra=extra)


def words(title: str, help: str, example: str = "", *, default: str = "", attribute: str = "") -> Meta:
    """The description of a choice, a number or a part."""
    return _described(title, help, example, default, {"attribute": attribute})


def text(
    title: str,
    help: str,
    example: str = "",
    *,
    default: str = "",
    source: str = "",
    pattern: str | None = None,
    longest: int = 80,
) -> Meta:
    """The description of a field that holds words; with a ``source``, one of its keys."""
    meta = _described(title, help, example, default, {"source": source})
    return _bounded(meta, 1, longest, pattern)


def several(title: str, help: str, example: str = "", *, least: int = 1, most: int, attribute: str = "") -> Meta:
    """The description of a list."""
    return _bounded(_described(title, help, example, "", {"attribute": attribute}), least, most, None)


def _described(title: str, help: str, example: str, default: str, extra: dict[str, Any]) -> Meta:
    known: dict[str, Any] = {"examples": [example]} if example else {}
    if default:
        known["default"] = default
    return Meta(title=title, description=help, extra_json_schema=known, extra=extra)


def _bounded(meta: Meta, least: int, most: int, pattern: str | None) -> Meta:
    return Meta(
        title=meta.title,
        description=meta.description,
        extra_json_schema=meta.extra_json_schema,
        extra=meta.extra,
        min_length=least,
        max_length=most,
        pattern=pattern,
    )


@cache
def fields_of(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of ``struct`` itself, in the order of the file."""
    info = type_info(struct)
    assert isinstance(info, StructType)
    hints = get_type_hints(struct, include_extras=True)
    return tuple(_field(field, _choices(hints[field.name])) for field in info.fields)


def all_fields(struct: type[msgspec.Struct], path: str = "") -> tuple[Field, ...]:
    """The fields of ``struct`` and of the parts within it, by their whole paths."""
    found: list[Field] = []
    for field in fields_of(struct):
        here = path + field.path + ("[]" if field.form == "list" else "")
        found.append(Field(**{**vars(field), "path": here}))
        if field.part is not None:
            found += all_fields(field.part, f"{here}.")
    return tuple(found)


def _field(field: Any, choices: tuple[str, ...]) -> Field:
    inner: Any = field.type
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    if isinstance(inner, Metadata):
        known, extra, inner = inner.extra_json_schema or {}, inner.extra or {}, inner.type
    form, part = _form(inner)
    item = getattr(getattr(inner, "item_type", None), "extra", None) or {}
    kind = extra.get("kind") or item.get("kind")
    suffix = kind.suffix if kind else ""
    return Field(
        path=field.encode_name,
        title=known.get("title", field.encode_name),
        help=known.get("description", ""),
        kind=kind,
        required=field.required,
        example=str(known.get("examples", [""])[0]),
        choices=choices,
        default=str(known.get("default", "")),
        form=form,
        low=_bound(inner, extra, "low", "ge", "min_length") or 0,
        high=_bound(inner, extra, "high", "le", "max_length") or units.LARGEST,
        attribute=extra.get("attribute") or field.name + suffix,
        source=extra.get("source", ""),
        part=part,
    )


def _bound(inner: Any, extra: dict[str, Any], *names: str) -> int | None:
    """The first of these bounds that there is."""
    found = (extra.get(name, getattr(inner, name, None)) for name in names)
    return next((bound for bound in found if bound is not None), None)


def _choices(hint: Any) -> tuple[str, ...]:
    """The values of the Literal within ``hint``, in its order, which msgspec doesn't keep."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return next((found for part in get_args(hint) if (found := _choices(part))), ())


def _form(kind: Any) -> tuple[Form, type[msgspec.Struct] | None]:
    if isinstance(kind, Metadata):
        return _form(kind.type)
    if isinstance(kind, StructType):
        return "group", kind.cls
    if isinstance(kind, LiteralType):
        return "choice", None
    if isinstance(kind, ListType):
        form, part = _form(kind.item_type)
        return ("list" if form == "group" else "several"), part
    return ("number" if isinstance(kind, msgspec.inspect.IntType) else "text"), None
