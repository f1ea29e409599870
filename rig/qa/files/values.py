"""The kinds of value that a step of a script holds: each reads what a file says, writes it, and has a JSON schema."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from firmware_link.errors import UsageError
from rig.qa.files.measures import digits
from rig.qa.files.wrong import WrongValue
from rig.therapy import units
from rig.therapy.parsing import shown

MOST_WORDS = 64  # of one list


class Value(Protocol):
    """One kind of value."""

    def read(self, said: Any) -> Any:
        """What ``said``, a plain value of a file, means; raises WrongValue or UsageError."""

    def write(self, value: Any) -> Any:
        """What a file says to mean ``value``."""

    def schema(self) -> dict[str, Any]:
        """The JSON schema of what a file may say."""


def words_of(said: Any, example: str = "") -> str:
    """``said`` as text, a mere number as it is written; raises UsageError for anything else."""
    for_example = f'For example "{example}".' if example else ""
    if isinstance(said, bool):
        raise UsageError(
            f'"{shown(said)}" is not text to YAML.', "Write it in quotes; yes and no are the words yes, no."
        )
    if isinstance(said, float):
        return digits(said) if abs(said) < 1e15 else shown(said)  # NaN too is only shown
    if isinstance(said, int):
        return str(said)
    if said is None or said == "":
        raise UsageError("Nothing is said here.", f"Fill it in, or take it out. {for_example}".strip())
    if not isinstance(said, str):
        raise UsageError("Text is expected here.", f"Write it on one line. {for_example}".strip())
    return said


def is_file(path: Path) -> bool:
    """Whether there is a file at ``path``; False for a name that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def suggestion(said: str, known: Iterable[str], all_of: str = "Valid here") -> str:
    """The nearest of ``known``, or all of them."""
    listed = list(known)
    close = difflib.get_close_matches(said.lower().replace("_", "-").replace(" ", "-"), listed, n=1, cutoff=0.55)
    close = close or [name for name in listed if len(said) > 2 and name.startswith(said.lower())][:1]
    return f'Is "{close[0]}" meant?' if close else f"{all_of}: {', '.join(listed)}."


@dataclass(frozen=True)
class Text:
    """Words on one line."""

    longest: int = 200
    example: str = ""

    def read(self, said: Any) -> str:
        text = words_of(said, self.example).strip()
        if not text:
            raise UsageError("Nothing is said here.", "Fill it in, or take it out.")
        if len(text) > self.longest:
            raise UsageError(f"It has {len(text)} characters.", f"At most {self.longest} are kept.")
        if not text.isprintable():
            raise UsageError("It has a line break or an invisible character.", "Take it out.")
        return text

    def write(self, value: str) -> str:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "minLength": 1, "maxLength": self.longest}


def write_quantity(value: int, kind: units.Kind) -> str:
    """``units.write``, but microlitres where they are few."""
    if kind == units.VOLUME and 0 < value < 10**9:
        return f"{digits(value / 10**6)} uL"
    return units.write(value, kind)


@dataclass(frozen=True)
class Quantity:
    """A quantity of ``kind``, from ``low`` to ``high`` in its base units; the value is in so many of these."""

    kind: units.Kind
    low: int = 1
    high: int = units.LARGEST
    divide: int = 1

    def read(self, said: Any) -> int:
        value = units.parse(words_of(said, self.kind.example), self.kind)
        if self.low <= value <= self.high:
            return (value + self.divide // 2) // self.divide
        if not value:
            raise UsageError("It is zero.", f'Give more than none, for example "{self.kind.example}".')
        bound, than = (self.low, "less") if value < self.low else (self.high, "more")
        allowed = f'"{units.write(bound, self.kind)}"'
        more = "at least" if than == "less" else "at most"
        raise UsageError(f'"{shown(said)}" is {than} than {allowed}.', f"Give {more} {allowed}.")

    def write(self, value: int) -> str:
        return write_quantity(value * self.divide, self.kind)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": [self.kind.example]}


def duration(low: int = 1, high: int = 400 * units.DAY_MS) -> Quantity:
    """A time in ms."""
    return Quantity(units.DURATION, low, high)


@dataclass(frozen=True)
class Choice:
    """One of some words.  ``names`` are by what a file calls them: the value of each."""

    names: Mapping[str, Any]
    what: str = ""  # they are, for a sentence: "event"
    lenient: bool = False  # an underscore or a blank is as good as a dash

    def read(self, said: Any) -> Any:
        text = words_of(said).strip()
        key = text.lower().replace("_", "-").replace(" ", "-") if self.lenient else text
        if key not in self.names:
            what = f'There is no {self.what} "{shown(text)}".' if self.what else f'"{shown(text)}" is not known here.'
            raise UsageError(what, suggestion(text, self.names))
        return self.names[key]

    def write(self, value: Any) -> str:
        return next(name for name, meant in self.names.items() if meant == value)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.names)}


def choice(*names: str, what: str = "") -> Choice:
    """A choice of words that mean themselves."""
    return Choice({name: name for name in names}, what)


def vocabulary_choice(names: Iterable[str], what: str) -> Choice:
    """A choice of names of the wire's vocabulary, which files write with dashes."""
    return Choice({name.replace("_", "-"): name for name in names}, what)


@dataclass(frozen=True)
class YesNo:
    """The word yes or no."""

    def read(self, said: Any) -> bool:
        if said in ("yes", "no") and isinstance(said, str):
            return said == "yes"
        raise UsageError(f'"{shown(said)}" is neither yes nor no.', "Write yes or no.")

    def write(self, value: bool) -> str:
        return "yes" if value else "no"

    def schema(self) -> dict[str, Any]:
        return {"enum": ["yes", "no"]}


@dataclass(frozen=True)
class Whole:
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int

    def read(self, said: Any) -> int:
        text = words_of(said).strip()
        allowed = f"Give {self.low:,} to {self.high:,}."
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise UsageError(f'"{shown(text)}" is not a whole number.', allowed)
        if not self.low <= int(text) <= self.high:
            raise UsageError(f"{shown(text)} is out of range.", allowed)
        return int(text)

    def write(self, value: int) -> int:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["integer", "string"], "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Several:
    """One of ``each``, or a list of them, none twice."""

    each: Value

    def read(self, said: Any) -> tuple[Any, ...]:
        if not isinstance(said, list):
            return (self.each.read(said),)
        if not said:
            raise UsageError("The list is empty.", "Write each after a dash, or take it out.")
        if len(said) > MOST_WORDS:
            raise UsageError(f"{len(said)} are too many.", f"Give at most {MOST_WORDS}.")
        values: list[Any] = []
        for index, item in enumerate(said):
            values.append(read_below(self.each, item, f"[{index}]"))
            if values[-1] in values[:-1]:
                raise WrongValue(f"[{index}]", f'"{shown(item)}" is there twice.', "Take one of them out.")
        return tuple(values)

    def write(self, value: tuple[Any, ...]) -> Any:
        return [self.each.write(item) for item in value]

    def schema(self) -> dict[str, Any]:
        each = self.each.schema()
        return {"anyOf": [each, {"type": "array", "items": each, "minItems": 1, "maxItems": MOST_WORDS}]}


@dataclass(frozen=True)
class AsIs:
    """What others read: it may need its neighbours."""

    like: dict[str, Any] = field(default_factory=lambda: {"type": ["string", "number"]}, hash=False)

    def read(self, said: Any) -> Any:
        return said

    def write(self, value: Any) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return self.like


def read_below(value: Value, said: Any, where: str) -> Any:
    """``value.read(said)``, whose faults are ``where`` below."""
    try:
        return value.read(said)
    except WrongValue as wrong:
        below = where + (wrong.where if wrong.where.startswith("[") else f".{wrong.where}" if wrong.where else "")
        raise WrongValue(below, wrong.what, wrong.remedy) from wrong
    except UsageError as error:
        raise WrongValue(where, error.what, error.remedy) from error
