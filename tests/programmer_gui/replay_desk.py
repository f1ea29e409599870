"""A window on a recording of half an hour, whose time is the test's."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel

from firmware_link.clock import ManualClock
from programmer_gui.compose import Parts, compose
from programmer_gui.theme import Theme
from programmer_gui.views.main_window import MainWindow
from rig.session import Session
from rig.targets import open_session
from rig.therapy.modes import Bolus
from rig.virtual.faults import Fault

FAST = "sim:?seed=7&speed=max"


def shown(parts: Parts) -> dict[str, Any]:
    """All that the window's fields are made of."""
    models = parts.models
    pump, care, rig = models.pump, models.pump.care, models.rig
    return {
        "state": (pump.state, pump.activity, pump.alarm_bits, pump.digest, pump.clock_set, pump.bolus_left_ms),
        "readings": pump.readings,
        "progress": pump.progress,
        "clock": pump.clock,
        "care": (care.said, care.stopped_us, care.standing, care.settings, care.demand),
        "link": (models.link.state, models.link.counters),
        "truth": rig.rows,
        "faults": [(fault.what, fault.amount) for fault in rig.faults],
        "held": models.program.held and models.program.held.digest(),
    }


@dataclass
class Table:
    """A window whose time is the test's."""

    parts: Parts
    clock: ManualClock
    app: QApplication
    taken: list[Any] = field(default_factory=list)

    def turn(self, seconds: float = 0.0, turns: int = 1) -> None:
        for _ in range(turns):
            self.clock.advance(seconds)
            self.parts.engine.step(0.0)
            self.parts.recorder.step()
            self.parts.archive.step()
            self.parts.bridge.tick()
            self.app.processEvents()

    def let(self, seconds: float) -> None:
        """So much time of a rig."""
        engine = self.parts.engine
        end_s = engine.clock.monotonic() + seconds
        while (left_s := end_s - engine.clock.monotonic()) > 0:
            engine.step(min(left_s, 20.0))
            self.parts.recorder.step()
        self.parts.bridge.tick()

    def open(self, path: Path, at: str = "") -> None:
        self.parts.replaying.open(path, at)
        self.turn(turns=6)
        assert self.parts.models.player.is_open
        assert self.parts.models.player.landmarks is not None

    def seek(self, share: float) -> int:
        player = self.parts.models.player
        player.seek(player.start_us + round(share * (player.end_us - player.start_us)))
        self.turn(turns=2)
        return player.at_us

    def play_to(self, at_us: int, speed: float = 300.0) -> None:
        """Plays on from where it is, and pauses exactly there."""
        player = self.parts.models.player
        player.set_speed(speed)
        player.play()
        self.turn()
        while player.at_us < at_us and player.playing:
            left_s = (at_us - player.at_us) / 1e6
            if left_s > 2.0 or speed == math.inf:
                self.turn(min(0.1, (left_s - 1.0) / speed))
            else:
                player.set_speed(1.0)
                self.turn()
                self.turn((at_us - player.at_us) / 1e6)
        player.pause()
        self.turn(turns=2)


def laid(app: QApplication, theme: Theme, folder: Path) -> Table:
    clock, rng = ManualClock(1_767_600_000_000_000), random.Random(7)

    def opener(target: str) -> Session:
        return open_session(target, rng=rng, clock=clock)

    parts = compose(app, theme, folder, opener=opener, clock=clock)
    parts.window.resize(1400, 900)
    parts.window.show()
    parts.complete()
    return Table(parts, clock, app)


def word_colours(window: MainWindow) -> set[str]:
    """Of what is written on STOP."""
    words = window.bar.stop.findChildren(QLabel)
    return {word.palette().color(word.foregroundRole()).name() for word in words}


def cleared(table: Table) -> None:
    table.parts.engine.close()
    table.parts.recorder.close()
    table.parts.end()
    table.parts.window.deleteLater()
    table.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@dataclass
class Live:
    """A run as its window showed it when it ended."""

    path: Path
    shown: dict[str, Any]
    log: list[tuple[Any, ...]]
    totals: Any


def lines(table: Table) -> list[tuple[Any, ...]]:
    """The log as it reads."""
    return sorted(entry[:7] for entry in table.parts.models.log.entries)


@pytest.fixture(scope="session")
def live(qapp: QApplication, theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Live:
    """Half an hour with a bolus, a note, a lost link, a stall, a reset and a low battery."""
    table = laid(qapp, theme, tmp_path_factory.mktemp("live"))
    parts, models = table.parts, table.parts.models
    taken: list[Any] = []
    parts.bridge.received.connect(taken.append)
    parts.controls.connect(FAST)
    while not models.link.can_control:
        table.turn()
        table.let(0.5)
    parts.controls.change_setting("sample_interval_ms", 1000)
    models.program.edit("dose", "900 µg/day")
    parts.controls.write()
    table.let(60)
    parts.controls.note("Water, 0.51 mm tube")
    parts.controls.bolus(Bolus(10_000, 120_000))
    table.let(360)
    parts.controls.inject(Fault("unplug", duration_s=120.0))
    table.let(150)
    parts.controls.inject(Fault("stall", duration_s=240.0))
    table.let(400)
    parts.controls.clear_alarms()
    parts.controls.start()
    table.let(200)
    parts.controls.inject(Fault("reset"))
    table.let(100)
    parts.controls.inject(Fault("battery_step", amount=6.0))
    table.let(400)
    told = Live(models.run.state.path, shown(parts), lines(table), taken[-1].totals)
    cleared(table)
    return told


@pytest.fixture(scope="module")
def recorded_window(
    qapp: QApplication, theme: Theme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Table, Path]]:
    folder = tmp_path_factory.mktemp("runs")
    made = laid(qapp, theme, folder)
    yield made, folder
    cleared(made)


@pytest.fixture
def table(recorded_window: tuple[Table, Path]) -> Iterator[Table]:
    """One window for all tests, with nothing open."""
    made, _ = recorded_window
    yield made
    made.parts.controls.disconnect()
    made.turn(turns=3)
    made.parts.wiring.asking.dialogs.close("note")
    for problem in list(made.parts.window.banners.problems):
        made.parts.window.banners.dismiss(problem.key)
    made.parts.window.show_page(0)
