"""A screening in the showcase: new, observed, at its verdict, and over."""

from collections.abc import Callable
from functools import partial

from programmer_gui import files
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.scheduling import ScheduleModel
from rig.resources import resource
from rig.therapy import program_file, units

HOUR_S = 3600
NONE = {"verdict": "no response"}
RESPONSE = {"verdict": "response", "effect": "6 h"}
#: (what the scene is called, what was given: the dose, hours ago, and what was seen)
COURSES: tuple[tuple[str, tuple[tuple[str, float, dict[str, str]], ...]], ...] = (
    ("new", ()),
    ("observing", (("50 ug", 27, NONE), ("75 ug", 2.2, {}))),
    ("verdict", (("50 ug", 30, NONE), ("75 ug", 5.5, {}))),
    ("outcome", (("50 ug", 33, NONE), ("75 ug", 9, RESPONSE))),
)


def _begin(given: tuple[tuple[str, float, dict[str, str]], ...], program: ProgramModel, steps: ScheduleModel) -> None:
    """As its file says it, with ``given`` by the clock of the check."""
    document, _ = files.load_document(resource("programs/screening.yaml"))
    now_s = program.context.now_utc_s or 0
    so_far = [
        {"dose": dose, "at": units.write(now_s - round(hours * HOUR_S), units.MOMENT)} | seen
        for dose, hours, seen in given
    ]
    document = {key: value for key, value in document.items() if key != "given"} | ({"given": so_far} if so_far else {})
    program.load(document, program_file.dumps(document), "screening.yaml")


SCREENING: tuple[tuple[str, Callable[[ProgramModel, ScheduleModel], None]], ...] = tuple(
    (f"screening-{name}", partial(_begin, given)) for name, given in COURSES
)
