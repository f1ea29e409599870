"""How soon the window is there, from the start of the interpreter; beside a bare Qt window and a bare pyqtgraph one.

    python -m tests.benchmarks.start [turns]

Warm: the best of so many starts, after one that isn't counted.
"""

import os
import subprocess
import sys
import tempfile
import time

from tests.benchmarks.table import head, row

_WATCH = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow
waited_for = []
def watch(kind):
    "Tells when the first of its kind has painted; ends the program when all have."
    paint = kind.paintEvent
    waited_for.append(kind)
    def painted(self, event):
        paint(self, event)
        if kind in waited_for:
            print(kind.__name__, time.monotonic(), flush=True)
            waited_for.remove(kind)
            if not waited_for:
                QApplication.exit(0)
    kind.paintEvent = painted
"""
_OURS = (
    _WATCH
    + """
from programmer_gui import app
from programmer_gui.views.main_window import MainWindow
watch(MainWindow)
waited_for.append("charts")
build = app.Rest.build
def built(rest, *asked):
    from programmer_gui.compose import Parts  # not before the first paint
    add_charts = Parts.add_charts
    def added(parts):
        from programmer_gui.plot.canvas import Canvas
        watch(Canvas)
        waited_for.remove("charts")
        add_charts(parts)
    Parts.add_charts = added
    build(rest, *asked)
app.Rest.build = built
app.run_window("sim:?seed=7&speed=60")
"""
)
_SHELL = (
    _WATCH
    + """
class Window(QMainWindow):
    pass
app = QApplication([])
watch(Window)
window = Window()
window.resize(1400, 900)
window.show()
app.exec()
"""
)
_GRAPH = (
    _WATCH
    + """
import pyqtgraph
app = pyqtgraph.mkQApp()
watch(pyqtgraph.PlotWidget)
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
plot.plot(range(1000))
window.setCentralWidget(plot)
window.resize(1400, 900)
window.show()
app.exec()
"""
)


def starts(code: str, turns: int) -> list[float]:
    """Seconds from the start of the interpreter to each thing watched for, the best of ``turns``."""
    with tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        environment = os.environ | places | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # warm: compiled by the turn that isn't counted
        times = [_start(code, environment) for _ in range(turns + 1)][1:]
    return [min(column) for column in zip(*times, strict=True)]


def _start(code: str, environment: dict[str, str]) -> list[float]:
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    seen = [float(line.split()[1]) - begin for line in done.stdout.splitlines()]
    if done.returncode or not seen:
        raise RuntimeError(done.stderr)
    return seen


def main(turns: int) -> None:
    """Prints the table."""
    shell, graph = starts(_SHELL, turns)[0], starts(_GRAPH, turns)[0]
    window, plots = starts(_OURS, turns)
    head()
    row("window painted (peer: bare Qt window)", window, shell, "s", "<= 0.4 s")
    row("plots alive (peer: bare pyqtgraph window)", plots, graph, "s", "<= 0.9 s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
