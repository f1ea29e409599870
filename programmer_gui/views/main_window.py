"""The one window: device bar, banners, rail, pages, footer."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from programmer_gui.models.bundle import Models
from programmer_gui.playing import path_of
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.banners import Banners
from programmer_gui.views.bench_page import BenchPage
from programmer_gui.views.devicebar import DeviceBar
from programmer_gui.views.footer import Footer
from programmer_gui.views.player_bar import PlayerBar
from programmer_gui.views.rail import PAGES, Rail

if TYPE_CHECKING:  # pages take a while to import: after the first paint
    from programmer_gui.views.device_page import DevicePage
    from programmer_gui.views.program_page import ProgramPage
    from programmer_gui.views.runs_page import RunsPage
    from programmer_gui.views.scripts_page import ScriptsPage

TITLE = "Pump Programmer"
FRAME = QSize(8, 32)  # about what a window manager puts around a window


class MainWindow(QMainWindow):
    """Lays the parts out; what they ask for is carried out by ``wiring``.

    It is shown with its device bar and the Bench; the other pages come with ``add_pages``.
    """

    program: "ProgramPage"
    scripts: "ScriptsPage"
    runs: "RunsPage"
    device: "DevicePage"

    closing = Signal(QCloseEvent)
    dropped = Signal(Path)
    first_painted = Signal()

    def __init__(self, models: Models, theme: Theme) -> None:
        super().__init__()
        self._painted = False
        self._tabbed: QWidget | None = None
        self.models, self.theme = models, theme
        self.actions_ = Actions(theme, self)
        self.bar = DeviceBar(models.link, models.pump, theme)
        self.banners = Banners(theme)
        self.rail = Rail(theme)
        self.bench = BenchPage(models, self.actions_, theme)
        self.player = PlayerBar(models.player, self.actions_, theme)
        self.footer = Footer(models.run, theme)
        self.pages = QStackedWidget()
        self._lay_out()
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 600)
        self.resize(1400, 900)
        self._fit_screen()
        self.rail.chosen.connect(self.show_page)
        self.show_page(0)
        self.setWindowTitle(TITLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)  # once all in it has painted too

    def add_pages(self, runs_folder: Path) -> None:
        """The pages beside the Bench."""
        from programmer_gui.views.device_page import DevicePage
        from programmer_gui.views.program_page import ProgramPage
        from programmer_gui.views.runs_page import RunsPage
        from programmer_gui.views.scripts_page import ScriptsPage

        models = self.models
        self.program = ProgramPage(models.program, models.pump, models.link, self.actions_, self.theme)
        self.scripts = ScriptsPage(models.scripts, models.link, self.theme)
        self.runs = RunsPage(self.theme, runs_folder)
        self.device = DevicePage(models, self.actions_, self.theme)
        for page in (self.program, self.scripts, self.runs, self.device):
            self.pages.addWidget(page)
        assert self.pages.count() == len(PAGES)
        models.link.state_changed.connect(self._retitle)
        models.link.identity_changed.connect(self._retitle)
        models.program.changed.connect(self._retitle)
        models.program.undo_stack.cleanChanged.connect(self._show_modified)
        self._retitle()

    def _fit_screen(self) -> None:
        """All of the window on the screen, its frame too: STOP is at the right edge."""
        free = self.screen().availableGeometry().adjusted(0, 0, -FRAME.width(), -FRAME.height())
        if not self.isMaximized() and not self.isFullScreen():
            self.resize(self.size().boundedTo(free.size()))
            left = min(self.x(), free.right() + 1 - self.width())
            top = min(self.y(), free.bottom() + 1 - self.height())
            self.move(max(left, free.left()), max(top, free.top()))

    def show_page(self, index: int) -> None:
        """Shows the page at this place in rail.PAGES."""
        self.pages.setCurrentIndex(index)
        self.rail.show_page(index)

    def restore_layout(self, settings: QSettings) -> None:
        """As it was left."""
        geometry, split = settings.value("geometry"), settings.value("bench_split")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
            self._fit_screen()
        if isinstance(split, QByteArray):
            self.bench.splitter.restoreState(split)

    def save_layout(self, settings: QSettings) -> None:
        """For the next time."""
        settings.setValue("geometry", self.saveGeometry())
        settings.setValue("bench_split", self.bench.splitter.saveState())

    def focusNextPrevChild(self, next: bool) -> bool:
        """Remembers what Tab went to."""
        moved = super().focusNextPrevChild(next)
        self._tabbed = self.focusWidget()
        return moved

    def event(self, event: QEvent) -> bool:
        """The space bar presses the button that Tab went to; else, also after a click on one, it plays a recording."""
        focus = self.focusWidget()
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and isinstance(focus, QAbstractButton)
            and focus is self._tabbed
        ):
            event.accept()
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls()[:1]:
            if url.isLocalFile():
                self.dropped.emit(Path(url.toLocalFile()))

    def _lay_out(self) -> None:
        self.pages.addWidget(self.bench)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.pages, 1)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.banners)
        layout.addLayout(middle, 1)
        layout.addWidget(self.player)
        layout.addWidget(self.footer)
        self.setCentralWidget(central)
        self.actions_.fill(self.menuBar())

    def _show_modified(self, clean: bool) -> None:
        self.setWindowModified(not clean)

    def _retitle(self, *_: object) -> None:
        link = self.models.link
        parts = [f"{self.models.program.name}[*]"]
        if link.info is not None:
            parts.append(path_of(link.info.target).name if link.recorded else link.info.target)
        self.setWindowTitle(" – ".join([*parts, TITLE]))
