"""The composition root: from the command line to the window."""

import logging
import sys
import traceback
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_data_path, user_log_path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from firmware_link.errors import PumpError
from programmer_gui.compose import Parts, compose
from programmer_gui.single import SingleInstance
from programmer_gui.theme import Theme
from rig.resources import resource

NAME = "pump-programmer"
RECENT = 6
log = logging.getLogger(__name__)


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
    start_log()
    theme = Theme(app, str(settings.value("theme", "system")))
    parts = compose(app, theme, runs_folder(), recent=lambda: recent(settings))
    catch_exceptions(parts)
    single.asked.connect(lambda target, file: _asked(parts, target, file))
    parts.models.link.identity_changed.connect(lambda info: remember(settings, info.target) if info else None)
    parts.window.restore_layout(settings)
    parts.window.show()
    QTimer.singleShot(0, parts.window, lambda: _after_first_paint(parts, target, file))
    code = app.exec()
    parts.window.save_layout(settings)
    settings.setValue("theme", theme.mode)
    if not parts.end():
        log.error("a thread did not end in time")
    single.close()
    return int(code)


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
    return user_data_path(NAME) / "runs"


def start_log() -> None:
    """Diagnostics go to a file of bounded size; the user sees sentences."""
    folder = user_log_path(NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "window.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def catch_exceptions(parts: Parts) -> None:
    """What nobody expected is logged whole and shown as a sentence, with the details on request."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            parts.window.close()
            return
        log.error("unexpected", exc_info=(kind, error, trace))
        details = "".join(traceback.format_exception(kind, error, trace)[-4:])
        found = PumpError(f"Something in this program failed: {error}.", "The pump is not affected. See the log.")
        found.__cause__ = RuntimeError(details)
        parts.wiring.show_error("fault", found)

    sys.excepthook = hook


def recent(settings: QSettings) -> list[str]:
    """Targets used before, newest first."""
    value = settings.value("recent", [])
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def remember(settings: QSettings, target: str) -> None:
    """Puts ``target`` first among those used before."""
    settings.setValue("recent", [target, *(other for other in recent(settings) if other != target)][:RECENT])


def _after_first_paint(parts: Parts, target: str | None, file: Path | None) -> None:
    parts.start()
    if target:
        parts.controls.connect(target)
    QTimer.singleShot(0, parts.window, parts.complete)
    if file:
        parts.filing.open(file)


def _asked(parts: Parts, target: str, file: str) -> None:
    """A second start: come to the front, and do what it was asked."""
    window = parts.window
    window.showNormal() if window.isMinimized() else window.show()
    window.raise_()
    window.activateWindow()
    if target:
        parts.controls.connect(target)
    if file:
        parts.filing.open(Path(file))


if __name__ == "__main__":
    raise SystemExit(main())
