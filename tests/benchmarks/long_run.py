"""A long recording in the charts of the window: its first picture, every zoom after it, and the memory that takes;
beside pandas, which reads the same samples from CSV.

    python -m tests.benchmarks.long_run 1e8
    python -m tests.benchmarks.long_run FILE

pandas reads a hundredth of them, at least a million; what it would take for all is that, so many times.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep, thread_time

from tests.benchmarks import _long, table

SIZE_PX = (1400, 900)
TICK_S = 0.016
PATIENCE_S = 20.0
CSV_ROWS = 1_000_000
_FIELDS = ("t_us", "commanded_nl", "measured_nl", "flow_pl_s", "pressure_pa", "reservoir_nl", "charge_permille")


class Viewer:
    """The charts on a screen of their own, and the clock beside them; all in ms."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        from programmer_gui.charts import BenchCharts
        from programmer_gui.models.link import LinkModel
        from programmer_gui.theme import Theme

        self._app = QApplication.instance() or QApplication([])
        assert isinstance(self._app, QApplication)
        self.charts = BenchCharts(Theme(self._app, "light"), LinkModel())
        self.charts.stack.resize(*SIZE_PX)
        self.charts.stack.show()
        self.frame()
        self.longest_ms = 0.0

    def frame(self) -> float:
        """One tick: what was read is shown and painted."""
        began = perf_counter()
        self.charts.refresh()
        self._app.processEvents()
        return (perf_counter() - began) * 1e3

    def until(self, done: Callable[[], bool]) -> float:
        """Ticks until ``done``; the longest of them counts, too."""
        began = perf_counter()
        while not done():
            if perf_counter() - began > PATIENCE_S:
                raise RuntimeError("the picture did not come")
            self.longest_ms = max(self.longest_ms, self.frame())
            before = perf_counter()
            sleep(TICK_S)
            self.longest_ms = max(self.longest_ms, (perf_counter() - before - TICK_S) * 1e3)
        return (perf_counter() - began) * 1e3

    def shown(self) -> int:
        """Samples a stretch of what the window shows; 0 for nothing."""
        from programmer_gui.plot.pieces import finest

        window = self.charts.stack.canvas.in_view
        layer = finest(self.charts.stack.data.layers, window.begin, window.end)
        return 0 if layer is None else layer.every


def view(path: Path) -> dict[str, float]:
    """Opens it, zooms in step by step about its middle, pans, and zooms out; ms, and MB."""
    viewer = Viewer()
    stack, before_mb = viewer.charts.stack, _memory_mb()
    began, busy = perf_counter(), process_time()
    viewer.charts.show_recording(path)
    viewer.until(lambda: bool(stack.data.layers))
    found = {"first picture": (perf_counter() - began) * 1e3, "processor": (process_time() - busy) * 1e3}
    found["longest tick"] = viewer.longest_ms
    _settle(viewer)
    middle = stack.view.end - stack.view.span_s / 2
    viewer.longest_ms, at_once, sharp = 0.0, [], []
    while stack.view.span_s > 60.0:
        at_once.append(_after(viewer, lambda: stack.view.zoom(0.25, middle)))
        sharp.append(_settle(viewer))
    for _ in range(20):
        at_once.append(_after(viewer, lambda: stack.view.pan(stack.view.span_s)))
        sharp.append(_settle(viewer))
    for _ in range(10):
        at_once.append(_after(viewer, lambda: stack.view.zoom(4.0, middle)))
        sharp.append(_settle(viewer))
    at_once.append(_after(viewer, stack.fit))
    found |= {"zoom or pan, processor": max(busy for _, busy in at_once)}
    found |= {
        "zoom or pan, picture": max(taken for taken, _ in at_once),
        "zoom or pan, sharp": max(sharp),
        "tick": viewer.longest_ms,
    }
    found |= {"memory": _memory_mb(), "memory before": before_mb}
    viewer.charts.clear()
    return found


def _after(viewer: Viewer, move: Callable[[], None]) -> tuple[float, float]:
    """Until it is painted, and the window's processor time of that."""
    began, busy = perf_counter(), thread_time()
    move()
    viewer.frame()
    return (perf_counter() - began) * 1e3, (thread_time() - busy) * 1e3


def _settle(viewer: Viewer) -> float:
    """Until what is shown has all the detail that it gets."""
    began = perf_counter()
    last, since = viewer.shown(), perf_counter()
    while perf_counter() - since < 0.4:
        viewer.until(lambda: True)
        viewer.longest_ms = max(viewer.longest_ms, viewer.frame())
        sleep(TICK_S)
        if viewer.shown() != last:
            last, since = viewer.shown(), perf_counter()
    return (since - began) * 1e3


def _memory_mb() -> float:
    """The most that this process has held.  Where the system says it, not by getrusage, which begins with the most
    that the process had held from which this one was made."""
    status = Path("/proc/self/status")
    if status.exists():
        (most_kb,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(most_kb) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pandas_ms(path: Path, rows: int, folder: Path) -> float:
    """What pandas takes to read so many of its samples from CSV."""
    import duckdb
    import pandas

    csv = folder / "samples.csv"
    with duckdb.connect(str(path), read_only=True) as connection:
        names = ", ".join(_FIELDS)
        connection.execute(f"COPY (SELECT {names} FROM samples LIMIT {rows}) TO '{csv}' (HEADER)")
    began = perf_counter()
    pandas.read_csv(csv)
    took = (perf_counter() - began) * 1e3
    csv.unlink()
    return took


def main(what: str) -> None:
    """Prints the rows for a file of that many samples, or for that file."""
    with TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name:
        folder = Path(name)
        path = Path(what)
        if not path.exists():
            path = folder / "long.run.duckdb"
            _long.make(path, int(float(what)))
        command = [sys.executable, "-m", "tests.benchmarks.long_run", "--view", str(path)]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        count = _count(path)
        rows = min(max(CSV_ROWS, count // 100), count)
        peer = pandas_ms(path, rows, folder) * count / rows
    print(f"the peer is pandas, which reads {rows:.0e} rows of CSV, times {count // rows}")
    table.head()
    size = f"{count:.0e} samples"
    table.row(f"open {size}: first picture", found["first picture"], peer, "ms", "1e8: <= 1000 ms")
    table.row("... processor time of it", found["processor"], None, "ms", "")
    table.row("... longest tick of the window meanwhile", found["longest tick"], None, "ms", "")
    table.row("zoom or pan: picture, worst", found["zoom or pan, picture"], None, "ms", "<= 100 ms")
    table.row("... processor time of it", found["zoom or pan, processor"], None, "ms", "")
    table.row("zoom or pan: with every detail, worst", found["zoom or pan, sharp"], None, "ms", "")
    table.row("... longest tick of the window meanwhile", found["tick"], None, "ms", "<= 100 ms")
    table.row("memory of the process, at most", found["memory"], None, "MB", "<= 500 MB")
    table.row("... before it was opened", found["memory before"], None, "MB", "")


def _count(path: Path) -> int:
    from rig.recording.reader import RunReader

    with RunReader(path) as reader:
        return reader.summary().samples


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if sys.argv[1:2] == ["--view"]:
        print(json.dumps(view(Path(sys.argv[2]))))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "5e6")
