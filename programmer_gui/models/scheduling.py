"""The steps being edited: which is selected, and what the operator does to it.  Drawing and table both use this."""

from itertools import count

from PySide6.QtCore import QObject, Signal

from programmer_gui.models import schedule
from programmer_gui.models.derived import parsed
from programmer_gui.models.document import get
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.schedule import DAY, Block, Edits
from rig.therapy import units
from rig.therapy.modes import MAX_STEPS, WEEKDAYS

NEW_RATE = "120 ug/day"
FULL = f"A day has at most {MAX_STEPS} steps: remove one first."
_drags = count(1)


class ScheduleModel(QObject):
    """``changed`` follows every change of the document, ``selection_changed`` that of ``selected`` or ``lane``."""

    changed = Signal()
    selection_changed = Signal()

    def __init__(self, program: ProgramModel) -> None:
        super().__init__(program)
        self.program = program
        self.blocks: list[Block] = []
        self.lanes = 0
        self.lane = 0  # the day that the table shows and new steps go to
        self.selected = ""  # path of a step
        program.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        document = self.program.document
        self.blocks, self.lanes = schedule.blocks(document), schedule.lanes(document)
        if self.lane >= max(1, self.lanes):
            self.lane = 0
        if self.selected and get(document, self.selected) is None:
            self.selected = ""
            self.selection_changed.emit()
        self.changed.emit()

    # -- what is selected ----------------------------------------------------------------------------------------

    @property
    def block(self) -> Block | None:
        """The selected step on the day that is shown."""
        found = [block for block in self.blocks if block.path == self.selected]
        return next((block for block in found if block.lane == self.lane), found[0] if found else None)

    def select(self, path: str, lane: int | None = None) -> None:
        """Selects the step at ``path``, "" for none, and the day that it was asked on."""
        lane = self.lane if lane is None else lane
        if (path, lane) != (self.selected, self.lane):
            self.selected, self.lane = path, lane
            self.selection_changed.emit()

    def select_next(self, back: bool = False) -> bool:
        """The next step in the order of day and time; False at the end."""
        order = sorted(self.blocks, key=lambda block: (block.lane, block.start))
        places = [at for at, block in enumerate(order) if block.path == self.selected and block.lane == self.lane]
        at = (places[0] + (-1 if back else 1)) if places else (len(order) - 1 if back else 0)
        if not 0 <= at < len(order):
            return False
        self.select(order[at].path, order[at].lane)
        return True

    @property
    def alike(self) -> list[int]:
        """The weekdays that change together with the one shown."""
        index = schedule.pattern_of(self.program.document, self.lane) if self.lanes > 1 else None
        if index is None:
            return [self.lane]
        return [WEEKDAYS.index(name) for name in schedule.weekdays_of(schedule.patterns(self.program.document)[index])]

    @property
    def is_full(self) -> bool:
        """Whether the day shown has as many steps as it may."""
        return schedule.is_full(self.program.document, self.lane)

    # -- what is done to it --------------------------------------------------------------------------------------

    def new_drag(self) -> str:
        """What joins the edits of one drag into one step to undo."""
        return f"drag {next(_drags)}"

    def place(self, path: str, start: int, end: int, merge: str = "") -> None:
        """Moves or resizes a step: ``start`` in the day, at most a day long."""
        length = max(1, min(DAY, end - start))
        start %= DAY
        edits = schedule.placed(path, start, start + length)
        self.program.change(edits, "moving a step", merge or f"place {path}")

    def set_rate(self, block: Block, rate_ng_day: int) -> None:
        """Another rate of a step."""
        edits = schedule.with_rate(self.program.document, block, rate_ng_day)
        self.program.change(edits, "change of a step's rate", f"rate {block.path}")

    def nudge_rate(self, up: bool, fine: bool = False) -> None:
        """A little more or less for the selected step."""
        block = self.block
        if block is not None and block.rate_ng_day is not None:
            self.set_rate(block, schedule.nudged(block.rate_ng_day, up, fine))

    def type(self, path: str, key: str, text: str) -> None:
        """What is typed in the table."""
        self.program.change(schedule.typed(path, key, text), f"change of a step's {key}", f"at {path}.{key}")

    def add(self, lane: int | None = None, start: int | None = None, end: int | None = None, merge: str = "") -> bool:
        """A new step there, or where there is room; False where the day has as many as it may."""
        document, lane = self.program.document, self.lane if lane is None else lane
        if schedule.is_full(document, lane) or not self.lanes:
            return False
        if start is None or end is None:
            begin, stop = schedule.gap(document, lane) if start is None else (start, start + 60)
        else:
            begin, stop = start, end
        edits, path = schedule.added(document, lane, begin, stop, self._new_rate())
        self.program.change(edits, "adding a step", merge)
        self.select(path, lane)
        return True

    def _new_rate(self) -> str:
        """A fifth more than the base."""
        rate = parsed(self.program.value("base"), units.DOSE_RATE)
        if rate is None:
            return NEW_RATE
        return units.write(max(1000, round(rate * 6 // 5, -3)), units.DOSE_RATE)

    def remove(self) -> None:
        """Without the selected step; the one before it is selected then."""
        if not self.selected:
            return
        edits: Edits = schedule.removed(self.program.document, self.selected)
        self.select_next(back=True)
        gone, kept = edits[0][0], self.selected
        self.program.change(edits, "removing a step")
        if get(self.program.document, kept) is None or kept.startswith(gone):
            self.select("")

    def copy_day(self, targets: set[int], alike: bool) -> None:
        """The day shown for other weekdays too."""
        document = schedule.copied(self.program.document, self.lane, targets, alike)
        self.program.replace(document, "copying a day")

    def separate(self) -> None:
        """The day shown no longer changes together with others."""
        path, index = self.selected, self.selected.rpartition("[")[2]
        self.program.replace(schedule.separated(self.program.document, self.lane), "separating a day")
        holder = schedule.steps_path(self.program.document, self.lane)
        if path and holder:
            self.select(f"{holder}[{index}")
