"""A recording in the showcase: at its end, at an alarm, while the link was lost, on the Device page, with a note."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from firmware_link.errors import RequestTimeout
from programmer_gui.app import application
from programmer_gui.models.eventlog import LogEntry
from programmer_gui.scenes import SIZES

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

BENCH, DEVICE = 0, 4
PATIENCE = 2000  # turns
#: Picture, kind of the log entry that it shows.
MOMENTS = (("replay-alarm", "motor_stall"), ("replay-lost", "host_link_lost"))


def of_this_run(stage: "Stage") -> None:
    """What was recorded, whose pump was let go of."""
    path = stage.parts.models.run.state.path
    assert path is not None
    played(stage, path)


def played(stage: "Stage", path: Path) -> None:
    """All at each size; the recording must have ended."""
    parts, player = stage.parts, stage.parts.models.player
    parts.window.show_page(BENCH)
    parts.replaying.open(path)
    _until(stage, lambda: _drawn(stage))
    _pictures(stage, "replay")
    for name, kind in MOMENTS:
        entry = next((entry for entry in parts.models.log.entries if entry.kind == kind), None)
        if entry is not None:
            _go(stage, entry)
            _pictures(stage, name)
    parts.window.show_page(DEVICE)
    _pictures(stage, "replay-device")
    parts.window.show_page(BENCH)
    player.seek(player.start_us + (player.end_us - player.start_us) // 3)
    parts.replaying.note("The tube was touched here")
    _until(stage, lambda: any("touched here" in entry.details for entry in parts.models.log.entries))
    _pictures(stage, "replay-note")
    parts.controls.disconnect()
    _until(stage, lambda: not player.is_open)


def _go(stage: "Stage", entry: LogEntry) -> None:
    """As a double click in the log does."""
    stage.parts.window.bench.panel.moment_chosen.emit(entry)
    assert stage.parts.charts is not None
    stage.parts.charts.stack.fit()
    _until(stage, lambda: stage.parts.models.player.is_settled)


def _drawn(stage: "Stage") -> bool:
    """Whether there is all that was read on other threads."""
    parts = stage.parts
    if parts.charts is None or parts.models.player.landmarks is None:
        return False
    return any(parts.charts.seconds_of(entry) is not None for entry in parts.models.log.entries)


def _until(stage: "Stage", done: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        _turn(stage)
        if done():
            return
    raise RequestTimeout("The showcase waited in vain for a recording.")


def _turn(stage: "Stage") -> None:
    """No time passes: a recording stands still."""
    parts = stage.parts
    parts.engine.step(0.0)
    parts.recorder.step()
    parts.archive.step()
    parts.bridge.tick()
    application().processEvents()


def _pictures(stage: "Stage", name: str) -> None:
    for suffix, size in SIZES.items():
        stage.parts.window.resize(*size)
        for _ in range(4):
            _turn(stage)
        stage.picture(name + suffix)
    stage.parts.window.resize(*SIZES[""])
