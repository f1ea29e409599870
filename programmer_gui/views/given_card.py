"""A screening so far: each bolus that was given, what was seen, and what may be given next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from firmware_link.errors import UsageError
from programmer_gui.models.document import get
from programmer_gui.models.evaluation import Remark
from programmer_gui.models.program import ProgramModel
from programmer_gui.views.field_row import plain, shown
from programmer_gui.views.remarks import Remarks
from programmer_gui.views.widgets import Card, button, label, row, set_property
from rig.therapy import modes, screening, units

COLUMNS = (("dose", "Dose"), ("at", "Given at, UTC"), ("verdict", "Verdict"), ("effect", "Effect lasted"))
VERDICT = 2
VERDICTS = (("", "Not judged yet"), ("response", "Response"), ("no response", "No response"))
ROW = 34
SHOWN = 5


class GivenCard(Card):
    """Hidden for other modes.  Emits ``fixed`` with a Fix."""

    fixed = Signal(object)

    def __init__(self, model: ProgramModel) -> None:
        super().__init__("Given so far", margin=12)
        self._model = model
        self._filling = False
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setHorizontalHeaderLabels([title for _, title in COLUMNS])
        self.table.setAccessibleName("Test boluses given so far")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.itemChanged.connect(self._typed)
        self.outcome = label("", wrap=True)
        self.add = button("Note the next bolus as given now", "primary")
        self.add.clicked.connect(self._note)
        self.remove = button("Remove the last", "link", "Remove the last test bolus")
        self.remove.clicked.connect(self._remove)
        self.remarks = Remarks()
        self.remarks.fixed.connect(self.fixed)
        for widget in (self.table, self.outcome, self.remarks):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.add, self.remove, None))
        model.changed.connect(self._show)
        self._show()

    def show_remarks(self, remarks: list[Remark]) -> None:
        """What is to be said about what was given."""
        self.remarks.show_remarks(remarks)

    def focus(self, path: str) -> bool:
        """Goes to the bolus that ``path`` is in; False where there is none."""
        if not path.startswith("given") or self.isHidden():
            return False
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _given(self) -> list[dict[str, object]]:
        given = self._model.document.get("given")
        return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []

    def _screening(self) -> modes.Screening | None:
        program = self._model.evaluated.program
        return program.mode if program is not None and isinstance(program.mode, modes.Screening) else None

    def _show(self) -> None:
        self.setVisible(self._model.document.get("mode") == "screening")
        if self.isHidden():
            return
        self._filling = True
        given = self._given()
        self.table.setRowCount(len(given))
        for at, one in enumerate(given):
            self._show_row(at, one)
        self.table.setFixedHeight(36 + ROW * max(1, min(SHOWN, len(given))))
        self.table.setVisible(bool(given))
        self._filling = False
        self.remove.setVisible(bool(given))
        self._show_outcome()

    def _show_row(self, at: int, one: dict[str, object]) -> None:
        for column, (key, title) in enumerate(COLUMNS):
            if column == VERDICT:
                box = self._verdict_box(at)
                box.setCurrentIndex(max(0, box.findData(str(one.get(key, "")))))
                continue
            item = self.table.item(at, column)
            if item is None:
                item = QTableWidgetItem()
                self.table.setItem(at, column, item)
            item.setText(shown(str(one.get(key, ""))))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, bolus {at + 1}: {item.text()}")

    def _verdict_box(self, at: int) -> QComboBox:
        box = self.table.cellWidget(at, VERDICT)
        if not isinstance(box, QComboBox):
            box = QComboBox()
            box.setAccessibleName(f"Verdict on bolus {at + 1}")
            for value, title in VERDICTS:
                box.addItem(title, value)
            box.activated.connect(lambda _: self._judge(at))
            self.table.setCellWidget(at, VERDICT, box)
        return box

    def _show_outcome(self) -> None:
        now = self._screening()
        step = None if now is None else screening.next_step(now, self._model.context.now_utc_s or 0)
        if now is None or step is None:
            words, role = "What can't be read has no outcome yet: see the marked fields.", "muted"
        elif isinstance(step, screening.Refusal):
            words, role = f"{step.what} {step.remedy}", "finding-warning"
        else:
            dose, volume = units.dose_text(step.dose_ng), units.volume_text(step.volume_pl / 1000)
            words, role = f"Next: {dose} in {volume}.", ""
        self.outcome.setText(words)
        set_property(self.outcome, "role", role)
        self.add.setEnabled(isinstance(step, screening.NextStep))

    def _note(self) -> None:
        """The next bolus, given now; its verdict is to come."""
        now, utc_s = self._screening(), self._model.context.now_utc_s or 0
        if now is None:
            return
        try:
            last = screening.record_given(now, utc_s).given[-1]
        except UsageError as error:
            self.outcome.setText(error.sentence())
            return
        noted = {
            "dose": units.write(last.dose_ng, units.DOSE),
            "at": units.write(last.given_utc_s, units.MOMENT),
        }
        self._model.change([(f"given[{len(self._given())}]", noted)], "noting a test bolus")

    def _judge(self, at: int) -> None:
        verdict = self._verdict_box(at).currentData()
        self._model.change([(f"given[{at}].verdict", verdict or None)], "verdict on a test bolus")

    def _remove(self) -> None:
        count = len(self._given())
        path = f"given[{count - 1}]" if count > 1 else "given"
        self._model.change([(path, None)], "removing a test bolus")

    def _typed(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        key, text = COLUMNS[item.column()][0], plain(item.text().strip())
        path = f"given[{item.row()}].{key}"
        if text != get(self._model.document, path):
            self._model.edit(path, text or None)
