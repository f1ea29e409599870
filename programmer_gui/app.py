"""The composition root: from the command line to the window.

The window is painted with its device bar and the Bench before the rest is imported.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from programmer_gui.models.bundle import Models
from programmer_gui.single import SingleInstance
from programmer_gui.theme import Theme
from programmer_gui.views.main_window import MainWindow
from rig.resources import resource

if TYPE_CHECKING:
    from programmer_gui.compose import Parts
    from programmer_gui.draftkeeper import DraftKeeper

NAME = "pump-programmer"
RECENT = 6


def main(argv: Sequence[str] | None = None) -> int:
    """The GUI script: an optional target, an optional program file."""
    words = list(sys.argv[1:] if argv is None else argv)
    files = [Path(word) for word in words if Path(word).is_file()]
    targets = [word for word in words if not Path(word).is_file()]
    return run_window(targets[0] if targets else None, files[0] if files else None)


def run_window(target: str | None = None, file: Path | None = None) -> int:
    """Opens the window, connects to ``target`` and opens ``file``; returns the exit code.

    A second start raises the first window, hands both over to it and returns 0.
    """
    app = application()
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, NAME, NAME)
    single = SingleInstance(NAME, settings.fileName())
    if single.hand_over(target or "", str(file.resolve()) if file else ""):
        return 0
    theme = Theme(app, str(settings.value("theme", "system")))
    window = MainWindow(Models(theme.tokens), theme)
    window.restore_layout(settings)
    rest = Rest(app, theme, window, settings)
    single.asked.connect(rest.asked)
    window.first_painted.connect(lambda: rest.build(target or "", str(file) if file else ""))
    window.show()
    code = app.exec()
    window.save_layout(settings)
    settings.setValue("theme", theme.mode)
    rest.end()
    single.close()
    return int(code)


class Rest:
    """What comes after the first paint: engine, recorder, the other pages, the charts."""

    def __init__(self, app: QApplication, theme: Theme, window: MainWindow, settings: QSettings) -> None:
        self._app, self._theme, self._window, self._settings = app, theme, window, settings
        self._parts: Parts | None = None
        self._keeper: DraftKeeper | None = None

    def build(self, target: str, file: str) -> None:
        """Makes the parts, starts the threads and does what was asked for."""
        from programmer_gui import diagnostics
        from programmer_gui.compose import compose

        diagnostics.start_log(NAME)
        parts = compose(
            self._app, self._theme, runs_folder(), window=self._window, recent=lambda: recent(self._settings)
        )
        diagnostics.catch_exceptions(self._window.close, parts.wiring.show_error)
        parts.models.link.identity_changed.connect(
            lambda info: remember(self._settings, info.target) if info is not None else None
        )
        self._parts = parts
        parts.start()
        self.do(target, file)
        QTimer.singleShot(0, self._window, self._complete)

    def _complete(self) -> None:
        from programmer_gui.draftkeeper import DraftKeeper

        assert self._parts is not None
        self._parts.complete()
        path = Path(self._settings.fileName()).with_name("draft.yaml")
        self._keeper = DraftKeeper(self._parts.models.program, path)

    def asked(self, target: str, file: str) -> None:
        """A second start: come to the front, and do what it was asked."""
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()
        self.do(target, file)

    def do(self, target: str, file: str) -> None:
        """Connects, and opens a file; "" for neither."""
        if self._parts is not None and target:
            self._parts.controls.connect(target)
        if self._parts is not None and file:
            self._parts.filing.open(Path(file))

    def end(self) -> None:
        """Ends the threads in good order."""
        from programmer_gui import diagnostics

        if self._keeper is not None:
            self._keeper.keep()
        if self._parts is not None and not self._parts.end():
            diagnostics.log.error("a thread did not end in time")


def application() -> QApplication:
    """The one QApplication."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([NAME])
    app.setApplicationName("Pump Programmer")
    app.setDesktopFileName(NAME)
    app.setWindowIcon(QIcon(str(resource("icons/app.svg"))))
    return app


def runs_folder() -> Path:
    """Where recordings go."""
    from platformdirs import user_data_path

    return user_data_path(NAME) / "runs"


def recent(settings: QSettings) -> list[str]:
    """Targets used before, newest first."""
    value = settings.value("recent", [])
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def remember(settings: QSettings, target: str) -> None:
    """Puts ``target`` first among those used before."""
    settings.setValue("recent", [target, *(other for other in recent(settings) if other != target)][:RECENT])


if __name__ == "__main__":
    raise SystemExit(main())
