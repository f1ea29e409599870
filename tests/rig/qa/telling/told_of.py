"""Scripts and what runners tell of them, made by hand: for the tests of what is made of them."""

from dataclasses import replace
from pathlib import Path

from firmware_link.errors import PortLost
from rig.measured import Curve, Mark, Measurement, Verdict
from rig.qa.deeds import Start, Wait
from rig.qa.expectations import ExpectVolume
from rig.qa.limits import Limits
from rig.qa.script import Needs, Script, Step
from rig.qa.telling.results import Result, Tally
from rig.qa.told import CaseBegan, CaseEnded, Judged, StepBegan, StepEnded
from rig.session import DeviceInfo

T0 = 1_800_000_000_000_000
DEVICE = DeviceInfo("0123456789abcdef", "0.3.0", 3, 7, frozenset({"pressure"}), 4, {})
VOLUME = Measurement(
    "delivered", 24.0, "µL", 23.75, 26.25, 0.12, "pass", "", (("balance", 0.1), ("evaporation", 0.066))
)
TRUMPET = Curve(
    "trumpet",
    "Trumpet",
    "window, min",
    "%",
    (2.0, 5.0, 11.0),
    (("most", (9.0, 4.0, 2.0)), ("least", (-8.0, -3.0, 0.0))),
)


def script(name: str = "Short", case: str = "", path: Path = Path("short.qa.yaml"), count: int = 3) -> Script:
    """One that starts, waits, and expects a volume."""
    bodies = (Start(), Wait(600_000), ExpectVolume("measured", Limits(23.75, 26.25, "µL")))[:count]
    titles = ("The pump starts", "10 min pass", "The volume is 25 µL")
    steps = tuple(
        Step(str(number + 1), titles[number], body, file=str(path), line=10 + number)
        for number, body in enumerate(bodies)
    )
    tags = ("standard", "flow-accuracy")
    return Script(
        path=path,
        name=name,
        case=case,
        about="What it shows.",
        tags=tags,
        duration_ms=600_000,
        interval_ms=1000,
        needs=Needs(),
        on_fail="stop",
        steps=steps,
        cleanup=(),
        text="qa: 1\n",
        digest="d" * 64,
    )


def mark(second: float) -> Mark:
    """A moment so many seconds after the begin."""
    return Mark(T0 + round(second * 1e6), 4, round(second * 1e6), samples=round(second))


def result(
    verdict: Verdict,
    one: Script | None = None,
    *,
    run: Path | None = None,
    detail: str = "",
    measurements: tuple[Measurement, ...] = (VOLUME,),
    curves: tuple[Curve, ...] = (TRUMPET,),
    why: str = "finished",
) -> Result:
    """Of a case whose last step ended so, 751.25 s after its begin; the others passed."""
    one = one or script()
    tally = Tally((one,))
    tally.begin(0, "sim:?seed=7&speed=max", run, T0)
    tally.take(0, CaseBegan(one, "sim:?seed=7&speed=max", DEVICE, T0, 7))
    ended: list[StepEnded] = []
    for index, step in enumerate(one.steps):
        tally.take(0, StepBegan(index, step, mark(index)))
        last = index == len(one.steps) - 1
        told = tuple(replace(each, verdict=verdict) for each in measurements) if last else ()
        judged = Judged(verdict, told, detail, T0 + 751_250_000, curves) if last else Judged("pass")
        ended.append(StepEnded(index, step, mark(index + 1), judged))
        tally.take(0, ended[-1])
    error = PortLost("The pump did not come back.", "Check the cable.") if verdict == "error" else None
    tally.take(0, CaseEnded(one, verdict, why, T0 + 752_000_000, tuple(ended), error))
    return tally.end(0, 1.5, run)
