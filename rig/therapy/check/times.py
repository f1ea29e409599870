"""Steps and times of day: overlaps, midnight, the change of local time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from firmware_link.errors import UsageError
from rig.therapy import daylight, layout, modes, units
from rig.therapy.check.case import Case
from rig.therapy.check.edits import rate, shown, written
from rig.therapy.check.ranges import REASON
from rig.therapy.finding import Finding, Fix
from rig.therapy.layout import Placed
from rig.therapy.modes import DAY_MS, MAX_STEPS, WEEKDAYS, FlexDay, FlexWeek, PeriodicBolus, Step
from rig.therapy.program import dose_ng


def step_rules(case: Case) -> Iterator[Finding]:
    """What is wrong between the steps of a day or week."""
    mode = case.program.mode
    if not isinstance(mode, FlexDay | FlexWeek):
        return
    for path, steps in patterns(mode):
        if len(steps) > MAX_STEPS:
            what = f"There are {len(steps)} steps; a day has at most {MAX_STEPS}."
            yield Finding("hard", path, what, "Take some out, or join neighbours.")
    if isinstance(mode, FlexWeek):
        yield from _taken_twice(mode)
    yield from _overlaps(mode)
    yield from _midnight(mode)


def patterns(mode: FlexDay | FlexWeek) -> list[tuple[str, tuple[Step, ...]]]:
    """The steps of each day that there is, with their path."""
    if isinstance(mode, FlexDay):
        return [("steps", mode.steps)]
    return [(f"days[{i}].steps", pattern.steps) for i, pattern in enumerate(mode.patterns)]


def _taken_twice(mode: FlexWeek) -> Iterator[Finding]:
    seen: set[int] = set()
    for i, pattern in enumerate(mode.patterns):
        for weekday in seen & set(pattern.weekdays):
            what = f"{WEEKDAYS[weekday].capitalize()} has a pattern already."
            yield Finding("hard", f"days[{i}].weekdays", what, "Take it out of one of them.")
        seen |= set(pattern.weekdays)


def _overlaps(mode: FlexDay | FlexWeek) -> Iterator[Finding]:
    steps = {f"{path}[{i}]": step for path, several in patterns(mode) for i, step in enumerate(several)}
    told = set()
    for one, other in layout.overlaps(mode):
        # Around the end of the period the later one runs into the earlier one.
        first, second = (one, other) if other.start_ms < one.end_ms else (other, one)
        pair = frozenset((first.field, second.field))
        if pair in told:
            continue
        told.add(pair)
        yield _overlap(mode, steps, first, second)


def _overlap(mode: FlexDay | FlexWeek, steps: dict[str, Step], first: Placed, second: Placed) -> Finding:
    names = _name(mode, first), _name(mode, second)
    if steps[first.field] == steps[second.field] and first.start_ms == second.start_ms:
        out = Fix(f"Take {names[1]} out", ((second.field, None),))
        return Finding("hard", second.field, f"{_upper(names[1])} is the same as {names[0]}.", "Take it out.", out)
    begins = units.write(second.start_ms % DAY_MS, units.TIME)
    what = f"{_upper(names[0])} goes on after {begins}, when {names[1]} begins."
    fix = None
    if first.start_ms % DAY_MS != second.start_ms % DAY_MS:
        fix = Fix(f"End it at {begins}", ((f"{first.field}.end", begins),))
    return Finding("hard", f"{first.field}.end", what, "Move one of them, or make it shorter.", fix)


def _name(mode: FlexDay | FlexWeek, step: Placed) -> str:
    number = int(step.field.rpartition("[")[2].rstrip("]")) + 1
    day = "" if isinstance(mode, FlexDay) else f" of {WEEKDAYS[step.start_ms // DAY_MS].capitalize()}"
    return f"step {number}{day}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _midnight(mode: FlexDay | FlexWeek) -> Iterator[Finding]:
    for path, steps in patterns(mode):
        for i, step in enumerate(steps):
            if step.duration_ms == DAY_MS and step.start_ms == step.end_ms:
                what = f"Step {i + 1} ends when it starts: it lasts 24 h."
                yield Finding("note", f"{path}[{i}].end", what, "Give another end if that isn't meant.")
            elif step.start_ms + step.duration_ms > DAY_MS:
                end = units.write(step.end_ms, units.TIME)
                yield Finding("note", f"{path}[{i}].end", f"Step {i + 1} goes on after midnight, until {end}.", "")


def gaps(case: Case) -> Iterator[Finding]:
    """A rate of nothing: the path isn't kept open."""
    mode = case.program.mode
    if isinstance(mode, FlexDay | FlexWeek):
        for path, steps in patterns(mode):
            for i, step in enumerate(steps):
                if not step.dose_ng and not step.dose_ng_day:
                    field = f"{path}[{i}]." + ("rate" if step.dose_ng is None else "dose")
                    what = f"Nothing flows during step {i + 1}: the path isn't kept open."
                    yield Finding("soft", field, what, REASON)
    if isinstance(mode, FlexDay | FlexWeek | PeriodicBolus | modes.OnDemandBolus) and not mode.base_ng_day:
        slowest = case.limits.ranges["flow"].soft_low
        text = rate(max(dose_ng(slowest, case.program.concentration_ng_ml) + 1, case.limits.ranges["dose"].soft_low))
        fix = Fix(f"Raise to {shown(text)}", written(mode, "base", text))
        what = "Nothing flows in between: the path isn't kept open."
        yield Finding("soft", "base", what, REASON, fix)


def local_time(case: Case) -> Iterator[Finding]:
    """The next change of local time, for what goes by the time of day."""
    field, now_utc_s = _by_the_clock(case), case.context.now_utc_s
    if not field or now_utc_s is None:
        return
    change = daylight.next_transition(case.context.offset_at, now_utc_s)
    if change is None:
        return
    at = datetime.fromtimestamp(change.utc_s, UTC) + timedelta(minutes=change.before_min)
    forward = change.shift_min > 0
    shift = units.duration_text(abs(change.shift_min) * 60_000)
    what = (
        f"On {at:%Y-%m-%d} at {at:%H:%M} local clocks go {'forward' if forward else 'back'} by {shift}. The pump keeps "
        f"{daylight.offset_text(change.before_min)}: all of it then comes {shift} {'later' if forward else 'earlier'} "
        "by the wall clock."
    )
    yield Finding("note", field, what, "Write the program again on that day.")


def _by_the_clock(case: Case) -> str:
    """The field whose times are times of day; "" where there are none."""
    mode = case.program.mode
    if isinstance(mode, FlexDay):
        return "steps"
    if isinstance(mode, FlexWeek):
        return "days"
    if not isinstance(mode, PeriodicBolus) or mode.interval_ms <= 0:
        return ""
    return "first" if DAY_MS % mode.interval_ms == 0 or mode.interval_ms % DAY_MS == 0 else ""


def counted(case: Case) -> Iterator[Finding]:
    """Boluses that don't come at the same times each day: writing the program again moves them."""
    mode = case.program.mode
    if isinstance(mode, PeriodicBolus) and mode.interval_ms > 0 and DAY_MS % mode.interval_ms:
        first, interval = units.write(mode.first_ms, units.TIME), units.duration_text(mode.interval_ms)
        begin = f"the next {first}" if mode.interval_ms >= DAY_MS else f"{first} on the day of writing"
        what = f"The boluses come each {interval} from {begin} on: writing the program again moves them."
        yield Finding("note", "first", what, "Write it again only when a bolus is due.")


def stage_rules(case: Case) -> Iterator[Finding]:
    """Stages that lead nowhere, or are more than a pump holds."""
    mode = case.program.mode
    if isinstance(mode, modes.Titration | modes.Taper | modes.InfusionTrial):
        try:
            layout.stages_of(mode)
        except UsageError as error:
            field, _, what = error.what.partition(": ")
            yield Finding("hard", field, _upper(what), error.remedy)
