"""What a script may wait for: the steps with "wait", as a table."""

import re
from dataclasses import replace
from typing import Any

from firmware_link.errors import UsageError
from rig.qa import deeds
from rig.qa.files.expect_kinds import EVENT, FIELD, field_said, word_or_limits
from rig.qa.files.limit_keys import BELOW, limits_like
from rig.qa.files.slots import Place, Slot, StepKind, Values, said_of
from rig.qa.files.values import Quantity, duration, words_of
from rig.qa.script import Body
from rig.therapy import units

_TURNS = re.compile(r"\s*([0-9]{1,6})\s*turns?\s*")


def _meant(said: str) -> str:
    """What somebody wants who waits for ``said``; "" for nothing known."""
    word = said.lower().replace("_", "-").replace(" ", "-")
    for head, names in (("event", EVENT.value), ("field", FIELD.value)):
        if word in (head, f"{head}s"):
            return f'Is "wait: {head}" meant?'
        if word in getattr(names, "names", ()):
            return f'Write "wait: {head}", and below it "{head}: {word}".'
    return ""


class _Span:
    """A time, or turns of the rotor: (ms, turns)."""

    def read(self, said: Any) -> tuple[int, int]:
        text = words_of(said, "10 min")
        turns = _TURNS.fullmatch(text)
        if turns is None:
            try:
                return duration().read(text), 0
            except UsageError as error:
                raise UsageError(
                    error.what, _meant(text.strip()) or f'{error.remedy} Or "3 turns", event, field.'
                ) from error
        if not 1 <= int(turns[1]) <= 100_000:
            raise UsageError(f"{turns[1]} turns are out of range.", "Give 1 to 100,000.")
        return 0, int(turns[1])

    def write(self, value: tuple[int, int]) -> str:
        ms, turns = value
        return f"{turns} turn{'s'[: turns > 1]}" if turns else units.write(ms, units.DURATION)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": ["10 min", "3 turns"]}


_SPAN = _Span()


class _Until(Quantity):
    """How long a field is waited for; elsewhere the same key is the highest value."""

    def read(self, said: Any) -> int:
        try:
            return super().read(said)
        except UsageError as error:
            raise UsageError(error.what, f'{error.remedy} It is a time; the highest value is "below".') from error


_UNTIL = Slot("at-most", "At most", "So long; then it is an error.", duration(), "2 h", True, "at_most_ms")


_IN_FIELD = (*limits_like("kPa")[:-1], BELOW)


def _wait(values: Values, place: Place) -> Body:
    return deeds.Wait(*values["wait"])


def _wait_said(body: deeds.Wait, place: Place) -> Values:
    return {"wait": _SPAN.write((body.duration_ms, body.turns))}


def _wait_field(values: Values, place: Place) -> Body:
    limits, word = word_or_limits(values, "below")
    return deeds.WaitField(values["field"], limits, word, values["at-most"])


def _wait_field_said(body: deeds.WaitField, place: Place) -> Values:
    return field_said(body, "below") | said_of((_UNTIL,), body)


WAIT = (
    StepKind(
        "wait",
        "",
        "Wait",
        "So long, or so many turns of the rotor.",
        deeds.Wait,
        (Slot("wait", "How long", "A time, or turns of the rotor.", _SPAN, "10 min", True, "-"),),
        "wait: 10 min",
        _wait,
        _wait_said,
    ),
    StepKind(
        "wait",
        "event",
        "Wait for an event",
        "Until the event has come.",
        deeds.WaitEvent,
        (EVENT, _UNTIL),
        "wait: event\nevent: occlusion\nat-most: 2 h",
    ),
    StepKind(
        "wait",
        "field",
        "Wait for a field",
        "Until the pump shows it.",
        deeds.WaitField,
        (FIELD, *_IN_FIELD, replace(_UNTIL, value=_Until(units.DURATION, 1, 400 * units.DAY_MS))),
        "wait: field\nfield: pressure\nat-least: 50 kPa\nat-most: 2 h",
        _wait_field,
        _wait_field_said,
    ),
)
