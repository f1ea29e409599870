"""Faults for a virtual rig, in the rig's own vocabulary."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox

from programmer_gui.views.widgets import GAP, Card, button, column, label, row
from rig.virtual import faults

WIDTHS = (176, 128, 152)


class FaultPanel(Card):
    """Emits ``injected`` with a rig.virtual.faults.Fault."""

    injected = Signal(object)

    def __init__(self) -> None:
        super().__init__("Faults of the virtual rig")
        self.kind = QComboBox()
        self.kind.setAccessibleName("Fault")
        for kind in faults.KINDS:
            self.kind.addItem(kind.title, kind.name)
        self.kind.currentIndexChanged.connect(self._show)
        self.what = label("", "muted", wrap=True)
        self.amount = QDoubleSpinBox()
        self.amount.setAccessibleName("Amount")
        self.amount_title = label("", "caption")
        self.duration = QDoubleSpinBox()
        self.duration.setAccessibleName("Duration in seconds of the rig")
        self.duration.setRange(0, 1_000_000)
        self.duration.setDecimals(1)
        self.duration.setSuffix(" s")
        self.duration.setSpecialValueText("until it is ended")
        self.duration.setValue(60)
        self.duration_title = label("Lasts, in the rig's time", "caption")
        self.inject = button("Make it happen", tip="Injects the fault now; the pump has to notice by itself")
        self.inject.clicked.connect(self._inject)
        self.end = button("End it", tip="Ends this fault now, where it goes on")
        self.end.clicked.connect(self._end)
        kind_title = label("What goes wrong", "caption")
        fields = ((kind_title, self.kind), (self.amount_title, self.amount), (self.duration_title, self.duration))
        line = row(gap=GAP)
        for (title, box), width in zip(fields, WIDTHS, strict=True):
            box.setFixedWidth(width)
            title.setBuddy(box)
            line.addLayout(column(None, title, box, gap=4))
        line.addSpacing(GAP)
        for do in (self.inject, self.end):
            line.addWidget(do, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        for box in (self.amount, self.duration):
            box.lineEdit().setTextMargins(GAP, 0, 0, 0)
        self.body.addLayout(line)
        self.body.addWidget(self.what)
        self.body.addStretch(1)
        self._show()

    def fault(self) -> faults.Fault:
        """What is chosen."""
        kind = faults.kind_of(self.kind.currentData())
        duration = self.duration.value() or None
        amount = self.amount.value() if kind.amount else None
        return faults.Fault(kind.name, None, duration if kind.lasts else None, amount)

    def _inject(self) -> None:
        self.injected.emit(self.fault())

    def _end(self) -> None:
        self.injected.emit(faults.Fault(self.kind.currentData(), ends=True))

    def _show(self) -> None:
        kind = faults.kind_of(self.kind.currentData())
        self.what.setText(kind.what)
        for widget in (self.amount, self.amount_title):
            widget.setVisible(kind.amount is not None)
        for widget in (self.duration, self.duration_title):
            widget.setVisible(kind.lasts)
        self.end.setVisible(kind.lasts)
        if kind.amount:
            self.amount_title.setText(kind.amount.title)
            self.amount.setRange(kind.amount.low, kind.amount.high)
            self.amount.setSuffix(f" {kind.amount.unit}")
            self.amount.setDecimals(1)
            self.amount.setValue(kind.amount.default)
