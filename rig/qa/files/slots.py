"""What a step of a script may say, as a table: one ``StepKind`` each, whose slots read, write, explain and make the
schema."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from rig.qa.files.values import Value
from rig.qa.script import Body

Head = Literal["do", "wait", "expect", "ask", "note", "include", "repeat"]
HEADS: tuple[Head, ...] = ("do", "wait", "expect", "ask", "note", "include", "repeat")
Values = dict[str, Any]  # by key; what is left out isn't there


@dataclass(frozen=True)
class Slot:
    """One field of a step."""

    key: str
    title: str
    help: str
    value: Value
    example: str = ""
    required: bool = False
    attribute: str = ""  # of the body; "" for the key's own name, "-" where ``make`` does it

    @property
    def name(self) -> str:
        """The attribute of the body that holds it."""
        return self.attribute or self.key.replace("-", "_")


@dataclass(frozen=True)
class Place:
    """Where a step is read: what it names is looked for beside it."""

    folder: Path


Make = Callable[[Values, Place], Body]
Unmake = Callable[[Any, Place], Values]


@dataclass(frozen=True)
class StepKind:
    """One kind of step: the word behind its head ("" where anything may be), what it says, and what that becomes."""

    head: Head
    word: str
    title: str
    help: str
    body: type[Any]
    slots: tuple[Slot, ...] = ()
    example: str = ""  # of a whole step
    make: Make | None = None  # None: ``body`` of the slots' attributes
    unmake: Unmake | None = None
    refusable: bool = False  # a command that the pump may refuse
    when: Callable[[Any], bool] = field(default=lambda _: True)  # which of its ``body`` are of this kind

    @property
    def name(self) -> str:
        """ "do: bolus", "ask"."""
        return f"{self.head}: {self.word}" if self.word else self.head

    def made(self, values: Values, place: Place) -> Body:
        """The body that ``values`` say; raises WrongValue."""
        if self.make is not None:
            return self.make(values, place)
        body: Body = self.body(**{slot.name: values[slot.key] for slot in self.slots if slot.key in values})
        return body

    def said(self, body: Any, place: Place) -> Values:
        """What a file says to mean ``body``, by key; what would be taken anyway is left out."""
        if self.unmake is not None:
            return self.unmake(body, place)
        return said_of(self.slots, body)


def said_of(slots: tuple[Slot, ...], body: Any) -> Values:
    """The fields of ``body`` that ``slots`` name and that aren't as usual."""
    usual = {one.name: one.default for one in fields(body) if one.default is not MISSING}
    said: Values = {}
    for slot in slots:
        value = getattr(body, slot.name) if slot.attribute != "-" else None
        if value is not None and (slot.required or slot.name not in usual or value != usual[slot.name]):
            said[slot.key] = slot.value.write(value)
    return said


def by_key(slots: tuple[Slot, ...]) -> Mapping[str, Slot]:
    """The slots by what a file calls them."""
    return {slot.key: slot for slot in slots}
