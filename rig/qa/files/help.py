"""Help for those who write scripts: every kind of step and field, from the tables that read them."""

from dataclasses import dataclass
from typing import Any

from rig.qa.files.head_file import HEAD
from rig.qa.files.slots import Slot, StepKind
from rig.qa.files.step_kinds import KINDS, common_slots


@dataclass(frozen=True)
class FieldHelp:
    """One field."""

    key: str
    title: str
    help: str
    example: str
    required: bool
    choices: tuple[str, ...]  # all that it may be, where that is a list


@dataclass(frozen=True)
class Help:
    """One kind of step: ``word`` stands behind ``head``, "" where something else does."""

    head: str
    word: str
    title: str
    help: str
    example: str  # lines of a file, without the dash
    fields: tuple[FieldHelp, ...]

    @property
    def name(self) -> str:
        """ "do: bolus", "ask"."""
        return f"{self.head}: {self.word}" if self.word else self.head


def of(head: str, word: str = "") -> Help | None:
    """The help of the step with ``word`` behind ``head``; where ``word`` is none of its words, of what else may stand
    there; None for no step."""
    kinds = {kind.word: kind for kind in KINDS if kind.head == head}
    kind = kinds.get(word) or kinds.get("")
    return _help(kind) if kind is not None else None


def steps() -> tuple[Help, ...]:
    """The help of all kinds of step."""
    return tuple(_help(kind) for kind in KINDS)


def head_fields() -> tuple[FieldHelp, ...]:
    """The help of what stands before the steps."""
    return tuple(_field(slot) for slot in HEAD)


def _help(kind: StepKind) -> Help:
    fields = tuple(_field(slot) for slot in (*kind.slots, *common_slots(kind)))
    return Help(kind.head, kind.word, kind.title, kind.help, kind.example, fields)


def _field(slot: Slot) -> FieldHelp:
    return FieldHelp(slot.key, slot.title, slot.help, slot.example, slot.required, _choices(slot.value.schema()))


def _choices(schema: dict[str, Any]) -> tuple[str, ...]:
    found = schema.get("enum") or next((one["enum"] for one in schema.get("anyOf", ()) if "enum" in one), ())
    return tuple(str(choice) for choice in found)
