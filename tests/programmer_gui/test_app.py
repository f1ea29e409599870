"""The composition root and the showcase, each in a process of its own as users start them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton

from programmer_gui import app, diagnostics, showcase
from programmer_gui.models.bundle import Models
from programmer_gui.views.main_window import MainWindow
from rig.recording.reader import RunReader
from rig.resources import resource

SCRIPT = """
import os, signal, sys
from PySide6.QtCore import QTimer
from programmer_gui import app
from PySide6.QtWidgets import QApplication

def look():
    (window,) = [one for one in QApplication.topLevelWidgets() if type(one).__name__ == "MainWindow"]
    if {crash}:
        QTimer.singleShot(0, lambda: 1 / 0)
    QTimer.singleShot(500, lambda: finish(window))

def finish(window):
    print("state", window.models.link.state.value, "|", *[one.what for one in window.banners.problems])
    os.kill(os.getpid(), signal.SIGTERM) if {term} else window.close()

app.application()
QTimer.singleShot(2000, look)
sys.exit(app.run_window("sim:?seed=7&speed=60"))
"""


ORPHAN = """
import os, random, sys
from pathlib import Path
from firmware_link.clock import SystemClock
from programmer_gui import recorder as r
from rig.targets import open_session

session = open_session("sim:?seed=7&speed=max", rng=random.Random(7))
batches = [session.poll(0.2) for _ in range(30)]
recorder = r.Recorder(Path(sys.argv[1]), SystemClock(), lambda last: None, lambda state: None)
for item in (r.Begin(session.info, session.clock), *batches):
    recorder.put(item)
recorder.step()
os._exit(9)
"""


def start(crash: bool, home: Path, term: bool = False) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(home)}
    environment |= {f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    command = [sys.executable, "-c", SCRIPT.format(crash=crash, term=term)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50, check=False)


@pytest.mark.parametrize(("crash", "term"), [(False, False), (True, False), (False, True)])
def test_the_window_starts_connects_and_ends_with_its_recording_whole(tmp_path, crash, term):
    ended = start(crash, tmp_path, term)
    assert ended.returncode == 0, ended.stderr
    assert "state online" in ended.stdout
    assert "Traceback" not in ended.stderr
    if crash:
        assert "division by zero" in ended.stdout
        assert "ZeroDivisionError" in "".join(path.read_text() for path in tmp_path.rglob("window.log"))
    (path,) = tmp_path.rglob("*.run.duckdb")
    with RunReader(path) as reader:
        assert reader.summary().ended == "closed"
        assert reader.summary().samples > 0


@pytest.mark.timeout(300)
def test_the_showcase_leaves_pictures_of_every_page_and_a_whole_run_file(tmp_path, qapp, capfd):
    assert showcase.main([str(tmp_path)]) == 0
    told = capfd.readouterr().out
    names = {path.name for path in tmp_path.glob("*.png")}
    for page in ("first-start", "bench", "program", "scripts", "runs", "device", "alarm"):
        for mode in ("light", "dark"):
            assert f"{page}-{mode}.png" in names
            image = QImage(str(tmp_path / f"{page}-{mode}.png"))
            assert (image.width(), image.height()) == showcase.SIZE
            average = image.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation).pixelColor(0, 0)
            assert (average.lightness() > 127) == (mode == "light")
    (path,) = tmp_path.glob("*.run.duckdb")
    with RunReader(path) as reader:
        kinds = [event.kind for event in reader.events()]
        assert reader.summary().ended == "closed"
    for kind in ("started", "bolus_ended", "refilled", "battery_eri", "motor_stall", "motor_stall_over"):
        assert kind in kinds
    assert kinds[-1] == "stopped"
    assert "Motor stalled" in told
    assert str(path) in told


def test_what_a_second_start_asks_before_the_parts_are_made_waits_for_them(qapp, qtbot, theme, tmp_path, monkeypatch):
    monkeypatch.setattr(diagnostics, "start_log", lambda name: None)
    monkeypatch.setattr(diagnostics, "catch_exceptions", lambda close, show: None)
    monkeypatch.setattr(diagnostics, "end_when_told", lambda end: None)
    monkeypatch.setattr(app, "runs_folder", lambda: tmp_path)
    window = MainWindow(Models(theme.tokens), theme)
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    rest = app.Rest(qapp, theme, window, settings)
    rest.asked("/dev/no-such-port", str(resource("programs/bolus-then-continuous.yaml")))
    rest.build("", "")
    try:
        assert window.models.program.name == "Bolus, then continuous"
        qtbot.waitUntil(lambda: bool(window.banners.problems), timeout=10_000)
        assert "no-such-port" in window.banners.problems[0].what
    finally:
        rest.end()
        window.deleteLater()


def test_a_recording_that_was_cut_short_is_told_of_until_that_is_dismissed(qapp, qtbot, theme, tmp_path, monkeypatch):
    subprocess.run([sys.executable, "-c", ORPHAN, str(tmp_path)], check=False, timeout=50)
    (path,) = tmp_path.glob("*.run.duckdb")
    for name in ("start_log", "catch_exceptions", "end_when_told"):
        monkeypatch.setattr(diagnostics, name, lambda *_: None)
    monkeypatch.setattr(app, "runs_folder", lambda: tmp_path)
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)

    def begin(told: bool) -> None:
        window = MainWindow(Models(theme.tokens), theme)
        rest = app.Rest(qapp, theme, window, settings)
        rest.build("sim:?seed=7&speed=60", "")
        try:
            qtbot.waitUntil(lambda: window.models.run.state.recording, timeout=10_000)
            problems = window.banners.problems
            assert [path.name in problem.what for problem in problems] == [True] * told
            if told:
                assert "safe" in problems[0].remedy
                (dismiss,) = [one for one in window.banners.findChildren(QPushButton) if one.text() == "Later"]
                dismiss.click()
        finally:
            rest.end()
            window.deleteLater()

    begin(told=True)
    begin(told=False)


OPENED = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from programmer_gui import app

def look():
    (window,) = [one for one in QApplication.topLevelWidgets() if type(one).__name__ == "MainWindow"]
    program = window.models.program
    print("opened", program.document["name"])
    program.undo_stack.undo()
    print("before", program.document["name"])
    window.close()

application = app.application()
settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, app.NAME, app.NAME)
draft = Path(settings.fileName()).with_name("draft.yaml")
draft.parent.mkdir(parents=True, exist_ok=True)
draft.write_text(Path(sys.argv[1]).read_text().replace("Evening and night", "Never saved"))
QTimer.singleShot(2000, look)
sys.exit(app.run_window(None, Path(sys.argv[1])))
"""


def test_what_was_never_saved_is_an_undo_behind_the_file_that_is_opened(tmp_path):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    environment |= {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    words = [sys.executable, "-c", OPENED, str(resource("programs/flex-day.yaml"))]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=50)
    assert done.stdout.splitlines() == ["opened Evening and night", "before Never saved"], done.stderr


STUCK = """\
import threading
from programmer_gui import app
threading.Thread(target=threading.Event().wait, daemon=True).start()
app.leave(3)
raise SystemExit("it went on")
"""


def test_a_thread_that_cannot_be_ended_is_not_torn_off_by_python():
    ended = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=50, check=False)
    assert (ended.returncode, ended.stderr) == (3, "")
