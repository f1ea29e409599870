"""The Program page in the showcase: a day, a week, a mistake with its remedy, a bridge with its drug front."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from programmer_gui import files
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.scheduling import ScheduleModel
from programmer_gui.screening_scenes import SCREENING
from rig.resources import resource

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

SIZES = {"": (1400, 900), "-small": (1024, 700)}
PLAIN = (
    "titration",
    "taper",
    "infusion-trial",
    "on-demand-bolus",
    "periodic-bolus",
    "single-bolus",
    "prime",
    "stopped",
)


def flex_day(program: ProgramModel, steps: ScheduleModel) -> None:
    """A step of the night is selected."""
    _open(program, "flex-day")
    steps.select_next()


def flex_week(program: ProgramModel, steps: ScheduleModel) -> None:
    """Two days are alike; a third has been separated."""
    _open(program, "flex-week")
    steps.select("", 2)
    steps.separate()
    steps.select(steps.blocks[0].path, 0)


def mistake(program: ProgramModel, steps: ScheduleModel) -> None:
    """Milligrams for micrograms, with the remedy beside it."""
    _open(program, "continuous-100ug")
    program.edit("dose", "100 mg/day")


def overlap(program: ProgramModel, steps: ScheduleModel) -> None:
    """Two steps at the same time."""
    _open(program, "flex-day")
    first = steps.blocks[0]
    steps.add(0, first.start % 1440 + 60, first.start % 1440 + 150)


def bridge(program: ProgramModel, steps: ScheduleModel) -> None:
    """What the drug does at the tip."""
    _open(program, "bridge")


def _open(program: ProgramModel, name: str) -> None:
    program.load(*files.load_document(resource(f"programs/{name}.yaml")))


def _plain(name: str) -> Callable[[ProgramModel, ScheduleModel], None]:
    """An example as it is in its file."""
    return lambda program, _: _open(program, name)


SCENES: tuple[tuple[str, Callable[[ProgramModel, ScheduleModel], None]], ...] = (
    ("program-day", flex_day),
    ("program-week", flex_week),
    ("program-mistake", mistake),
    ("program-overlap", overlap),
    ("program-bridge", bridge),
    *((f"program-{name}", _plain(name)) for name in PLAIN),
    *SCREENING,
)


def program_pages(stage: "Stage") -> None:
    """All scenes at each size."""
    window, program = stage.parts.window, stage.parts.models.program
    size = window.size()
    window.show_page(1)
    window.program.show_part(0)
    before = program.undo_stack.index()
    for name, scene in SCENES:
        scene(program, window.program.editor.schedule.model)
        program.plan_now()
        for suffix, (width, height) in SIZES.items():
            window.resize(width, height)
            stage.picture(name + suffix)
    program.undo_stack.setIndex(before)
    window.resize(size)
