"""Reads YAML 1.2 into typed structures, and says file, line and field of whatever is wrong.

Files are hostile until validated: size and depth are bounded, duplicate keys, anchors and tags are refused.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import ScalarEvent
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag

from firmware_link.errors import UsageError
from rig.therapy.parsing import Fault

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
_ENOUGH = 20  # of what is wrong in a file, in one message
_TEXT = Tag(suffix="tag:yaml.org,2002:str")


class FileFault(UsageError):
    """A file that says something this program can't accept; ``line`` counts from 1, 0 when there is none."""

    def __init__(self, path: str, line: int, field: str, problem: str, remedy: str) -> None:
        self.path, self.line, self.field, self.problem = path, line, field, problem
        where = path + (f":{line}" if line else "") + (f": {field}" if field else "")
        super().__init__(f"{where}: {problem}", remedy)


def refusal(name: str, tree: Any, faults: Iterable[Fault]) -> UsageError:
    """All that is wrong with the file called ``name``, in the order of its lines: a FileFault where it is one thing."""
    marks = Marks(tree)
    placed = [FileFault(name, marks.line(one.field), one.field, one.what, one.remedy) for one in faults]
    return told(name, sorted(placed, key=lambda fault: fault.line))


def told(name: str, faults: Sequence[FileFault]) -> UsageError:
    """The same of ``faults`` whose place is known, in their order."""
    if len(faults) == 1:
        return faults[0]
    more = [f"{name}: {len(faults) - _ENOUGH} more are wrong."] if len(faults) > _ENOUGH else []
    return UsageError("\n".join([*(fault.sentence() for fault in faults[:_ENOUGH]), *more]))


@dataclass(frozen=True)
class Marks:
    """Where each field of a file stands."""

    tree: Any

    def line(self, field: str) -> int:
        """The line, from 1, of "a.b[2].c", or of the last part of it that the file has; 0 for none."""
        return line_of(self.tree, steps_of(field))


def load(path: Path, kind: Any) -> Any:
    """The file at ``path`` as a ``kind`` (a msgspec Struct, or a union of some); raises FileFault."""
    return load_marked(path, kind)[0]


def load_marked(path: Path, kind: Any) -> tuple[Any, Marks]:
    """``load``, with the marks that tell the line of a field found wrong later."""
    return loads_marked(read_text(path), kind, str(path))


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """What the file at ``path`` says; raises FileFault for one that is missing, no regular file, larger than ``most``
    bytes or no UTF-8 text."""
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe may never answer
        raise FileFault(str(path), 0, "", "is no regular file.", "Choose a file.")
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise FileFault(str(path), 0, "", f"can't be read: {error.strerror}.", "Check the path.") from error
    if len(raw) > most:
        raise FileFault(str(path), 0, "", f"is larger than {most // 1000} kB.", "Is it the right file?")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFault(str(path), 0, "", "is not UTF-8 text.", "Save it as UTF-8.") from error


def loads_marked(text: str, kind: Any, name: str = "text") -> tuple[Any, Marks]:
    """``load_marked`` of ``text``, which errors call ``name``."""
    tree = parse(text, name)
    return converted(plain(tree, name), kind, tree, name), Marks(tree)


def converted(said: Any, kind: Any, tree: Any, name: str) -> Any:
    """``said`` as a ``kind``; raises FileFault with the line that ``tree`` has for the field."""
    try:
        return msgspec.convert(said, kind, strict=True)
    except msgspec.ValidationError as error:
        raise _translate(error, tree, name, kind) from error


def round_trip() -> YAML:
    """A parser and writer that keeps comments, the order of keys, and every date as the text it is written as."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Resolver, yaml.Composer = _Resolver, _Composer
    yaml.preserve_quotes = True
    yaml.width = 120
    return yaml


class _Resolver(VersionedResolver):
    """YAML 1.2's, less the dates, which aren't in it."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        tag = super().resolve(kind, value, implicit)
        return _TEXT if str(tag) == "tag:yaml.org,2002:timestamp" else tag


class _RefusedError(ComposerError):
    """What this program doesn't take although it is YAML; its note is the remedy."""


class _Composer(Composer):
    """Refuses at its line what ``plain`` has no word for, before it is worked out."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        problem, remedy = "", "Is it the right file?"
        if event.anchor is not None:  # an alias has one too
            problem, remedy = "anchors and aliases are not accepted", "Write the value out where it is used."
        elif event.tag is not None:
            problem, remedy = "tags are not accepted", "Write plain text or numbers."
        elif self.depth > MAX_DEPTH:
            problem = f"is nested deeper than {MAX_DEPTH} levels"
        elif not isinstance(event, ScalarEvent):
            if parent is not None and index is None:
                problem, remedy = "a list or mapping is no key", "Write a word before the colon."
        elif not event.style and _is_huge(event.value):
            problem, remedy = "holds a number with more than 64 bits", "Write a smaller one."
        if problem:
            raise _RefusedError(None, None, problem, event.start_mark, note=remedy)
        return super().compose_node(parent, index)


def _is_huge(said: str) -> bool:
    """Whether ``said`` is a whole number that doesn't fit into 64 bits."""
    digits = re.fullmatch(r"[-+]?(0x[0-9a-fA-F_]+|[0-9][0-9_]*)", said)
    number = digits[1].replace("_", "") if digits else "0"
    return len(number) > 40 or int(number, 16 if number.startswith("0x") else 10) >= 2**64


#: what the parser says of usual mistakes -> what to do
_YAML_REMEDIES = {
    "mapping values are not allowed here": 'A colon and a space begin a value: put text with both in "quotes".',
    "found duplicate key": "Take one of the two out.",
    "found character '\\t'": "Indent with spaces, not with tabs.",
    "could not find expected ':'": 'Write it like "name: value".',
    "found unexpected end of stream": "A quote that was opened is never closed.",
    "expected <block end>": "Lines that belong together begin in the same column.",
}


def parse(text: str, name: str) -> Any:
    """The tree of ``text``, called ``name`` in errors, with the parser's comments and marks; raises FileFault."""
    try:
        return round_trip().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problem = (error.problem or "is not YAML").splitlines()[0]
        remedy = next((told for part, told in _YAML_REMEDIES.items() if part in problem), "Correct the YAML there.")
        remedy = str(error.note) if isinstance(error, _RefusedError) else remedy
        raise FileFault(name, line, "", f"{problem}.", remedy) from error
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise FileFault(name, line, "", "has an invisible character.", "Take it out there.") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise FileFault(name, 0, "", "is not YAML.", "Is it the right file?") from error


def plain(node: Any, name: str, depth: int = 0) -> Any:
    """``node`` in Python's own types, without the parser's comments and marks."""
    line = (node.lc.line or 0) + 1 if isinstance(node, CommentedBase) else 0
    if depth > MAX_DEPTH:
        raise FileFault(name, line, "", f"is nested deeper than {MAX_DEPTH} levels.", "Is it the right file?")
    if isinstance(node, Mapping):
        return {_key(key): plain(value, name, depth + 1) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value, name, depth + 1) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _key(key: Any) -> str:
    """``key`` as YAML spells it."""
    return str(key).lower() if isinstance(key, bool) else "null" if key is None else str(key)


def _translate(error: msgspec.ValidationError, tree: Any, name: str, kind: Any) -> FileFault:
    """msgspec's message, with the line of the field that its path names and what would be valid there."""
    if tree is None:
        return FileFault(name, 0, "", "is empty.", "See the examples beside this program.")
    problem, _, at = str(error).partition(" - at `$")
    steps = steps_of(at.rstrip("`"))
    problem = problem.rstrip(".")
    named = re.search(r"(?:missing required|unknown) field `(.*)`", problem)
    types = _types_at([msgspec.inspect.type_info(kind)], tree, steps)
    remedy = _remedy(problem, types)
    if named:
        steps.append(named.group(1))
    field = ".".join(str(step) for step in steps)
    problem = re.sub(r"`(\w+)`", lambda said: _WORDS.get(said[1], said[0]), problem)
    return FileFault(name, line_of(tree, steps), field, f"{problem[:1].lower()}{problem[1:]}.", remedy)


#: msgspec's name of a type -> what people call it
_WORDS = {
    "object": "keys and values",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}


def _types_at(types: list[Any], tree: Any, steps: list[str | int]) -> list[Any]:
    """What msgspec's ``types`` allow where ``steps`` lead, unions taken apart and narrowed by the tag in ``tree``."""
    flat = [part for kind in types for part in getattr(kind, "types", (kind,))]
    structs = [kind for kind in flat if isinstance(kind, msgspec.inspect.StructType)]
    if structs and isinstance(tree, Mapping):
        flat = [kind for kind in structs if kind.tag_field is None or tree.get(kind.tag_field) == kind.tag] or structs
    if not steps:
        return flat
    step, rest = steps[0], steps[1:]
    below = []
    for kind in flat:
        below += [field.type for field in getattr(kind, "fields", ()) if field.encode_name == step]
        below += [msgspec.inspect.LiteralType((kind.tag,)) for _ in "1" if step == getattr(kind, "tag_field", None)]
        below += [kind.item_type] if isinstance(step, int) and hasattr(kind, "item_type") else []
    return _types_at(below, tree[step] if isinstance(tree, Mapping) and step in tree else None, rest)


def _remedy(problem: str, types: list[Any]) -> str:
    values = [str(value) for kind in types for value in getattr(kind, "values", ())]
    if values:
        return f"Valid here: {', '.join(values)}."
    if "missing" in problem:
        return "Add it."
    fields = [field.encode_name for kind in types for field in getattr(kind, "fields", ())]
    if "unknown" in problem and fields:
        tags = [kind.tag_field for kind in types if getattr(kind, "tag_field", None)]
        return f"Known fields: {', '.join(dict.fromkeys([*fields, *tags]))}."
    for kind in types:
        if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
            return _range(kind)
    if any(isinstance(kind, msgspec.inspect.StrType) for kind in types):
        return 'Write text; a quantity is a number and its unit, like "100 ug/day".'
    return "See the examples beside this program."


def _range(kind: Any) -> str:
    """What a number may be, where it has both ends."""
    low = kind.gt if kind.ge is None else kind.ge
    if low is None or kind.le is None:
        return "Give a number."
    if low == kind.le:
        return f"Give {low}."
    return (
        f"Give {low:,.10g} to {kind.le:,.10g}."
        if kind.ge is not None
        else f"Give more than {low}, up to {kind.le:,.10g}."
    )


def steps_of(path: str) -> list[str | int]:
    """The keys and indices on the way along "a.b[2].c"."""
    return [key if key else int(index) for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path)]


def line_of(tree: Any, steps: list[str | int]) -> int:
    """The line, from 1, of the node that ``steps`` lead to, or of the last one on the way that has a line."""
    line = 0
    for step in steps:
        marks = getattr(getattr(tree, "lc", None), "data", None) or {}
        if step in marks:
            line = marks[step][0] + 1
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            break
    return line
