"""All kinds of step of a script, and which one a step is."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from firmware_link.errors import UsageError
from firmware_link.vocabulary import ERRORS
from rig.qa import deeds
from rig.qa.files import measures
from rig.qa.files.deed_kinds import DO
from rig.qa.files.expect_kinds import EXPECT
from rig.qa.files.limit_keys import LIMITS, limits_like, limits_of, limits_said, within
from rig.qa.files.slots import HEADS, Place, Slot, StepKind, Values, said_of
from rig.qa.files.values import AsIs, Text, Value, Whole, choice, suggestion, vocabulary_choice, words_of
from rig.qa.files.wait_kinds import WAIT
from rig.qa.files.wrong import WrongValue
from rig.qa.limits import Limits
from rig.qa.script import Body

MOST_REPEATS = 10_000

# -- ask and note ------------------------------------------------------------------------------------------------------

_ANSWERS = choice("done", "yes or no", "number", "text")
_QUESTION = Slot(
    "ask", "Question", "What the operator is asked, or told to do.", Text(500), "Is the tube clamped?", True, "question"
)
_ANSWER = Slot("answer", "Answer", "What kind of answer there is.", _ANSWERS, "yes or no")
_UNATTENDED = Slot(
    "unattended", "Unattended", "The answer where nobody is there; left out, that is an error.", Text(), '"yes"'
)
_EXPECTED = Slot("expected", "Expected", "Which answer passes, of yes or no.", choice("yes", "no"), '"yes"')


_NUMBER = limits_like("mL")


def _ask(values: Values, place: Place) -> Body:
    answer, expected = values.get("answer", "done"), values.get("expected", "")
    limited = next((slot.key for slot in LIMITS if slot.key in values), "")
    if expected and answer != "yes or no":
        raise WrongValue("expected", f'The answer is "{answer}", not yes or no.', 'Add "answer: yes or no".')
    if limited and answer != "number":
        raise WrongValue(limited, f'The answer is "{answer}", not a number.', 'Add "answer: number".')
    limits = limits_of(values, _unit(values, limited), exact="if said") if limited else None
    unattended = values.get("unattended")
    if unattended is not None:
        _check_unattended(unattended, answer, expected, limits)
    return deeds.Ask(values["ask"], answer, unattended, limits, expected)


def _unit(values: Values, key: str) -> str:
    """The unit that the limits are in."""
    match = re.fullmatch(r"\s*[-+0-9.]+\s*(\D{0,20}?)\s*", words_of(values[key]))
    return match[1] if match else ""


def _check_unattended(said: str, answer: str, expected: str, limits: Limits | None) -> None:
    """Raises WrongValue for an answer of nobody that is none, or that would never pass."""
    passes = True
    if answer == "yes or no":
        if said not in ("yes", "no"):
            raise WrongValue("unattended", f'"{said[:40]}" is neither yes nor no.', "Write yes or no.")
        passes = expected in ("", said)
    elif answer == "number":
        bare = limits is None or said.strip()[-1:].isdigit()
        try:
            value = measures.parse(said, "" if bare or limits is None else limits.unit)
        except UsageError as error:
            raise WrongValue("unattended", error.what, error.remedy) from error
        passes = limits is None or within(value, limits)
    if not passes:
        remedy = "Leave it out: then it is an error where nobody is there."
        raise WrongValue("unattended", f'"{said}" never passes, so what comes behind is never reached.', remedy)


def _ask_said(body: deeds.Ask, place: Place) -> Values:
    said = said_of((_QUESTION, _ANSWER, _UNATTENDED, _EXPECTED), body)
    return said | (limits_said(body.limits) if body.limits is not None else {})


ASK = StepKind(
    "ask",
    "",
    "Ask",
    "The operator is asked, or told to do something.",
    deeds.Ask,
    (
        _QUESTION,
        _ANSWER,
        _UNATTENDED,
        _EXPECTED,
        *(replace(slot, help=f"Of a number. {slot.help}") for slot in _NUMBER),
    ),
    'ask: Is the tube clamped?\nanswer: yes or no\nexpected: "yes"\nunattended: "yes"',
    _ask,
    _ask_said,
)
NOTE = StepKind(
    "note",
    "",
    "Note",
    "Words for the recording.",
    deeds.TakeNote,
    (Slot("note", "Words", "What there is to say.", Text(500), "The catheter was changed", True, "text"),),
    "note: The catheter was changed",
)

# -- put in place of others --------------------------------------------------------------------------------------------

_MAPPING: Value = AsIs({"type": "object"})
_STEPS: Value = AsIs({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}})
INCLUDE = StepKind(
    "include",
    "",
    "Include",
    "The steps of a part file stand here.",
    type(None),
    (
        Slot(
            "include",
            "File",
            "A *.qa-part.yaml beside this script, or a shipped one.",
            Text(),
            "prime.qa-part.yaml",
            True,
        ),
        Slot("with", "With", "Values of the parameters that it takes.", _MAPPING, "{rate: 1 mL/day}"),
    ),
    "include: prime.qa-part.yaml\nwith: {rate: 1 mL/day}",
)
REPEAT = StepKind(
    "repeat",
    "",
    "Repeat",
    "Its steps, again and again; ${n} counts from 1.",
    type(None),
    (
        Slot("repeat", "Times", "How often.", Whole(1, MOST_REPEATS), "25", True),
        Slot("steps", "Steps", "What is repeated.", _STEPS, "", True),
    ),
    "repeat: 25\nsteps:\n  - do: bolus\n    volume: 100 uL\n    duration: 2 min",
)

KINDS: tuple[StepKind, ...] = (*DO, *WAIT, *EXPECT, ASK, NOTE, INCLUDE, REPEAT)

# -- what every step may say -------------------------------------------------------------------------------------------

ON_FAIL = choice("stop", "go on")
_REFUSALS = vocabulary_choice((row[1] for row in ERRORS), "refusal")
AS = Slot("as", "As", "A label of this step, by which others mean it.", Text(40), "unplugged", attribute="label")
TITLE = Slot("title", "Title", "What people read; left out, what the step says.", Text(120), "The cable comes off")
FAILS = Slot("on-fail", "On fail", "Stop or go on; left out, as the script says.", ON_FAIL, "go on")
REFUSED = Slot("refused", "Refused", "The pump is to refuse it, with this.", _REFUSALS, "lockout")
_BY_HEAD: Mapping[str, dict[str, StepKind]] = {
    head: {kind.word: kind for kind in KINDS if kind.head == head} for head in HEADS
}


def common_slots(kind: StepKind) -> tuple[Slot, ...]:
    """What a step of this kind may say besides its own."""
    if kind in (INCLUDE, REPEAT):
        return ()
    return (AS, TITLE, FAILS, *((REFUSED,) if kind.refusable else ()))


def kind_of(step: Mapping[str, Any]) -> StepKind:
    """The kind of ``step``, a plain mapping; raises WrongValue for none, and for more than one."""
    heads = [head for head in HEADS if head in step]
    if not heads:
        raise WrongValue("", "This step says nothing to do, wait for or expect.", _head_meant(step))
    if len(heads) > 1:
        remedy = "Make two steps of it, each behind a dash of its own."
        raise WrongValue(heads[1], f"Both are given: {heads[0]} and {heads[1]}.", remedy)
    head = heads[0]
    kinds = _BY_HEAD[head]
    said = step[head].strip() if isinstance(step[head], str) else ""
    if said in kinds or "" in kinds:
        return kinds.get(said) or kinds[""]
    if not said:
        raise WrongValue(head, f"A word is expected behind {head}.", f"Valid here: {', '.join(kinds)}.")
    other = next((kind for kind in KINDS if kind.word == said), None)
    remedy = f'Is "{other.name}" meant?' if other else suggestion(said, kinds)
    raise WrongValue(head, f'There is nothing to {head} called "{said[:40]}".', remedy)


def _head_meant(step: Mapping[str, Any]) -> str:
    """What a step without a head may want to be."""
    key, said = next(iter(step.items()), ("", ""))
    known = next((kind for kind in KINDS if kind.word and kind.word in (key, said)), None)
    return f'Is "{known.name}" meant?' if known else suggestion(str(key), HEADS, "Begin it with one of")


def kind_of_body(body: Any) -> StepKind:
    """The kind that makes ``body``."""
    return next(kind for kind in KINDS if isinstance(body, kind.body) and kind.when(body))
