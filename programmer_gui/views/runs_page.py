"""The Runs page: the recordings of a folder, what each one is, and what can be done with it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from programmer_gui.models.runs import RunTable
from programmer_gui.theme import Theme
from programmer_gui.views.runs_table import RunsTable
from programmer_gui.views.widgets import MARGIN


class RunsPage(QWidget):
    """Renders a ``RunTable``; what is asked for is carried out elsewhere."""

    replay_asked = Signal(Path)
    compare_asked = Signal(list)  # of Path
    export_asked = Signal(list)  # of Path
    report_asked = Signal(Path)
    finish_asked = Signal(Path)
    trash_asked = Signal(list)  # of Path
    undo_asked = Signal()
    folder_asked = Signal()  # to be shown by the system

    def __init__(self, theme: Theme, folder: Path) -> None:
        super().__init__()
        self.runs = RunTable(theme.tokens, self)
        theme.changed.connect(self.runs.set_tokens)
        self.table = RunsTable(self.runs, theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addWidget(self.table)
        self.table.opened.connect(lambda run: self.replay_asked.emit(run.path))

    @property
    def selected(self) -> tuple[Path, ...]:
        """The run files that are selected, from the top."""
        return tuple(run.path for run in self.table.selected())
