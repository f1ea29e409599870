"""From the STOP key to its frame at the far end of the cable, with the window painting live telemetry.

    python -m tests.benchmarks.stop [presses]

The pump is another process behind a pseudo-terminal, which says when the frame reached it.  Half of the presses
come while the window's own thread is at other work for a while.
The peer is how comparable programs send: a queue that a 16 ms timer empties.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from programmer_gui.compose import compose
from programmer_gui.theme import Theme
from rig.session import LinkState
from tests.benchmarks.table import head, row

STALL_S = 0.03
_PUMP = """
import os, pty, select, sys, time, tty
from tests.firmware_link.fake_pump import FakePump
master, slave = pty.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
pump = FakePump()
stops = 0
due = time.monotonic()
while True:
    ready, _, _ = select.select([master, sys.stdin], [], [], max(0.0, due - time.monotonic()))
    now = time.monotonic()
    if sys.stdin in ready:
        break
    if master in ready:
        pump.feed(os.read(master, 4096))
        heard = sum(name == "stop" for name, _, _ in pump.heard)
        if heard > stops:
            stops = heard
            print(now, flush=True)
    if now >= due:
        due += 0.02
        if pump.session:
            pump.telemetry(10)
    os.write(master, pump.take())
"""


def until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Runs the window until ``condition()``."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("the window did not get there")
        QTest.qWait(5)


def presses(app: QApplication, count: int, folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds from each press to its frame: while painting, and with the window's thread stalled first."""
    pump = subprocess.Popen(
        [sys.executable, "-c", _PUMP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert pump.stdout is not None
    parts = compose(app, Theme(app, "light"), folder)
    try:
        parts.window.resize(1400, 900)
        parts.window.show()
        parts.start()
        parts.complete()
        parts.controls.connect(pump.stdout.readline().strip())
        until(lambda: parts.models.link.state is LinkState.ONLINE)
        QTest.qWait(500)
        took = [_press(parts.window, pump.stdout, stall_s) for _ in range(count // 2) for stall_s in (0.0, STALL_S)]
        return sorted(took[::2]), sorted(took[1::2])
    finally:
        parts.end()
        pump.kill()
        pump.communicate()


def _press(window: QWidget, heard: IO[str], stall_s: float) -> float:
    """One press, ``stall_s`` of other work coming between it and the event loop."""
    begin = time.monotonic()
    QTimer.singleShot(0, window, lambda: (_work(stall_s), QTest.keyClick(window, Qt.Key.Key_F12)))
    QApplication.processEvents()
    at = float(heard.readline())
    QTest.qWait(60)
    return (at - begin) * 1e3


def _work(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def main(count: int) -> None:
    """Prints the table."""
    app = QApplication.instance() or QApplication(["stop"])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        painting, stalled = presses(app, count, Path(folder))
    head()
    row("STOP to the wire, painting: median", statistics.median(painting), 16.0, "ms", "<= 50 ms")
    row("STOP to the wire, painting: worst", painting[-1], None, "ms", "<= 50 ms")
    row(f"STOP to the wire, after {STALL_S * 1e3:.0f} ms of stall: worst", stalled[-1], None, "ms", "<= 50 ms")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
