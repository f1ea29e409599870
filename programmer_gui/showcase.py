"""The same window, offscreen, through a short scripted demonstration; pictures and the run file stay behind.

Deterministic: no threads, virtual time, seeded numbers.  ``python -m programmer_gui.showcase [FOLDER] [--all]``; with
``--all`` every scene, else what a first look needs.  It is performed once in each mode: a change of theme takes Qt
longer than the scenes.
"""

import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # what the offscreen platform can't do

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from firmware_link.clock import ManualClock
from firmware_link.errors import PumpError, RequestTimeout
from programmer_gui import (
    balance_scenes,
    care_scenes,
    compare_scenes,
    export_scenes,
    replay_scenes,
    report_scenes,
    rig_scenes,
    runs_scenes,
    scenes,
    script_scenes,
    taking_scenes,
    write_scenes,
)
from programmer_gui.app import application
from programmer_gui.compose import Parts, compose
from programmer_gui.theme import Theme
from programmer_gui.views.rail import PAGES
from rig.targets import open_session
from rig.therapy import units
from rig.therapy.modes import Bolus
from rig.virtual.base import START_UTC_US
from rig.virtual.faults import Fault

TARGET = "sim:?seed=7&speed=max"
FOLDER = Path("build/showcase")
SIZE = (1400, 900)
SAMPLE_MS = 500  # enough for hours at a glance
TURN_S = 20.0  # of the rig's time
STANDS = 20  # steps in which no time passes: the rig waits for somebody's answer
PATIENCE_S = 600.0  # of the rig's time, for anything that is waited for


@dataclass
class Stage:
    """The window and the time it lives in."""

    parts: Parts
    clock: ManualClock
    folder: Path
    mode: str

    def turn(self, seconds: float = TURN_S) -> None:
        """Lets so much of the rig's time pass, and shows what came of it."""
        engine = self.parts.engine
        engine.step(0.0)  # which may connect to another clock
        end_s, stood = engine.clock.monotonic() + seconds, 0
        while (left_s := end_s - engine.clock.monotonic()) > 0 and engine.clock is not self.clock and stood < STANDS:
            engine.step(left_s)
            stood = 0 if end_s - engine.clock.monotonic() < left_s else stood + 1
        self.clock.advance(seconds)
        self.parts.recorder.step()
        self.parts.bridge.tick()
        self.parts.browsing.settle()
        application().processEvents()

    def let(self, minutes: float) -> None:
        """Lets so many minutes of the rig pass."""
        for _ in range(round(minutes * 60 / TURN_S)):
            self.turn()

    def until(self, what: str, done: Callable[[], bool]) -> None:
        """Waits for ``done``; raises RequestTimeout naming ``what`` where it doesn't come."""
        for _ in range(round(PATIENCE_S / 0.5)):
            if done():
                return
            self.turn(0.5)
        raise RequestTimeout(f"The showcase waited in vain for {what}.")

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """``widget``, or the window, as it looks."""
        application().sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no event loop does it here
        for _ in range(3):
            application().processEvents()
        self.keep(name, (widget or self.parts.window).grab())

    def keep(self, name: str, picture: QPixmap) -> None:
        """Saves ``picture`` under a name that tells the mode."""
        picture.save(str(self.folder / f"{name}-{self.mode}.png"))


def perform(stage: Stage) -> None:
    """The demonstration: program, start, bolus, refill, battery, a stalled rotor, and back to work."""
    parts, models = stage.parts, stage.parts.models
    stage.picture("first-start")
    parts.controls.connect(TARGET)
    stage.until("the pump", lambda: models.link.can_control)
    parts.controls.change_setting("sample_interval_ms", SAMPLE_MS)
    models.program.edit("name", "Bench demonstration")
    models.program.edit("dose", "900 ug/day")
    models.program.edit("bolus", {"dose": "20 ug", "duration": "10 min", "after": "resume"})
    models.program.edit("on-demand", {"dose": "20 ug", "duration": "5 min", "max-per-day": 4, "lockout": "2 h"})
    parts.controls.write()
    stage.until("the program", lambda: models.program.held is not None and models.pump.state == "running")
    parts.controls.note("Water, 0.51 mm tube, room at 22 °C")
    stage.let(14)
    parts.controls.bolus(Bolus(10_000, 300_000))
    stage.let(10)
    parts.wiring.asking.dialogs.close("receipt")
    rig_scenes.healthy(stage)
    care_scenes.on_demand(stage)
    parts.window.show_page(0)
    parts.controls.inject(Fault("battery_step", amount=6.0))
    stage.let(8)


def fail_and_recover(stage: Stage) -> None:
    """A stalled rotor stops the pump; the cause is removed, and it goes on."""
    parts, models = stage.parts, stage.parts.models
    parts.controls.inject(Fault("stall", duration_s=240.0))
    stage.until("the stall alarm", lambda: models.pump.state == "stopped")
    stage.let(2)
    parts.window.actions_["fit"].trigger()
    stage.picture("alarm")
    stage.let(3)
    parts.controls.clear_alarms()
    parts.controls.start()
    stage.until("the pump to run", lambda: models.pump.state == "running")
    stage.let(8)


def pictures(stage: Stage, whole: bool) -> None:
    """Every page; small as well, if all is asked for."""
    window = stage.parts.window
    window.actions_["fit"].trigger()
    stage.parts.models.program.edit("dose", "800 ug/day")
    for page, (name, _, _) in enumerate(PAGES):
        window.show_page(page)
        script_scenes.settle(stage)
        for suffix, size in scenes.SIZES.items() if whole else [("", SIZE)]:
            window.resize(*size)
            stage.turn(0.1)
            stage.picture(name + suffix)
    window.resize(*SIZE)


def summary(stage: Stage) -> str:
    """What happened, in words."""
    models = stage.parts.models
    progress, state = models.pump.progress, models.run.state
    kinds = Counter(entry.title for entry in models.log.entries)
    assert progress is not None
    rows = [
        ("delivered", units.volume_text(progress.delivered_nl or progress.commanded_nl)),
        ("planned", units.volume_text(progress.planned_nl)),
        ("recorded", f"{state.samples} samples, {state.events} events"),
        ("log", ", ".join(f"{title} ×{count}" if count > 1 else title for title, count in kinds.items())),
        ("run file", str(state.path)),
        ("pictures", f"{len(list(stage.folder.glob('*.png')))} in {stage.folder}"),
    ]
    return "\n".join(f"{title:<10} {text}" for title, text in rows)


def afterwards(stage: Stage) -> None:
    """What is done with the recording, and with other pumps."""
    export_scenes.of_this_run(stage)
    report_scenes.of_this_run(stage)
    taking_scenes.review(stage)
    replay_scenes.of_this_run(stage)
    runs_scenes.browse(stage)
    script_scenes.all_states(stage)
    balance_scenes.beside(stage)


def run(folder: Path, mode: str, runs: Path, whole: bool) -> str:
    """Performs it in ``mode``, with pictures into ``folder`` and the recording into ``runs``; returns the summary."""
    clock = ManualClock(START_UTC_US)
    app = application()
    theme = Theme(app, mode)
    rng = random.Random(7)
    parts = compose(app, theme, runs, opener=lambda target: open_session(target, rng=rng), clock=clock)
    stage = Stage(parts, clock, folder, mode)
    parts.window.resize(*SIZE)
    parts.window.show()
    parts.complete()
    try:
        perform(stage)
        fail_and_recover(stage)
        pictures(stage, whole)
        if whole:
            scenes.program_pages(stage)
            write_scenes.writing(stage)
            write_scenes.broken_off(stage)
        care_scenes.refill(stage)
        if whole:
            care_scenes.guide(stage)
            compare_scenes.comparisons(stage)
            taking_scenes.record(stage)
            rig_scenes.failing(stage)
            rig_scenes.bad_link(stage)  # last: what it counts stays to be seen
        parts.controls.stop()
        stage.until("STOP", lambda: parts.models.pump.state == "stopped")
        told = summary(stage)
        if whole:
            afterwards(stage)
    finally:
        parts.engine.close()
        parts.recorder.close()
        parts.browsing.survey.close()
        parts.end()
        parts.window.close()
    return told


def show(folder: Path, whole: bool) -> str:
    """Performs it in dark and in light into ``folder``, which keeps nothing of an earlier showcase."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("*.png"), *folder.glob("*.run.duckdb*")]:
        old.unlink()
    with tempfile.TemporaryDirectory() as elsewhere:
        run(folder, "dark", Path(elsewhere), whole)
    return run(folder, "light", folder, whole)


def main(argv: list[str] | None = None) -> int:
    """Exit code 0, or that of what went wrong."""
    words = sys.argv[1:] if argv is None else argv
    folder = next((word for word in words if not word.startswith("-")), FOLDER)
    try:
        told = show(Path(folder), whole="--all" in words)
    except PumpError as error:
        sys.stderr.write(f"{error.sentence()}\n")
        return error.exit_code
    sys.stdout.write(f"{told}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
