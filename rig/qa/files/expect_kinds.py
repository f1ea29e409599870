"""What a script may expect: the steps with "expect", as a table."""

import math
from dataclasses import replace
from typing import Any

from firmware_link import vocabulary
from rig.qa import expectations as expected
from rig.qa.fields import BY_NAME, Field
from rig.qa.files import measures
from rig.qa.files.expect_parts import ACCURACY, BACK_PRESSURE, BOLUSES, OCCLUSION
from rig.qa.files.golden_step import GOLDEN
from rig.qa.files.limit_keys import LIMITS, OVER, SINCE, limits_like, limits_of, limits_said, over_of, over_said
from rig.qa.files.slots import Place, Slot, StepKind, Values, said_of
from rig.qa.files.values import Choice, Several, YesNo, choice, duration, suggestion, vocabulary_choice, words_of
from rig.qa.files.wrong import WrongValue
from rig.qa.limits import Limits
from rig.words import HOST_EVENTS

EVENTS = vocabulary_choice((*(row[1] for row in vocabulary.EVENTS), *HOST_EVENTS), "event")
FIELDS = Choice({name: name for name in BY_NAME}, "field")

_SOURCE = choice("measured", "commanded", "planned")
_OF = Slot("of", "Of", "Which: what was measured, commanded, or planned.", _SOURCE, "measured")
EVENT = Slot("event", "Event", "Which event.", EVENTS, "occlusion", True)
FIELD = Slot("field", "Field", "Which field of the pump.", FIELDS, "pressure", True)
_TURNS = Slot(
    "over-turns", "Whole turns", "Over the whole turns of the rotor in it.", YesNo(), "yes", attribute="turns"
)


def _measured(unit: str) -> Any:
    def make(values: Values, place: Place) -> Any:
        source = values.get("of", "measured")
        limits = limits_of(values, unit, exact="never" if source == "measured" else "if said", of=True)
        if limits.of == source:
            raise WrongValue(
                "is", f"What was {source} is always what was {source}.", 'Give "of: measured", or a value.'
            )
        over = over_of(values)
        if unit == "µL":
            return expected.ExpectVolume(source, limits, over)
        return expected.ExpectFlow(source, limits, over, values.get("over-turns", False))

    return make


def _measured_said(body: Any, place: Place) -> Values:
    said = {"of": body.of} if body.of != "measured" else {}
    turns = {"over-turns": "yes"} if getattr(body, "turns", False) else {}
    return said | limits_said(body.limits) | over_said(body.over) | turns


def _event(values: Values, place: Place) -> expected.ExpectEvent:
    within, after = values["within"], values.get("after", 0)
    if after >= within:
        raise WrongValue("after", "It is not before within: nothing can come between.", "Exchange them?")
    return expected.ExpectEvent(values["event"], within, after, over_of(values))


def _event_said(body: expected.ExpectEvent, place: Place) -> Values:
    return said_of((EVENT, _WITHIN, _AFTER), body) | over_said(body.over)


def _no_event(values: Values, place: Place) -> expected.ExpectNoEvent:
    given = [key for key in ("event", "events", "priority") if key in values]
    if len(given) != 1:
        what = f"Both are given: {given[0]} and {given[1]}." if given else "Nothing says which event is meant."
        raise WrongValue(given[1] if given else "", what, "Give one of event, events, priority.")
    events = (values["event"],) if "event" in values else values.get("events", ())
    priority, besides, over = values.get("priority", ""), values.get("besides", ()), over_of(values)
    if "for" in values and any(over_said(over)):
        raise WrongValue(
            "for", f"Both are given: for and {next(iter(over_said(over)))}.", "for is from now on; give one."
        )
    meant = events or _events_of(priority)
    if not set(meant) - set(besides):
        raise WrongValue("besides", "Every event that is meant may come: this can't fail.", "Take some out.")
    useless = next((name for name in besides if name not in meant), None)
    if useless is not None:
        remedy = "Take it out of besides."
        raise WrongValue("besides", f'"{EVENTS.write(useless)}" isn\'t among those that may not come.', remedy)
    return expected.ExpectNoEvent(events, priority, values.get("for", 0), over, besides)


def _events_of(priority: str) -> tuple[str, ...]:
    """The events of this priority and above."""
    least = vocabulary.PRIORITIES.index(priority)
    return tuple(row[1] for row in vocabulary.EVENTS if row[2] >= least)


def _no_event_said(body: expected.ExpectNoEvent, place: Place) -> Values:
    one = len(body.events) == 1
    said = {"event": EVENTS.write(body.events[0])} if one else said_of((_EVENTS,), body)
    return said | said_of((_PRIORITY, _BESIDES, _FOR), body) | over_said(body.over)


#: field -> the least and the most that it can be, None where nobody knows
POSSIBLE: dict[str, tuple[float, float | None]] = {
    "battery-charge": (0, 100),
    "reservoir": (0, 100),
    "bolus-left": (0, None),
    "demands-today": (0, vocabulary.MAX_DEMANDS_DAY),
    "demand-wait": (0, None),
    "tones": (0, None),
    "tube-used": (0, None),
}


def word_or_limits(values: Values, high: str) -> tuple[Limits, str]:
    """What a field is to be: within limits, or a word; raises WrongValue."""
    field = BY_NAME[values["field"]]
    if not field.words:
        limits = limits_of(values, field.unit, high=high, exact="never" if field.unit else "usual")
        _check_possible(field, limits, values, high)
        return limits, ""
    wrong = next((key for key in ("at-least", high, "tolerance") if key in values), None)
    if wrong is not None:
        what = f"{field.title} is a word, and no word is more than another."
        raise WrongValue(wrong, what, f'Write "is: {field.words[0]}".')
    if "is" not in values:
        raise WrongValue("is", "What it is to be is missing.", f"Add it. Valid here: {', '.join(field.words)}.")
    word = words_of(values["is"])
    if word not in field.words:
        raise WrongValue("is", f'{field.title} is never "{word[:40]}".', suggestion(word, field.words))
    return Limits(), word


def _check_possible(field: Field, limits: Limits, values: Values, high: str) -> None:
    """Raises WrongValue for limits that the field is never, or always, within."""
    least, most = POSSIBLE.get(field.name, (-math.inf, None))
    top = math.inf if most is None else most
    low = -math.inf if limits.low is None else limits.low
    limit = math.inf if limits.high is None else limits.high
    key = "is" if "is" in values else "at-least" if low > top or limits.high is None else high
    if low > top or limit < least:
        bound, than = (most, "more") if low > top else (least, "less")
        what = f"{field.title} is never {than} than {measures.text(bound or 0, field.unit)}: nothing can be so."
        raise WrongValue(key, what, "Correct the limit.")
    if low <= least and limit >= top:
        raise WrongValue(key, f"{field.title} is always so: this can't fail.", "Correct the limit.")


def _field(values: Values, place: Place) -> expected.ExpectField:
    limits, word = word_or_limits(values, "at-most")
    over, within, extreme = over_of(values), values.get("within", 0), values.get("extreme", "")
    stretch = next(iter(over_said(over)), "")
    if extreme and not stretch:
        raise WrongValue("extreme", "The least or most of which stretch?", "Add over, since or during.")
    if stretch and not extreme:
        raise WrongValue(stretch, "A field is read now; over a stretch it has a least and a most.", "Add extreme.")
    if extreme and BY_NAME[values["field"]].origin != "channel":
        raise WrongValue("extreme", "Only what every sample has is known over a stretch.", _channels())
    if extreme and within:
        raise WrongValue("within", "The stretch is over already.", "Give either within or extreme.")
    return expected.ExpectField(values["field"], limits, word, within, over, extreme)


def _channels() -> str:
    return f"These are: {', '.join(name for name, field in BY_NAME.items() if field.origin == 'channel')}."


def field_said(body: Any, high: str) -> Values:
    """What a file says of a field and what it is to be."""
    limits = {"is": body.word} if body.word else limits_said(body.limits, high)
    return {"field": body.field} | limits


def _field_said(body: expected.ExpectField, place: Place) -> Values:
    return field_said(body, "at-most") | said_of((_SOON, _EXTREME), body) | over_said(body.over)


_WITHIN = Slot("within", "Within", "It comes so soon.", duration(), "15 min", True, "within_ms")
_AFTER = Slot("after", "After", "It doesn't come before.", duration(), "1 min", attribute="after_ms")
_EVENTS = Slot("events", "Events", "None of these.", Several(EVENTS), "[occlusion, no-flow]")
_PRIORITY = Slot("priority", "Priority", "None of this and above.", choice("low", "medium", "high"), "medium")
_BESIDES = Slot("besides", "Besides", "These may come.", Several(EVENTS), "[low-reservoir]")
_FOR = Slot("for", "For", "From now on, so long.", duration(), "1 h", attribute="for_ms")
_SOON = Slot(
    "within", "Within", "It becomes so this soon; left out, it is so now.", duration(), "10 s", attribute="within_ms"
)
_EXTREME = Slot("extreme", "Extreme", "Of all samples of the stretch.", choice("least", "most"), "most")


def _expect(
    word: str, title: str, help: str, body: type[Any], slots: tuple[Slot, ...], example: str, **more: Any
) -> StepKind:
    return StepKind("expect", word, title, help, body, slots, f"expect: {word}\n{example}", **more)


EXPECT = (
    _expect(
        "volume",
        "Volume",
        "How much there was over a stretch; over the latest wait, where none is given.",
        expected.ExpectVolume,
        (_OF, *LIMITS, *OVER),
        "of: measured\nis: commanded\ntolerance: 5 %\nover: 10 min",
        make=_measured("µL"),
        unmake=_measured_said,
    ),
    _expect(
        "flow",
        "Flow",
        "The mean flow over a stretch; over the latest wait, where none is given.",
        expected.ExpectFlow,
        (_OF, *limits_like("mL/day"), *OVER, _TURNS),
        "is: 24 mL/day\ntolerance: 10 %\nover-turns: yes",
        make=_measured("mL/day"),
        unmake=_measured_said,
    ),
    _expect(
        "event",
        "Event",
        "The event comes in time, from the end of the latest deed or from the step with a label.",
        expected.ExpectEvent,
        (EVENT, _WITHIN, _AFTER, replace(SINCE, example="blocked")),
        "event: occlusion\nwithin: 15 min",
        make=_event,
        unmake=_event_said,
    ),
    _expect(
        "no-event",
        "No event",
        "None of these events comes.",
        expected.ExpectNoEvent,
        (replace(EVENT, required=False), _EVENTS, _PRIORITY, _BESIDES, _FOR, *OVER),
        "priority: medium\nfor: 1 h",
        make=_no_event,
        unmake=_no_event_said,
    ),
    _expect(
        "field",
        "Field",
        "What the pump shows: a channel, its state, an alarm, the link.",
        expected.ExpectField,
        (FIELD, *limits_like("kPa"), _SOON, _EXTREME, *OVER),
        "field: state\nis: running\nwithin: 10 s",
        make=_field,
        unmake=_field_said,
    ),
    ACCURACY,
    BOLUSES,
    OCCLUSION,
    BACK_PRESSURE,
    GOLDEN,
)
