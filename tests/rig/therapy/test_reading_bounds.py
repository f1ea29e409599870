"""Each field of each mode: wrong values, each with its fault, and the last ones that are right."""

from typing import Any

import pytest

from rig import yamlfile
from rig.resources import resource
from rig.therapy import program_file, reading
from rig.therapy.parsing import Fault
from tests.rig.therapy.programs import PROFILES

EXAMPLES = {path.stem: program_file.load_document(path)[0] for path in sorted(resource("programs").glob("*.yaml"))}
STEP = {"start": "22:30", "end": "06:00", "rate": "80 ug/day"}
NOTHING = object()  # a key without a value


def faults(said: Any) -> tuple[Fault, ...]:
    read = reading.read(said, PROFILES)
    assert (read.program is None) == bool(read.faults)
    return read.faults


def changed(said: Any, path: str, value: Any) -> Any:
    """``said`` with ``value`` at ``path``; None takes it out."""
    if not (steps := yamlfile.steps_of(path)):
        return value
    first, rest = steps[0], path[len(str(steps[0])) + (2 if isinstance(steps[0], int) else 0) :].removeprefix(".")
    copy = dict(said) if isinstance(said, dict) else list(said)
    if value is None and not rest:
        del copy[first]
    elif value is NOTHING:
        copy[first] = None
    else:
        copy[first] = changed(said[first] if rest else None, rest, value)
    return copy


#: example, field, a wrong value (None: left out), part of what is said about it
WRONG = [
    ("continuous-100ug", "name", None, "missing"),
    ("continuous-100ug", "name", "  ", "empty"),
    ("continuous-100ug", "name", "x" * 81, "81 characters"),
    ("continuous-100ug", "name", "a\nb", "line break"),
    ("continuous-100ug", "name", 5, "in quotes"),
    ("continuous-100ug", "name", ["a"], "Text is expected"),
    ("continuous-100ug", "drug", "whisky", "baclofen"),
    ("continuous-100ug", "pump", "bench-30ml", "bench-40ml"),
    ("continuous-100ug", "catheter", "hose", "intrathecal-110cm"),
    ("continuous-100ug", "limits", "none", "cerebral"),
    ("continuous-100ug", "concentration", "0 ug/mL", "zero"),
    ("continuous-100ug", "concentration", "500 ug", "not a unit"),
    ("continuous-100ug", "concentration", 500, "without a unit"),
    ("continuous-100ug", "trimmed", "110.1 cm", "110 cm"),
    ("continuous-100ug", "trimmed", "-1 cm", "not a length"),
    ("continuous-100ug", "device", "e661640843a1b2c", "16 hex"),
    ("continuous-100ug", "device", "e661640843a1b2cg", "16 hex"),
    ("continuous-100ug", "device", 1234567890123456, "quotes"),
    ("continuous-100ug", "time-zone", "Mars/Olympus", "Europe/Paris"),
    ("continuous-100ug", "time-zone", "Europe", "Europe/Paris"),
    ("continuous-100ug", "time-zone", "../../etc/passwd", "Europe/Paris"),
    ("continuous-100ug", "time-zone", "+14:01", "Europe/Paris"),
    ("continuous-100ug", "time-zone", "-12:01", "Europe/Paris"),
    ("continuous-100ug", "dose", None, "either dose or flow"),
    ("continuous-100ug", "flow", "1 mL/day", "either dose or flow"),
    ("continuous-100ug", "dose", "0 ug/day", "zero"),
    ("continuous-100ug", "dose", "-1 ug/day", "not a dose a day"),
    ("continuous-100ug", "dose", "nan ug/day", "not a dose a day"),
    ("continuous-100ug", "dose", "inf ug/day", "not a dose a day"),
    ("continuous-100ug", "dose", "1e400 ug/day", "not a dose a day"),
    ("continuous-100ug", "dose", 100.0, "without a unit"),
    ("continuous-100ug", "dose", float("nan"), "without a unit"),
    ("continuous-100ug", "dose", True, "in quotes"),
    ("continuous-100ug", "dose", "562949954 ug/day", "more than a pump can count"),
    ("continuous-20ml", "flow", "0.00000001 mL/day", "next to nothing"),
    ("continuous-20ml", "flow", "1125900 mL/day", "more than a pump can count"),
    ("bolus-then-continuous", "bolus", "50 ug", "Keys and values"),
    ("bolus-then-continuous", "bolus.dose", "0 ug", "zero"),
    ("bolus-then-continuous", "bolus.dose", "50 ug/day", "not a unit"),
    ("bolus-then-continuous", "bolus.duration", "0 min", "zero"),
    ("bolus-then-continuous", "bolus.duration", "24.001 h", "1 d"),
    ("bolus-then-continuous", "bolus.after", None, "resume"),
    ("bolus-then-continuous", "bolus.after", "fly", "resume, stop"),
    ("single-bolus", "bolus", None, "missing"),
    ("single-bolus", "bolus.after", "resume", "no base rate to resume"),
    ("single-bolus", "base", "100 ug/day", "stops after the bolus"),
    ("flex-day", "base", None, "missing"),
    ("flex-day", "steps", [], "at least 1"),
    ("flex-day", "steps", "none", "list"),
    ("flex-day", "steps", NOTHING, "Steps is empty"),
    ("single-bolus", "bolus", NOTHING, "Bolus is empty"),
    ("flex-day", "steps", [STEP | {"start": f"{hour:02}:00"} for hour in range(14)], "at most 13"),
    ("flex-day", "steps[0]", "18:00", "Keys and values"),
    ("flex-day", "steps[0].start", "24:00", "not a time of day"),
    ("flex-day", "steps[0].start", "7:30", "22:30"),
    ("flex-day", "steps[0].start", 1800, "in quotes"),
    ("flex-day", "steps[0].end", "24:01", "not a time of day"),
    ("flex-day", "steps[1].start", "18:00", "Step 1 begins at 18:00 too"),
    ("flex-day", "steps[0].rate", "1 ug/day", "either dose or rate"),
    ("flex-day", "steps[0].dose", None, "either dose or rate"),
    ("flex-week", "days", [], "at least 1"),
    ("flex-week", "days[0].weekdays", [], "at least 1"),
    ("flex-week", "days[0].weekdays", ["mon", "mon"], "twice"),
    ("flex-week", "days[0].weekdays", ["Monday"], "mon, tue"),
    ("flex-week", "days[1].weekdays", ["sat", "mon"], "pattern already"),
    ("periodic-bolus", "interval", "0 h", "zero"),
    ("periodic-bolus", "interval", "400.1 d", "400 d"),
    ("periodic-bolus", "first", "noon", "22:30"),
    ("periodic-bolus", "bolus.after", "stop", "Unknown field"),
    ("on-demand-bolus", "on-demand", None, "missing"),
    ("on-demand-bolus", "on-demand.max-per-day", 0, "1 to 24"),
    ("on-demand-bolus", "on-demand.max-per-day", 25, "1 to 24"),
    ("on-demand-bolus", "on-demand.max-per-day", "4", "whole number"),
    ("on-demand-bolus", "on-demand.max-per-day", True, "whole number"),
    ("on-demand-bolus", "on-demand.lockout", "0 h", "zero"),
    ("on-demand-bolus", "on-demand.lockout", "25 h", "1 d"),
    ("prime", "paths", [], "at least 1"),
    ("prime", "paths", ["pump", "pump"], "twice"),
    ("prime", "paths", ["hose"], "pump, catheter"),
    ("prime", "flow", "0 mL/day", "zero"),
    ("prime", "dose", "0 ug/day", "zero"),
    ("bridge", "old-concentration", "0 ug/mL", "zero"),
    ("bridge", "old-dose", "0 ug/day", "zero"),
    ("minimum-rate", "dose", "1 ug/day", "Unknown field"),
    ("stopped", "reason", "", "empty"),
    ("stopped", "reason", "x" * 201, "201 characters"),
    ("stopped", "reminder", "59 s", "1 min"),
    ("stopped", "reminder", "169 h", "7 d"),
    ("stopped", "reminder", "90 s", "whole minutes"),
    ("titration", "target", None, "either target or percent"),
    ("titration", "percent", "+20 %", "either target or percent"),
    ("titration", "target", "0 ug/day", "zero"),
    ("titration", "step", "0 %", "zero"),
    ("titration", "step", "100.01 %", "100 %"),
    ("titration", "step", "20", "20 %"),
    ("taper", "step", "0 ug/day", "zero"),
    ("taper", "target", "300 ug/day", "not below the dose"),
    ("screening", "given[0].at", "1999-12-31T23:59Z", "before 2000"),
    ("screening", "given[0].at", "2100-01-01T00:00Z", "after 2099"),
    ("screening", "given[0].at", "2026-02-30T09:00Z", "calendar"),
    ("screening", "given[0].at", "2026-11-20", "2026-11-20T09:00Z"),
    ("screening", "given", [{"dose": "50 ug", "at": "2026-11-19T09:00Z"}] * 2, "after the one above"),
    ("screening", "given[0].verdict", "better", "response, no response"),
    ("screening", "given[0].effect", "401 d", "400 d"),
    ("screening", "given", [{"dose": "50 ug", "at": "2026-11-19T09:00Z", "verdict": "response"}], "how long it lasted"),
    ("screening", "given[0].effect", "6 h", "Without a response"),
    ("screening", "given[0].dose", "50 mg", "unit mistake by the factor of 1000"),
    ("screening", "given[0].dose", "50 ng", "The protocol has 50 µg, 75 µg, 100 µg"),
    ("infusion-trial", "maximum", "99 ug/day", "below the first dose"),
]

#: where two fields contradict each other, the fault is told at one of them
AT_THE_OTHER = {
    ("continuous-100ug", "flow"): "dose",
    ("single-bolus", "bolus.after"): "base",
    ("flex-day", "steps[0].rate"): "steps[0].dose",
    ("titration", "percent"): "target",
}


@pytest.mark.parametrize(("example", "field", "value", "says"), WRONG)
def test_a_wrong_value_is_one_fault_of_its_field(example: str, field: str, value: Any, says: str) -> None:
    assert faults(EXAMPLES[example]) == ()
    found = faults(changed(EXAMPLES[example], field, value))
    assert len(found) == 1, found
    told = f"{found[0].field}: {found[0].what} {found[0].remedy}"
    assert says in told
    assert found[0].field.startswith(AT_THE_OTHER.get((example, field), field))


RIGHT = [
    ("continuous-100ug", "name", "x" * 80),
    ("continuous-100ug", "trimmed", "110 cm"),
    ("continuous-100ug", "device", "E661640843A1B2C3"),
    ("continuous-100ug", "time-zone", "+14:00"),
    ("continuous-100ug", "time-zone", "-12:00"),
    ("continuous-100ug", "time-zone", "America/Argentina/Buenos_Aires"),
    ("continuous-100ug", "dose", "562949953 ug/day"),
    ("continuous-100ug", "dose", "0.001 ug/day"),
    ("continuous-100ug", "dose", "4 ug/h"),
    ("bolus-then-continuous", "bolus.duration", "24 h"),
    ("bolus-then-continuous", "bolus.duration", "1 ms"),
    ("flex-day", "base", "0 ug/day"),
    ("flex-day", "steps", [STEP | {"start": f"{hour:02}:00"} for hour in range(13)]),
    ("flex-day", "steps[0].end", "24:00"),
    ("flex-day", "steps[0].start", "00:00"),
    ("periodic-bolus", "interval", "400 d"),
    ("on-demand-bolus", "on-demand.max-per-day", 1),
    ("on-demand-bolus", "on-demand.max-per-day", 24),
    ("stopped", "reminder", "1 min"),
    ("stopped", "reminder", "7 d"),
    ("titration", "step", "100 %"),
    ("titration", "step", "0.01 %"),
    ("taper", "target", "0 ug/day"),
    ("screening", "given", []),
    ("screening", "given[0].at", "2000-01-01T00:00Z"),
    ("screening", "given[0].at", "2099-12-31T23:59:59+00:00"),
    ("infusion-trial", "maximum", "100 ug/day"),
]


@pytest.mark.parametrize(("example", "field", "value"), RIGHT)
def test_the_last_value_that_is_right_is_read(example: str, field: str, value: Any) -> None:
    assert faults(changed(EXAMPLES[example], field, value)) == ()
