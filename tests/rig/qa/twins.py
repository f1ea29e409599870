"""The shipped scripts, each with rigs that it must fail on, and at which step: so that none is a check that can't
fail.  And how a test carries one out."""

from dataclasses import dataclass
from pathlib import Path

from rig.measured import Measurement, Verdict
from rig.qa.files import script_file
from rig.qa.running.driving import drive
from rig.qa.running.replaying import judge_recording
from rig.qa.script import Script
from rig.qa.told import CaseEnded
from rig.recording.writer import RunWriter
from rig.resources import resource
from rig.targets import open_session
from rig.virtual import fault_writing
from rig.virtual.faults import Fault

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
LEAST_DAYS = 100  # of pump time, all scripts together


@dataclass(frozen=True)
class Twin:
    """A faulty rig for one case of a shipped script.  Faults are in the rig's own time, which the case begins with."""

    script: str
    fails: str  # the title of the first step that fails
    because: str
    faults: tuple[Fault, ...] = ()
    rig: str = ""  # another rig: its name, or its text
    case: int = 0

    @property
    def name(self) -> str:
        """Of a test."""
        return f"{self.script}-{self.case}-{self.faults[0].what if self.faults else 'rig'}"


_STIFF = """\
rig: 1
name: Bench rig, soft rollers
like: bench
circuit:
  back-pressure-per-mmhg: 0.0008
"""
_SOFT = """\
rig: 1
name: Bench rig, soft line
like: bench
circuit:
  compliance-nl-pa: 2
"""

TWINS = (
    Twin(
        "acceptance",
        "A bolus and what flows beside it arrive on the balance",
        "a third of it runs onto the bench",
        (Fault("leak", 0.0, amount=30),),
    ),
    Twin(
        "acceptance",
        "Nothing comes by itself while it stands",
        "the tube lets liquid through",
        (Fault("free_flow", 205.0, amount=5),),
    ),
    Twin(
        "acceptance",
        "The bolus is given whole",
        "the catheter is kinked: the bolus dams up, and the pump stops it",
        (Fault("kink", 0.0, amount=3000),),
    ),
    Twin(
        "acceptance",
        "No alarm and no warning",
        "a copy of its memory was corrupt, and is corrected",
        (Fault("memory_corruption", 2.0, amount=1),),
    ),
    Twin(
        "acceptance",
        "The pump's self-test passes",
        "there is no pressure sensor any more",
        (Fault("pressure_dead", 0.0),),
    ),
    Twin(
        "acceptance",
        "The pressure sensor shows an open line",
        "the outlet stands far too high",
        (Fault("back_pressure", 0.0, amount=200),),
    ),
    Twin(
        "acceptance",
        "The battery isn't near its end",
        "its cell is nearly spent",
        (Fault("battery_step", 0.0, amount=9),),
    ),
    Twin(
        "flow-accuracy-standard",
        "The hour behind them, T2",
        "the tube is worn, by less than the pump's own tolerance",
        (Fault("worn_tube", 0.0, amount=2_500_000),),
    ),
    Twin(
        "flow-accuracy-low",
        "The 25 hours behind it, T2",
        "a tenth leaks, less than the pump's own tolerance",
        (Fault("leak", 25 * HOUR, amount=10),),
    ),
    Twin(
        "flow-accuracy-low",
        "The 25 hours behind it, T2",
        "a tenth escapes at the pump head",
        (Fault("tube_tear", 25 * HOUR, amount=10),),
        case=1,
    ),
    Twin(
        "bolus-series",
        "All 25 as they were asked for",
        "the tube is worn",
        (Fault("worn_tube", 0.0, amount=2_500_000),),
    ),
    Twin(
        "bolus-series",
        "All 25 as they were asked for",
        "a tenth escapes at the pump head",
        (Fault("tube_tear", 0.0, amount=10),),
        case=1,
    ),
    Twin(
        "occlusion",
        "The alarm comes in time",
        "the pressure sensor shows the same again and again",
        (Fault("pressure_stuck", 620.0),),
    ),
    Twin(
        "occlusion",
        "The alarm comes in time",
        "the line gives twice as much as it should",
        rig=_SOFT,
    ),
    Twin(
        "occlusion",
        "The alarm comes in time",
        "a leak lets the pressure out",
        (Fault("leak", 62 * MINUTE, amount=50),),
        case=1,
    ),
    Twin(
        "reservoir",
        "The empty-reservoir alarm comes when all is delivered",
        "there was less in it than the pump was told",
        (Fault("wrong_fill", 30 * MINUTE, amount=-1.5),),
    ),
    Twin(
        "refill-discrepancy",
        "Nothing was pressed through by the filling",
        "more than 1 mL comes in the half hour after the refill",
        (Fault("free_flow", MINUTE, 20 * MINUTE, 5),),
    ),
    Twin(
        "battery",
        "For 89 days it delivers as before",
        "the cell has less left than it should: EOS comes early",
        (Fault("battery_step", 40 * DAY, amount=0.9),),
    ),
    Twin(
        "battery",
        "The pump says that the battery is to be replaced",
        "somebody has put in a new cell and told nobody",
        (Fault("new_battery", DAY),),
    ),
    Twin(
        "screening",
        "The 75 ug are given whole",
        "the catheter is kinked: the bolus dams up, and the pump stops it",
        (Fault("kink", 23 * HOUR, 7 * HOUR, 3000),),
    ),
    Twin(
        "flex-week",
        "Day 4 arrives as planned",
        "the tube tears on the fourth day",
        (Fault("tube_tear", 76 * HOUR, amount=30),),
    ),
    Twin(
        "on-demand",
        "A request shortly before two hours is refused",
        "a reset with a corrupt memory: the pump doesn't know what it granted",
        (Fault("memory_corruption", 119 * MINUTE, amount=2), Fault("reset", 120 * MINUTE)),
    ),
    Twin(
        "power-loss",
        "It says that it was reset",
        "both copies of what it had saved are corrupt",
        (Fault("memory_corruption", 470.0, amount=2),),
    ),
    Twin(
        "unplug",
        "It still runs",
        "the board loses its power with the cable",
        (Fault("reset", 500.0),),
    ),
    Twin("back-pressure", "The flow at each against that at none", "the rollers give way twice as much", rig=_STIFF),
    Twin("evaporation", "The cup is covered, and nothing comes by itself", "the cup is open", rig="poor-balance"),
    Twin(
        "soak",
        "A day without an alarm or a warning",
        "the thermometer dies in the night",
        (Fault("temperature_dead", 20 * HOUR),),
    ),
    Twin(
        "soak",
        "All of the day has arrived",
        "a tenth leaks, less than the pump's own tolerance",
        (Fault("leak", 0.0, amount=10),),
    ),
)


#: what was judged of each step: its title, its verdict, and all that was measured
Judgements = list[tuple[str, Verdict, tuple[Measurement, ...]]]


def names() -> tuple[str, ...]:
    """Of the shipped scripts."""
    return tuple(path.name.removesuffix(".qa.yaml") for path in script_file.library())


def load(name: str) -> tuple[Script, ...]:
    """The cases of a shipped script."""
    return script_file.load(resource(f"scripts/{name}.qa.yaml"))


def cases() -> tuple[tuple[str, int], ...]:
    """All that is shipped: (script, which case of it)."""
    return tuple((name, index) for name in names() for index, _ in enumerate(load(name)))


def target(twin: Twin, folder: Path, host: str = "sim", seed: int = 7) -> str:
    """The address of its rig, what that is made of written into ``folder``."""
    parts = [f"seed={seed}", "speed=max"]
    if twin.faults:
        file = folder / "twin.faults.yaml"
        file.write_text(fault_writing.dumps(twin.because, twin.faults))
        parts.append(f"faults={file}")
    if "\n" in twin.rig:
        file = folder / "twin.rig.yaml"
        file.write_text(twin.rig)
        parts.append(f"rig={file}")
    elif twin.rig:
        parts.append(f"rig={twin.rig}")
    return f"{host}:?{'&'.join(parts)}"


def carry_out(script: Script, address: str, run: Path | None = None) -> CaseEnded:
    """On a rig of its own; into the new recording ``run``, where one is wanted."""
    session = open_session(address)
    try:
        if run is None:
            return drive(script, session)
        with RunWriter(run, session.clock, session.info) as writer:
            ended = drive(script, session, writer=writer)
            writer.finish(ended.why)
            return ended
    finally:
        session.close()


def judgements(ended: CaseEnded) -> Judgements:
    """Of a case."""
    return [(step.step.title, step.judged.verdict, step.judged.measurements) for step in ended.steps]


def judged_again(script: Script, run: Path) -> CaseEnded:
    """By its recording alone."""
    *_, ended = judge_recording(script, run)
    assert isinstance(ended, CaseEnded)
    return ended
