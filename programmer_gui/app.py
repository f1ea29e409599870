"""The composition root: from the command line to the window.

The window is painted with its device bar and the Bench before the rest is imported.
"""

import logging
import os
import sys
import threading
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
from rig.places import APP as NAME
from rig.places import RUN_SUFFIX, runs_folder, state_folder, templates_folder
from rig.resources import resource

if TYPE_CHECKING:
    from programmer_gui.compose import Parts
    from programmer_gui.draftkeeper import DraftKeeper

RECENT = 6
DRAFT_AFTER_MS = 500  # the units of its check take a third of a second to load: the charts paint first
TOLD = "cut_short_told"  # recordings whose banner was dismissed
MOST_TOLD = 100


def main(argv: Sequence[str] | None = None) -> int:
    """The GUI script: an optional target, an optional program file."""
    words = list(sys.argv[1:] if argv is None else argv)
    files = [Path(word) for word in words if Path(word).is_file()]
    targets = [word for word in words if not Path(word).is_file()]
    return run_window(targets[0] if targets else None, files[0] if files else None)


def run_window(target: str | None = None, file: Path | None = None, at: str = "") -> int:
    """Opens the window, connects to ``target`` and opens ``file``, a recording at ``at``; returns the exit code.

    A second start raises the first window, hands both over to it and returns 0.
    """
    app = application()
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, NAME, NAME)
    single = SingleInstance(NAME, settings.fileName())
    if single.hand_over(target or "", str(file.resolve()) if file else "", at):
        return 0
    theme = Theme(app, str(settings.value("theme", "system")))
    window = MainWindow(Models(theme.tokens), theme)
    window.restore_layout(settings)
    rest = Rest(app, theme, window, settings)
    single.asked.connect(rest.asked)
    window.first_painted.connect(lambda: rest.build(target or "", str(file) if file else "", at))
    window.show()
    try:
        code = app.exec()
        window.save_layout(settings)
        settings.setValue("theme", theme.mode)
        settings.sync()
    finally:
        rest.end()
        single.close()
    return leave(int(code))


def leave(code: int) -> int:
    """``code``; where a thread could not be ended in time, the process ends with it at once: Python would tear the
    thread off within DuckDB or Qt, which aborts.  A recording that was open is found as it is at the next start."""
    if any(thread is not threading.main_thread() for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        logging.shutdown()
        os._exit(code)
    return code


class Rest:
    """What comes after the first paint: engine, recorder, the other pages, the charts."""

    def __init__(self, app: QApplication, theme: Theme, window: MainWindow, settings: QSettings) -> None:
        self._app, self._theme, self._window, self._settings = app, theme, window, settings
        self._parts: Parts | None = None
        self._keeper: DraftKeeper | None = None
        self._early: list[tuple[str, str, str]] = []

    def build(self, target: str, file: str, at: str = "") -> None:
        """Makes the parts, starts the threads and does what was asked for."""
        from programmer_gui import diagnostics
        from programmer_gui.compose import compose
        from programmer_gui.recorder import LookBack

        diagnostics.start_log(NAME)
        parts = compose(
            self._app,
            self._theme,
            runs_folder(),
            window=self._window,
            recent=lambda: recent(self._settings),
            templates_folder=templates_folder(),
            state_folder=state_folder(),
        )
        diagnostics.catch_exceptions(self._window.close, parts.wiring.show_error)
        diagnostics.end_when_told(lambda: self._app.exit(0))  # without a question: it could not be answered
        parts.models.link.identity_changed.connect(
            lambda info: None if info is None or info.can_seek else remember(self._settings, info.target)
        )
        self._parts = parts
        self._window.banners.dismissed.connect(self._keep_told)
        parts.recorder.put(LookBack(frozenset(names(self._settings, TOLD))))
        parts.start()
        for early in ((target, file, at), *self._early):
            self.do(*early)
        QTimer.singleShot(0, self._window, parts.add_charts)
        QTimer.singleShot(DRAFT_AFTER_MS, self._window, self._begin_draft)

    def _begin_draft(self) -> None:
        from programmer_gui.draftkeeper import DraftKeeper

        if self._parts is None or self._keeper is not None:
            return
        self._parts.models.program.begin()
        path = Path(self._settings.fileName()).with_name("draft.yaml")
        self._keeper = DraftKeeper(self._parts.models.program, path)

    def _keep_told(self, about: str) -> None:
        from programmer_gui.tending import CUT_SHORT

        if about.startswith(CUT_SHORT):
            told = [about.removeprefix(CUT_SHORT), *names(self._settings, TOLD)]
            self._settings.setValue(TOLD, told[:MOST_TOLD])

    def asked(self, target: str, file: str, at: str = "") -> None:
        """A second start: come to the front, and do what it was asked."""
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()
        self.do(target, file, at)

    def do(self, target: str, file: str, at: str = "") -> None:
        """Connects, and opens a file, a recording at ``at``; "" for neither.

        What is asked before the parts are made waits for them.
        """
        if self._parts is None:
            self._early.append((target, file, at))
            return
        if target:
            self._parts.controls.connect(target)
        if file.endswith(RUN_SUFFIX):
            self._parts.replaying.open(Path(file), at)
        elif file:
            self._begin_draft()  # first, so that undoing brings back what was being edited
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


def recent(settings: QSettings) -> list[str]:
    """Targets used before, newest first."""
    return names(settings, "recent")


def names(settings: QSettings, key: str) -> list[str]:
    """A list that is kept; one of a single name comes back as that name."""
    value = settings.value(key, [])
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def remember(settings: QSettings, target: str) -> None:
    """Puts ``target`` first among those used before."""
    settings.setValue("recent", [target, *(other for other in recent(settings) if other != target)][:RECENT])


if __name__ == "__main__":
    raise SystemExit(main())
