"""The Runs page: the recordings of a folder, what each one is, and what can be done with it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

from programmer_gui.models.runs import RunTable
from programmer_gui.theme import Theme
from programmer_gui.views.runs_deeds import DEEDS
from programmer_gui.views.runs_details import RunDetails
from programmer_gui.views.runs_list import RunsList
from programmer_gui.views.widgets import MARGIN
from rig.places import RUN_SUFFIX
from rig.recording.catalog import Card as RunCard
from rig.recording.catalog import Found

NARROW_PX = 1200
DETAILS_PX = {False: 328, True: 280}  # narrow or not


class RunsPage(QWidget):
    """Renders a ``RunTable``; what is asked for is carried out elsewhere."""

    shown = Signal()
    replay_asked = Signal(Path)
    compare_asked = Signal(list)  # of Path
    export_asked = Signal(list)  # of Path
    report_asked = Signal(Path)
    accuracy_asked = Signal(Path)
    script_asked = Signal(Path)
    blind_asked = Signal(Path)
    review_asked = Signal(Path)
    finish_asked = Signal(Path)
    rescue_asked = Signal(Path)
    trash_asked = Signal(list)  # of Path
    undo_asked = Signal()

    def __init__(self, theme: Theme, folder: Path) -> None:
        super().__init__()
        self.runs = RunTable(theme.tokens, self)
        theme.changed.connect(self.runs.set_tokens)
        self.list = RunsList(self.runs, theme, folder)
        self.table, self.details = self.list.table, RunDetails()
        self._awaited = ""  # the run to select as soon as it is listed; "" for the newest
        self._waiting = True
        self._said: list[tuple[Found, RunCard | None]] = []  # of what the details show
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.details)
        self.setAcceptDrops(True)
        self.details.asked.connect(self.do)
        self.table.opened.connect(lambda: self.do("replay"))
        self.table.delete_asked.connect(lambda: self.do("trash"))
        self.table.menu_asked.connect(self._show_menu)
        self.table.chosen.connect(self._show_selected)
        self.list.recent_asked.connect(self.replay_asked)
        self.runs.counted.connect(self._show_counted)
        for changed in (self.runs.layoutChanged, self.runs.dataChanged):
            changed.connect(self._show_selected)
        self._show_counted()

    @property
    def selected(self) -> tuple[Path, ...]:
        """The run files that are selected, from the top."""
        return tuple(run.path for run in self.table.selected())

    def do(self, name: str) -> None:
        """Asks for one of DEEDS with what is selected, where it can be done."""
        (deed,) = (deed for deed in DEEDS if deed.id == name)
        if deed.reason(self.table.selected()):
            return
        signal = getattr(self, f"{name}_asked")
        signal.emit(self.selected[0] if deed.most == 1 else list(self.selected))

    def select_later(self, name: str) -> None:
        """Selects this run as soon as it is listed."""
        self._awaited, self._waiting = name, True
        self._show_counted()

    def focus_search(self) -> None:
        """For a key."""
        self.list.focus_search()

    # -- what is shown -------------------------------------------------------------------------------------------

    def _show_counted(self) -> None:
        self.details.setVisible(self.runs.count > 0)
        if not self._waiting or not self.runs.shown:
            return
        if self._awaited:
            self._waiting = not self.table.select(self._awaited)
        else:
            self._waiting = False
            self.table.select_at(0)

    def _show_selected(self) -> None:
        rows = self.table.selected()
        said = [(row.found, row.card) for row in rows]
        if said != self._said:
            self._said = said
            self.details.show_runs(rows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.details.setFixedWidth(DETAILS_PX[self.width() < NARROW_PX])

    def _show_menu(self, at: QPoint) -> None:
        rows = self.table.selected()
        if not rows:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for deed in DEEDS:
            reason = deed.reason(rows)
            if deed.id == "trash":
                menu.addSeparator()
                menu.addAction("Copy the path", self._copy_path)
                menu.addSeparator()
            if not (deed.special and reason):
                made = menu.addAction(deed.text, partial(self.do, deed.id))
                made.setEnabled(not reason)
        menu.popup(at)

    def _copy_path(self) -> None:
        QApplication.clipboard().setText("\n".join(map(str, self.selected)))

    # -- keys and drops ------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """While the keys go to this page, undoing and finding are about recordings."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.focus_search()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder is listed, several recordings are compared; the rest is for the window."""
        paths = _dropped(event)
        if (len(paths) == 1 and paths[0].is_dir()) or (len(paths) > 1 and all(_is_run(path) for path in paths)):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _dropped(event)
        if len(paths) == 1:
            self.list.folder_chosen.emit(paths[0])
        else:
            self.compare_asked.emit(paths)


def _own(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Find)


def _dropped(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _is_run(path: Path) -> bool:
    return path.name.endswith(RUN_SUFFIX)
