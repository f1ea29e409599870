"""The schedule of a day or a week: drawn and typed in step, with what can be done to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from programmer_gui.models import schedule
from programmer_gui.models.evaluation import Remark
from programmer_gui.models.scheduling import FULL, ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.views.remarks import Remarks
from programmer_gui.views.schedule_edit import ScheduleView
from programmer_gui.views.schedule_table import ScheduleTable
from programmer_gui.views.widgets import GAP, Card, ElidedLabel, button, column, label, row
from rig.therapy.modes import MAX_STEPS, WEEKDAYS

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GROUPS = (("Weekdays", range(5)), ("Weekend", range(5, 7)), ("All", range(7)))


class ScheduleCard(Card):
    """Hidden for modes without steps.  Emits ``fixed`` with a Fix."""

    fixed = Signal(object)

    def __init__(self, model: ScheduleModel, theme: Theme) -> None:
        super().__init__("Schedule", margin=12)
        self.model = self._model = model
        self.view = ScheduleView(model, theme)
        self.table = ScheduleTable(model, theme)
        self.view.type_asked.connect(self.table.begin_typing)
        self.day = label("", "heading")
        self.total = ElidedLabel("", "caption")
        self.add = button("Add a step", "link", "Add a step", "Insert")
        self.add.clicked.connect(lambda: model.add())
        self.remove = button("Remove", "link", "Remove the selected step", "Removes the selected step (Delete)")
        self.remove.clicked.connect(model.remove)
        self.copy = button("Copy day …", "link", "Copy this day to others", "Uses these steps on other days too")
        self.copy.setCheckable(True)
        self.separate = button("Separate", "link", "Separate this day from the others that are alike")
        self.separate.clicked.connect(model.separate)
        self.remarks = Remarks()
        self.remarks.fixed.connect(self.fixed)
        self.copy_bar = CopyBar(model)
        self.copy_bar.done.connect(lambda: self.copy.setChecked(False))
        self.copy.toggled.connect(self.copy_bar.open)
        for item in (self.add, self.remove):
            self.header.addWidget(item)
        self.body.addWidget(self.view)
        heading = row(self.day, self.total, self.separate, self.copy)
        heading.setStretch(1, 1)
        self.body.addLayout(heading)
        self.body.addWidget(self.copy_bar)
        self.body.addWidget(self.table)
        self.body.addWidget(self.remarks)
        model.changed.connect(self._show)
        model.selection_changed.connect(self._show)
        self._show()

    def show_remarks(self, remarks: list[Remark]) -> None:
        """What is to be said about steps and days."""
        self.table.show_remarks(remarks)
        self.remarks.show_remarks(remarks)

    def focus(self, path: str) -> bool:
        """Goes to the step that ``path`` is in; False where there is none."""
        document = self._model.program.document
        for block in self._model.blocks:
            if path == block.path or path.startswith(f"{block.path}."):
                self._model.select(block.path, block.lane)
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        for lane in range(self._model.lanes):
            holder = schedule.steps_path(document, lane)
            if holder and path.startswith(holder.removesuffix(".steps")):
                steps = schedule.steps_of(document, lane)
                at = next((at for at in range(len(steps)) if path.startswith(f"{holder}[{at}]")), None)
                self._model.select(f"{holder}[{at}]" if at is not None else "", lane)
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def _show(self) -> None:
        model, document = self._model, self._model.program.document
        self.setVisible(bool(model.lanes))
        if not model.lanes:
            return
        count = len(schedule.steps_of(document, model.lane))
        week = model.lanes > 1
        alike = [DAY_NAMES[lane] for lane in model.alike]
        self.day.setText(DAY_NAMES[model.lane] if week else f"{count} of {MAX_STEPS} steps")
        total = schedule.day_total_ng(document, model.lane)
        words = [f"{total / 1000:.4g} µg" if week else f"{total / 1000:.4g} µg a day"] if total is not None else []
        words += [f"changes with {_named(alike, DAY_NAMES[model.lane])}"] if len(alike) > 1 else []
        words += [f"{count} of {MAX_STEPS} steps"] if week else []
        self.total.set_whole(", ".join(words))
        self.separate.setVisible(len(alike) > 1)
        self.copy.setVisible(week)
        self.remove.setEnabled(bool(model.selected))
        self.add.setEnabled(not model.is_full)
        self.add.setToolTip(FULL if model.is_full else "Adds a step where there is room (Insert)")
        self.add.setAccessibleDescription(FULL if model.is_full else "")
        if not week:
            self.copy.setChecked(False)


def _named(alike: list[str], own: str) -> str:
    others = [name[:3] for name in alike if name != own]
    return ", ".join(others)


class CopyBar(QWidget):
    """Which days a day is copied to."""

    done = Signal()

    def __init__(self, model: ScheduleModel) -> None:
        super().__init__()
        self._model = model
        self.title = label("")
        self.days = [QCheckBox(name.capitalize()) for name in WEEKDAYS]
        for name, box in zip(DAY_NAMES, self.days, strict=True):
            box.setAccessibleName(f"Copy to {name}")
            box.toggled.connect(self._show)
        self.alike = QCheckBox("Keep them alike: a change to one changes all")
        self.alike.setAccessibleName(self.alike.text())
        self.do = button("Copy", "primary", "Copy the day")
        self.do.clicked.connect(self._copy)
        cancel = button("Cancel", "", "Cancel copying the day")
        cancel.clicked.connect(self.done)
        groups = row(self.title, 8, gap=0)
        for text, lanes in GROUPS:
            group = button(text, "link", f"Copy to {text.lower()}")
            group.clicked.connect(lambda _=False, lanes=lanes: self._tick(lanes))
            groups.addWidget(group)
        groups.addStretch(1)
        self.setLayout(column(groups, row(*self.days, None), row(self.alike, None, cancel, self.do), gap=GAP))
        self.hide()
        model.selection_changed.connect(self._show)

    def open(self, shown: bool) -> None:
        """Asks, or doesn't."""
        self.setVisible(shown)
        for box in self.days:
            box.setChecked(False)
        self.alike.setChecked(True)
        self._show()
        if shown:
            next(box for box in self.days if box.isEnabled()).setFocus()

    def _tick(self, lanes: range) -> None:
        for lane, box in enumerate(self.days):
            box.setChecked(lane in lanes and lane != self._model.lane)

    def _targets(self) -> set[int]:
        return {lane for lane, box in enumerate(self.days) if box.isChecked() and lane != self._model.lane}

    def _show(self) -> None:
        if not self._model.lanes:
            return
        self.title.setText(f"Copy {DAY_NAMES[self._model.lane]} to")
        for lane, box in enumerate(self.days):
            box.setEnabled(lane != self._model.lane)
        self.do.setEnabled(bool(self._targets()))

    def _copy(self) -> None:
        self._model.copy_day(self._targets(), self.alike.isChecked())
        self.done.emit()
