"""A command and its reply, over a pseudo-terminal to the true firmware, while another thread paints 60 times a second.

The peer is the usual way: replies in a queue that a timer of 16 ms drains.  Round trips by argument:

    python -m tests.benchmarks.round_trip 2000
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import numpy as np
from PySide6.QtCore import QLineF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from firmware_link import serial_port
from firmware_link.clock import SystemClock
from rig.live import LiveSession
from rig.session import Command, LinkState, Session
from rig.targets import open_session
from tests.benchmarks import table

FRAME_S = 1 / 60
TIMER_S = 0.016
CURVES, COLUMNS = 4, 1400
SERVE = "from rig.virtual.serve import serve; serve(1, 1.0, announce=lambda path: print(path, flush=True))"


def round_trips(session: Session, count: int, timer_s: float = 0.0) -> np.ndarray:
    """(count,) milliseconds.  With ``timer_s`` replies are looked for on that beat only."""
    taken = np.empty(count)
    for i in range(count):
        began = time.perf_counter()
        ticket = session.command(Command("get_status"))
        while True:
            if timer_s:
                time.sleep(timer_s)
            batch = session.poll(0.0 if timer_s else 1.0)
            if any(reply.ticket == ticket for reply in batch.replies):
                break
        taken[i] = time.perf_counter() - began
    return taken * 1e3


@contextmanager
def served() -> Iterator[Session]:
    """The firmware in a process of its own, under CPython, behind a pseudo-terminal."""
    with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        path = process.stdout.readline().strip()
        session = LiveSession(path, lambda: serial_port.open_port(path), SystemClock(), Random(1))
        yield session
        session.close()
        process.terminate()


@contextmanager
def interpreted() -> Iterator[Session]:
    """The firmware under a real MicroPython, behind a pseudo-terminal."""
    session = open_session("upy:")
    yield session
    session.close()


def paint(stop: threading.Event) -> int:
    """Draws what a page of plots draws, 60 times a second; the number of frames."""
    image = QImage(COLUMNS, 900, QImage.Format.Format_RGB32)
    lines = [QLineF(x, 450 - x % 90, x, 450 + x % 70) for x in range(COLUMNS)]
    frames = 0
    while not stop.is_set():
        began = time.perf_counter()
        image.fill(0)
        painter = QPainter(image)
        for _ in range(CURVES):
            painter.drawLines(lines)
        painter.end()
        frames += 1
        time.sleep(max(0.0, FRAME_S - (time.perf_counter() - began)))
    return frames


def measure(session: Session, name: str, count: int) -> None:
    while not any(link.state is LinkState.ONLINE for link in session.poll(5.0).links):
        pass
    results: list[np.ndarray] = []
    stop = threading.Event()

    def engine() -> None:
        results.append(round_trips(session, count))
        results.append(round_trips(session, max(20, count // 20), TIMER_S))
        stop.set()

    thread = threading.Thread(target=engine)
    thread.start()
    paint(stop)
    thread.join()
    ours, peer = results
    for title, figure, target in (("median", 50, "<= 0.3 ms"), ("p99", 99, "<= 10 ms")):
        row = f"round trip, {name}, {title}"
        table.row(row, float(np.percentile(ours, figure)), float(np.percentile(peer, figure)), "ms", target)


def main(count: int) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    table.head()
    for opened, name in ((served, "CPython"), (interpreted, "MicroPython")):
        with opened() as session:
            measure(session, name, count)
    application.quit()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
