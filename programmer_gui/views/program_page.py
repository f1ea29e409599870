"""The Program page: its editor, and beside it comparing and writing."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from programmer_gui.models.link import LinkModel
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.check_card import counts
from programmer_gui.views.program_editor import ProgramEditor
from programmer_gui.views.widgets import GAP, MARGIN, button, row, rule, segment, set_property
from programmer_gui.views.write_panel import WritePanel

PARTS = (("Edit", "The program itself"), ("Compare and write", "What would change on the pump, and writing it"))
EDIT, WRITE = range(2)
VERDICTS = {"bad": "high", "hard": "high", "soft": "medium", "": "good"}  # level of the worst remark -> of its colour


class ProgramPage(QWidget):
    """Emits ``write_asked`` with the reason for going beyond a soft limit ("" where none is needed)."""

    write_asked = Signal(str)

    def __init__(self, program: ProgramModel, pump: PumpModel, link: LinkModel, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self._program = program
        self.editor = ProgramEditor(program, actions, theme)
        self.form = self.editor.form
        self.panel = WritePanel(program, pump, link, actions, theme)
        self.panel.write_asked.connect(self.write_asked)
        self.write, self.table = self.panel.write, self.panel.table
        self.parts = QStackedWidget()
        self.parts.addWidget(self.editor)
        self.parts.addWidget(self.panel)
        self.verdict = button("", "link", "What the check says")
        self.verdict.clicked.connect(self._show_worst)
        self._switch = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head(actions))
        layout.addWidget(rule())
        layout.addWidget(self.parts, 1)
        program.changed.connect(self._show)
        self.show_part(EDIT)
        self._show()

    def show_part(self, part: int) -> None:
        """EDIT or WRITE."""
        self.parts.setCurrentIndex(part)
        self._switch.button(part).setChecked(True)

    def write_by_key(self) -> None:
        """Shows what would change first; asked again there, it writes."""
        if self.parts.currentIndex() == WRITE:
            self.panel.write.click()
        else:
            self.show_part(WRITE)

    def _head(self, actions: Actions) -> QVBoxLayout:
        line = row(gap=0)
        for part, (title, tip) in enumerate(PARTS):
            made = segment(title, "first" if part == 0 else "last", f"{title}: {tip}")
            made.setToolTip(tip)
            self._switch.addButton(made, part)
            line.addWidget(made)
        self._switch.idClicked.connect(self.show_part)
        line.addSpacing(GAP)
        line.addWidget(self.verdict)
        line.addStretch(1)
        for name, words in (("open_program", "Open …"), ("template", "New from template …"), ("save_program", "Save")):
            act = button(words, "link", actions[name].text(), actions[name].text())
            act.clicked.connect(actions[name].trigger)
            line.addWidget(act)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        head.addLayout(line)
        return head

    def _show(self) -> None:
        evaluated = self._program.evaluated
        words = counts(evaluated)
        self.verdict.setText(words or "✓ Checked")
        worst = evaluated.remarks[0].level if evaluated.remarks else ""
        set_property(self.verdict, "level", VERDICTS.get(worst, ""))
        self.verdict.setToolTip(evaluated.remarks[0].sentence if evaluated.remarks else "Nothing to say against it")

    def _show_worst(self) -> None:
        self.show_part(EDIT)
        remarks = self._program.evaluated.remarks
        if remarks:
            self.editor.focus(remarks[0].field)
