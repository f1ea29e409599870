"""Work that takes a while, on a thread of its own, one piece at a time; its end is told on Qt's thread."""

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from firmware_link.errors import PumpError, UsageError

END_S = 20.0
log = logging.getLogger(__name__)


class Stopped(PumpError):
    """Somebody has stopped the work."""


class Background(QObject):
    """Belongs to whoever starts the work."""

    moved = Signal(int, int, str)  # done, of how many; what goes on
    ended = Signal(object, object)  # what it returned, or None; the PumpError that ended it, or None

    def __init__(self, parent: QObject, name: str) -> None:
        super().__init__(parent)
        self._name = name
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.ended.connect(self.close)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._thread is not None

    def start(self, work: Callable[[], object]) -> bool:
        """Does ``work``, unless something is under way already; returns whether it does."""
        if self.busy:
            return False
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(work,), name=self._name, daemon=True)
        self._thread.start()
        return True

    def progress(self, done: int, total: int | None, what: str) -> None:
        """For the work to say how far it is.  Raises Stopped where it is no longer wanted."""
        if self._stop.is_set():
            raise Stopped("It was stopped.")
        self.moved.emit(done, total or 0, what)

    def stop(self) -> None:
        """What is under way is to end at its next word of progress."""
        self._stop.set()

    def _run(self, work: Callable[[], object]) -> None:
        try:
            result, error = work(), None
        except PumpError as raised:
            result, error = None, raised
        except Exception as raised:
            log.exception("%s failed", self._name)
            result, error = None, UsageError(f"Something in this program failed: {raised}.", "See the diagnostic log.")
        self.ended.emit(result, error)

    def close(self) -> None:
        """Ends what is under way."""
        self.stop()
        if self._thread is not None:
            self._thread.join(END_S)
            self._thread = None
