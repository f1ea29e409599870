"""The thread that compares recordings for the window; of several requests only the newest is answered."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from firmware_link.errors import PumpError, UsageError

if TYPE_CHECKING:  # what it takes is imported when it is first asked for
    from rig.compare.alignment import Alignment
    from rig.compare.findings import Comparison
    from rig.compare.tolerance import Tolerance

log = logging.getLogger(__name__)

END_S = 10.0
TELL_S = 0.1


class _Left(Exception):
    """Nobody waits for this comparison any more."""


@dataclass(frozen=True)
class Asked:
    """What is to be compared with what."""

    runs: tuple[Path, ...]  # all of them
    golden: Path
    alignment: "Alignment"
    tolerance: "Tolerance"

    @property
    def news(self) -> list[Path]:
        """All but the golden one."""
        return [path for path in self.runs if path != self.golden]


class CompareWorker(QObject):
    """``moved`` and ``ended`` are about the newest request, in the thread of the window."""

    moved = Signal(int, int, str)  # thousands of samples done and in all, and what goes on
    ended = Signal(object)  # Comparison or PumpError
    _moved = Signal(int, int, int, str)
    _ended = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._number = 0  # of the newest request
        self._waits = False  # for its answer
        self._threads: list[threading.Thread] = []
        self._moved.connect(self._pass_moved, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._pass_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is being compared, or was and hasn't been told yet."""
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        return bool(self._threads) or self._waits

    def start(self, asked: Asked) -> None:
        """Compares; what was asked for before is forgotten."""
        self._number += 1
        self._waits = True
        name = f"compare {self._number}"
        thread = threading.Thread(target=self._work, args=(asked, self._number), name=name, daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def forget(self) -> None:
        """Nobody waits for the answer any more."""
        self._number += 1
        self._waits = False

    def wait(self) -> None:
        """Until what is being compared has come to its end; it is told with the next events."""
        for thread in self._threads:
            thread.join(END_S)

    def end(self) -> None:
        """Ends what is being compared; nobody will hear of it."""
        self.forget()
        self.wait()

    def _work(self, asked: Asked, number: int) -> None:
        from rig.compare.comparing import compare

        told_s = monotonic()

        def progress(done: int, total: int | None, what: str) -> None:
            nonlocal told_s
            if number != self._number:
                raise _Left
            if monotonic() - told_s >= TELL_S:
                told_s = monotonic()
                self._moved.emit(number, done // 1000, (total or 0) // 1000, what)

        try:
            found: Comparison | PumpError = compare(
                asked.golden, asked.news, asked.alignment, asked.tolerance, progress
            )
        except _Left:
            return
        except PumpError as error:
            found = error
        except Exception as error:  # a thread must not die without a word
            log.exception("a comparison failed")
            found = UsageError(f"The comparison failed: {error!r}.", "Report this with the diagnostic log.")
        self._ended.emit(number, found)

    def _pass_moved(self, number: int, done: int, total: int, what: str) -> None:
        if number == self._number:
            self.moved.emit(done, total, what)

    def _pass_ended(self, number: int, found: "Comparison | PumpError") -> None:
        if number == self._number:
            self._waits = False
            self.ended.emit(found)
