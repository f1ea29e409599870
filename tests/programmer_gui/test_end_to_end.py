"""The whole product through the real window: program, start, bolus, refill, battery, STOP, and the run file."""

import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from rig.recording.reader import RunReader
from rig.virtual.faults import Fault

DEADLINE_MS = 30_000


def has_micropython() -> bool:
    return sys.platform != "win32" and (
        shutil.which("micropython") is not None or Path(sys.executable).with_name("micropython").exists()
    )


@pytest.mark.parametrize(
    "target",
    [
        "sim:?seed=7&speed=300",
        pytest.param(
            "upy:?seed=7&speed=300",
            marks=pytest.mark.skipif(not has_micropython(), reason="needs the micropython command"),
        ),
    ],
)
def test_a_bench_session_from_connecting_to_the_run_file(parts, qtbot: QtBot, tmp_path, target):
    window, models = parts.window, parts.models
    kinds = lambda: [entry.kind for entry in models.log.entries]  # noqa: E731

    def until(done):
        qtbot.waitUntil(done, timeout=DEADLINE_MS)

    def click(widget: QPushButton):
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def ask(action: str, key: str):
        window.actions_[action].trigger()
        return parts.wiring.asking.dialogs.find(key)

    parts.start()
    connect = ask("connect", "connect")
    connect.address.setText(target)
    click(connect.ok)
    until(lambda: models.link.can_control and models.pump.readings is not None)

    window.show_page(1)
    dose = window.program.form.inputs["dose"]
    dose.setFocus()
    dose.selectAll()
    qtbot.keyClicks(dose, "100 ug/day")
    click(window.program.write)
    until(lambda: models.program.held is not None)
    window.show_page(0)
    window.actions_["start"].trigger()
    until(lambda: models.pump.state == "running")

    def drawn() -> float:
        track = parts.charts.stack.data.track("measured")
        return float(track.y("measured")[-1]) if track is not None and len(track) else 0.0

    before = drawn()
    until(lambda: drawn() > before + 1.0)  # µL

    bolus = ask("bolus", "bolus")
    bolus.dose.line.setText("10 ug")
    bolus.duration.line.setText("2 min")
    click(bolus.ok)
    until(lambda: "bolus_ended" in kinds())

    refill = ask("refill", "refill")
    refill.withdrawn.line.setText("19.9 mL")
    refill.filled.line.setText("20 mL")
    click(refill.ok)
    until(lambda: "refilled" in kinds())

    parts.controls.inject(Fault("low_battery", amount=5))
    until(lambda: "battery_eri" in kinds())

    qtbot.mousePress(window.bar.stop, Qt.MouseButton.LeftButton)
    until(lambda: models.pump.state == "stopped" and "stopped" in kinds())
    window.close()
    assert parts.end()

    (path,) = (tmp_path / "runs").glob("*.run.duckdb")
    with RunReader(path) as reader:
        told = [event.kind for event in reader.events()]
        numbers = [event.number for event in reader.events()]
        summary = reader.summary()
        programs = [program.name for program in reader.programs()]
    wanted = (
        "session_opened",
        "program_committed",
        "started",
        "bolus_started",
        "bolus_ended",
        "refilled",
        "battery_eri",
        "stopped",
    )
    places = [told.index(kind) for kind in wanted[:-1]] + [len(told) - 1 - told[::-1].index("stopped")]
    assert places == sorted(places)
    assert numbers == list(range(1, len(numbers) + 1))
    assert programs[0] == "Untitled program"
    assert summary.ended == "closed"
    assert abs(summary.commanded_nl - summary.planned_nl) <= 7  # a step of the rotor, and a nanolitre of rounding
