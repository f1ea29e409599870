"""A recorded session on its way to a script: what was done, what to expect of it, what differs from before."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from firmware_link.errors import UsageError
from programmer_gui.models.proposed import Proposed
from programmer_gui.script_files import FILTER
from programmer_gui.theme import Theme
from programmer_gui.views.dialogs import Panel, show_aside
from programmer_gui.views.taking_table import TakingTable
from programmer_gui.views.widgets import GAP, MARGIN, button, label, row, set_property
from rig.places import SCRIPT_SUFFIX
from rig.qa.taking.composing import Composed, Named, compose, slug
from rig.qa.taking.recorded_script import Against, Session, against, with_limits_of
from rig.therapy import units

SIZE = (1040, 720)
CHANGES_MOST = 6  # lines in sight


class TakingDialog(Panel):
    """Emits ``wanted`` with what is to be written, and whether over what is there."""

    wanted = Signal(object, bool)

    def __init__(self, parent: QWidget, session: Session, path: Path, name: str, theme: Theme) -> None:
        super().__init__(parent, "A script of what you did", "Save the script", cancel="Discard")
        self.session = session
        self.model = Proposed(session.draft, session.proposals, theme.tokens, self)
        self.table = TakingTable(self.model)
        self.name, self.about, self.path = QLineEdit(name), QLineEdit(), QLineEdit(str(path))
        self.browse = button("Browse …")
        self.summary = label("", "muted", wrap=True)
        self.remarks = label("\n".join(f"▲ {one}" for one in session.draft.remarks), "finding-warning", wrap=True)
        self.wrong = label("", "finding-error", wrap=True)
        self.differs = label("", "heading", wrap=True)
        self.changes = QPlainTextEdit()
        self.as_before = button("Take its limits", name="Take the limits of the script that is there")
        self.over = QCheckBox("Write over it; its comments stay")
        self._against = Against(False)
        self._lay_out()
        for signal in (self.name.textChanged, self.about.textChanged, self.path.textChanged, self.model.changed):
            signal.connect(self._check)
        self.model.refused.connect(self._refuse)
        self.browse.clicked.connect(self._browse)
        self.as_before.clicked.connect(self._take_limits)
        self.over.toggled.connect(self._check)
        self._check()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GAP)
        for title, field in (("Name", self.name), ("About", self.about)):
            field.setAccessibleName(title)
            form.addRow(title, field)
        self.about.setPlaceholderText("A sentence on what it shows")
        self.path.setAccessibleName("File")
        form.addRow("File", row(self.path, self.browse))
        self.changes.setReadOnly(True)
        self.changes.setAccessibleName("What differs from the script that is there")
        self.body.addWidget(self.summary)
        self.body.addLayout(form)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.remarks)
        line = row(self.differs, self.as_before, self.over)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.changes)
        self.body.addWidget(self.wrong)
        self.remarks.setVisible(bool(self.session.draft.remarks))
        self.resize(*SIZE)

    @property
    def script_path(self) -> Path:
        """Where it is to go; its ending is added where it was left out."""
        said = Path(self.path.text().strip()).expanduser()
        return said if said.name.endswith(SCRIPT_SUFFIX) or not said.name else said.with_name(said.name + SCRIPT_SUFFIX)

    def composed(self) -> Composed:
        """As it is now.  Raises UsageError where it is none."""
        if not self.name.text().strip():
            raise UsageError("The script has no name.", "Give it one.")
        if not self.path.text().strip():
            raise UsageError("The script has no file.", "Say where to save it.")
        session, named = self.session, Named(self.name.text().strip(), self.about.text().strip())
        return compose(session.taken, session.draft, self.model.proposals, self.script_path, named)

    def _check(self, *_: object) -> None:
        """Says what it would be, and what it would take the place of."""
        self.wrong.hide()
        try:
            made = self.composed()
            self._against = against(made)
        except UsageError as error:
            self._refuse(error.sentence())
            self.ok.setEnabled(False)
            return
        lasts = units.duration_text(made.script.duration_ms)
        total = len(self.model.proposals)
        self.summary.setText(
            f"{len(self.session.draft.steps)} steps, {lasts}. {self.model.kept} of {total} expectations are accepted: "
            "tick them or leave them out, and write other limits with a double click."
        )
        self._show_against()
        self.ok.setEnabled(not self._against.taken_up or self.over.isChecked())

    def _show_against(self) -> None:
        found = self._against
        for widget in (self.differs, self.over):
            widget.setVisible(found.taken_up)
        self.as_before.setVisible(found.older is not None)
        self.changes.setVisible(found.older is not None and bool(found.changes))
        if found.older is None:
            self.differs.setText(found.why)
            return
        many = len(found.changes)
        same = "This says the same as the script that is there." if not many else ""
        words = same or f"{many} difference{'s' if many > 1 else ''} from the script that is there:"
        self.differs.setText(f"{words} {found.why}".strip())
        self.changes.setPlainText("\n".join(one.sentence() for one in found.changes))
        lines = min(many, CHANGES_MOST) + 1
        self.changes.setFixedHeight(lines * self.fontMetrics().lineSpacing() + MARGIN)

    def _refuse(self, why: str) -> None:
        set_property(self.wrong, "role", "finding-error")
        self.wrong.setText(f"■ {why}")
        self.wrong.show()

    def _take_limits(self) -> None:
        if self._against.older is not None:
            self.model.take(with_limits_of(self.session, self._against.older))

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Save the script", str(self.script_path), FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # asked for here, with what differs
        dialog.fileSelected.connect(lambda name: self.path.setText(name))
        show_aside(dialog)

    def _accept(self) -> None:
        """Stays until it is written."""
        if self.ok.isEnabled():
            self.wanted.emit(self.composed(), self.over.isChecked())


def file_of(folder: Path, name: str) -> Path:
    """What a script of this name is called in ``folder``."""
    return folder / f"{slug(name)}{SCRIPT_SUFFIX}"
