"""Whether the steps of a case make sense together: labels, times, samples, and that every step can be reached."""

from collections.abc import Iterator
from dataclasses import dataclass

from firmware_link import vocabulary
from rig.qa import expectations as expected
from rig.qa.deeds import Ask, Blank, Wait
from rig.qa.files.includes import RawStep
from rig.qa.files.source import Faults, Source
from rig.qa.files.values import suggestion
from rig.qa.limits import Limits, Over
from rig.qa.script import Body, Script, Step
from rig.therapy import units

MOST_SAMPLES = 20_000_000
_EXPECTATIONS = expected.Expectation.__args__
_PRIORITY_OF = {name: vocabulary.PRIORITIES[priority] for _, name, priority, _ in vocabulary.EVENTS}
Placed = tuple[RawStep, Step]


def check_case(script: Script, steps: list[Placed], cleanup: list[Placed], source: Source, faults: Faults) -> None:
    """Tells what is wrong with the steps of ``script`` together."""
    _check_labels(steps, faults)
    _check_times(script, source, faults)
    _check_contradictions(steps, faults)
    for raw, step in cleanup:
        if isinstance(step.body, (*_EXPECTATIONS, Ask)):
            remedy = "A cleanup does and waits; move it into steps."
            faults.tell(raw.source, raw.field, "Nothing is judged or asked in a cleanup.", remedy)
        elif step.on_fail is not None:
            faults.tell(raw.source, f"{raw.field}.on-fail", "A cleanup always goes on.", "Take it out.")


# -- labels ------------------------------------------------------------------------------------------------------------


def labels_of(body: Body) -> Iterator[tuple[str, str]]:
    """(field, label) of each step that ``body`` means."""
    over = getattr(body, "over", None)
    if isinstance(over, Over):
        yield from (part for part in (("since", over.since), ("during", over.during)) if part[1])
    if isinstance(body, expected.ExpectOcclusion) and body.release:
        yield "release", body.release
    if isinstance(body, expected.ExpectBackPressure):
        yield from ((f"stretches[{index}].label", label) for index, (_, label) in enumerate(body.stretches))


def _check_labels(steps: list[Placed], faults: Faults) -> None:
    all_of = {step.label: step for _, step in steps if step.label}
    known: dict[str, Step] = {}
    for raw, step in steps:
        for field, label in labels_of(step.body):
            if label not in known:
                what, remedy = _unknown(label, all_of, known)
                faults.tell(raw.source, f"{raw.field}.{field}", what, remedy)
        earlier = known.get(step.label)
        if step.label and earlier is not None and (earlier.file, earlier.line) != (step.file, step.line):
            what = f'Line {earlier.line} has the label "{step.label}" already.'
            faults.tell(raw.source, f"{raw.field}.as", what, "Choose another.")
        elif step.label:
            known[step.label] = step


def _unknown(label: str, all_of: dict[str, Step], known: dict[str, Step]) -> tuple[str, str]:
    if label in all_of:
        return f'The step "{label}" comes only in line {all_of[label].line}.', "Use it behind that."
    remedy = suggestion(label, known, "Labels before this one") if known else f'Add "as: {label}" to the step meant.'
    return f'No step has the label "{label}".', remedy


# -- times -------------------------------------------------------------------------------------------------------------


def waits_ms(script: Script) -> int:
    """What the steps wait in any case."""
    total = 0
    for step in script.steps:
        body = step.body
        if isinstance(body, Wait | Blank):
            total += body.duration_ms
        elif isinstance(body, expected.ExpectNoEvent):
            total += body.for_ms
    return total


def _check_times(script: Script, source: Source, faults: Faults) -> None:
    waits = waits_ms(script)
    if waits > script.duration_ms:
        least = f"at least {units.duration_text(-(-waits // 60_000) * 60_000)}"
        what = f"The waits alone take {units.duration_text(waits)}."
        faults.tell(source, "duration", what, f"Give {least}: time-outs and progress come from it.")
    samples = max(waits, script.duration_ms) // script.interval_ms
    if samples > MOST_SAMPLES:
        longest = max(waits, script.duration_ms)
        fit = f"at least {units.duration_text(-(-longest // MOST_SAMPLES // 1000) * 1000)}"
        what = f"So long at this interval are {samples:,} samples; at most {MOST_SAMPLES:,} are kept."
        faults.tell(source, "interval", what, f"Give {fit}.")


# -- contradictions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Held:
    """What an expectation that passed has made sure of."""

    step: Step
    key: tuple[object, ...]  # of what, over which stretch, at which moment
    limits: Limits
    word: str = ""


def _check_contradictions(steps: list[Placed], faults: Faults) -> None:
    """Two expectations that can't both pass: what comes behind the second is never reached."""
    held: list[_Held] = []
    came: list[tuple[str, Step, Step]] = []  # (event, since which step, by which step)
    labels: dict[str, Step] = {}
    for raw, step in steps:
        body = step.body
        if not isinstance(body, _EXPECTATIONS):
            held.clear()
        one = _held(step)
        other = next((had for had in held if one and had.key == one.key and _contradict(had, one)), None)
        against = other.step if other else _against(body, came, labels)
        if against is not None:
            _tell(raw, step, against, faults)
        if one is not None:
            held.append(one)
        if isinstance(body, expected.ExpectEvent) and body.over.since in labels:
            came.append((body.event, labels[body.over.since], step))
        if step.label:
            labels[step.label] = step


def _tell(raw: RawStep, step: Step, against: Step, faults: Faults) -> None:
    what = f"It contradicts line {against.line} ({against.title}): not both can pass."
    faults.tell(raw.source, raw.field, what, "What comes behind it would never be reached. Correct one of the two.")


def _held(step: Step) -> _Held | None:
    body = step.body
    if isinstance(body, expected.ExpectVolume):
        return _Held(step, ("volume", body.of, body.over, body.limits.of), body.limits)
    if isinstance(body, expected.ExpectFlow):
        return _Held(step, ("flow", body.of, body.over, body.turns, body.limits.of), body.limits)
    if isinstance(body, expected.ExpectField) and not body.within_ms:
        return _Held(step, ("field", body.field, body.over, body.extreme), body.limits, body.word)
    return None


def _contradict(one: _Held, other: _Held) -> bool:
    if one.word or other.word:
        return one.word != other.word
    lows = [limits.low for limits in (one.limits, other.limits) if limits.low is not None]
    highs = [limits.high for limits in (one.limits, other.limits) if limits.high is not None]
    return bool(lows and highs and max(lows) > min(highs))


def _against(body: Body, came: list[tuple[str, Step, Step]], labels: dict[str, Step]) -> Step | None:
    """The step by which an event has come that ``body`` doesn't want since the same moment."""
    if not isinstance(body, expected.ExpectNoEvent) or body.over.since not in labels:
        return None
    since = labels[body.over.since]
    for event, from_step, by in came:
        if from_step is since and event not in body.besides and _means(body, event):
            return by
    return None


def _means(body: expected.ExpectNoEvent, event: str) -> bool:
    if body.events:
        return event in body.events
    ranks = vocabulary.PRIORITIES
    return ranks.index(_PRIORITY_OF.get(event, "info")) >= ranks.index(body.priority)
