"""The faults in force on a virtual rig and those to come, each with what is left of it and a button that ends it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from programmer_gui.models.care import short
from programmer_gui.models.rig import RigModel
from programmer_gui.views.widgets import GAP, MARGIN, Card, ElidedLabel, button, label, row, rule
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault
from rig.virtual.schedule import NEVER_US, Scheduled

NONE = "Nothing is wrong, and nothing is to come."
ROW_PX = 48
HEAD = 10  # above a heading with a button, so that it is as high as those without


class StandingCard(Card):
    """Emits ``ended`` with the fault that ends one; ``emptied`` when the keys' last place in it is gone."""

    ended = Signal(object)
    emptied = Signal()

    def __init__(self, rig: RigModel) -> None:
        super().__init__("Faults in force and to come")
        self._rig = rig
        self._lines: list[Line] = []
        self.all = button("End all", "link", "End all faults, and cancel those to come")
        self.all.clicked.connect(self._end_all)
        policy = self.all.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.all.setSizePolicy(policy)
        self.header.addWidget(self.all)
        self.body.setContentsMargins(MARGIN, HEAD, MARGIN, MARGIN)
        self.none = label(NONE, "muted", wrap=True)
        self.body.addWidget(self.none)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self.body.addStretch(1)
        rig.faults_changed.connect(self._rebuild)
        rig.changed.connect(self._show_times)
        self._rebuild()

    @property
    def lines(self) -> "list[Line]":
        """What is listed, by what changes first."""
        return self._lines

    def _rebuild(self) -> None:
        """Lines that stay are kept: many faults may begin at one moment, and a button may be in use."""
        kept = {line.fault: line for line in self._lines}
        keys_at = next((at for at, line in enumerate(self._lines) if line.end.hasFocus()), None)
        if keys_at is not None and self._lines[keys_at].fault in self._rig.faults:
            keys_at = None  # they stay where they are
        elif self.all.hasFocus() and not self._rig.faults:
            keys_at = 0
        self._lines = [kept.pop(fault) if fault in kept else self._line(fault) for fault in self._rig.faults]
        for old in kept.values():
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        for at, line in enumerate(self._lines):
            if self._column.indexOf(line) != at:
                self._column.removeWidget(line)
                self._column.insertWidget(at, line)
            line.rule.setVisible(at > 0)
        self.none.setVisible(not self._lines)
        self.all.setVisible(bool(self._lines))
        if keys_at is not None:
            self._give_keys(keys_at)
        self._show_times()

    def _give_keys(self, at: int) -> None:
        if self._lines:
            self._lines[min(at, len(self._lines) - 1)].end.setFocus()
        else:
            self.emptied.emit()

    def _line(self, fault: Scheduled) -> "Line":
        line = Line(fault)
        line.end.clicked.connect(lambda: self.ended.emit(ending(fault)))
        return line

    def _show_times(self) -> None:
        for line in self._lines:
            line.show_time(self._rig.now_us)

    def _end_all(self) -> None:
        for line in list(self._lines):
            self.ended.emit(ending(line.fault))


class Line(QWidget):
    """One fault."""

    def __init__(self, fault: Scheduled) -> None:
        super().__init__()
        self.fault = fault
        self.title = ElidedLabel(titled(fault.what, fault.amount))
        self.time = ElidedLabel("", "caption")
        ends = "End" if fault.begun else "Cancel"
        self.end = button(ends, name=f"{ends}: {titled(fault.what, fault.amount)}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.time)
        line = row(self.end)
        line.insertLayout(0, words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.rule = rule()
        layout.addWidget(self.rule)
        line.setContentsMargins(0, GAP // 2, 0, GAP // 2)
        layout.addLayout(line)
        self.setMinimumHeight(ROW_PX)

    def show_time(self, now_us: int) -> None:
        """What is left at ``now_us`` of the rig's time."""
        fault = self.fault
        if not fault.begun:
            lasting = (
                "" if fault.end_us in (NEVER_US, fault.begin_us) else f", for {_span(fault.begin_us, fault.end_us)}"
            )
            self.time.set_whole(f"Begins in {_span(now_us, fault.begin_us)}{lasting}")
            return
        since = f"In force for {_span(fault.begin_us, now_us)}"
        left = "until it is ended" if fault.end_us == NEVER_US else f"{_span(now_us, fault.end_us)} left"
        self.time.set_whole(f"{since}, {left}")


def ending(fault: Scheduled) -> Fault:
    """What ends it now; or, where it is to come, keeps it from beginning."""
    return Fault(fault.what, None if fault.begun else fault.begin_us * 1e-6, ends=True)


def titled(what: str, amount: float | None) -> str:
    """ "Blocked outlet, 100 %" """
    kind = BY_NAME[what]
    if kind.amount is None or amount is None:
        return kind.title
    number = f"{amount:,.10g}".replace(",", "\u202f").replace("-", "\u2212")
    unit = kind.amount.unit
    return f"{kind.title}, {number} {unit}" if unit else f"{kind.title}, {kind.amount.title.lower()} {number}"


def _span(from_us: int, to_us: int) -> str:
    return short(max(0, to_us - from_us) // 1_000_000)
