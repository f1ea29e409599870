"""Makes all parts of one window and joins them.  Used by the program, the showcase and the tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from firmware_link import serial_port
from firmware_link.clock import Clock, SystemClock
from programmer_gui.accurate import Accurate
from programmer_gui.archive import WAIT_S as LOOK_S
from programmer_gui.archive import Archive
from programmer_gui.bridge import Bridge
from programmer_gui.browsing import Browsing
from programmer_gui.bundling import Bundling
from programmer_gui.caring import Caring
from programmer_gui.closing import Closing
from programmer_gui.comparing import Comparing
from programmer_gui.controls import Controls
from programmer_gui.engine import Engine
from programmer_gui.exporting import Exporting
from programmer_gui.faulting import Faulting
from programmer_gui.filing import Filing
from programmer_gui.loop import Loop
from programmer_gui.messages import Durable, EngineFault
from programmer_gui.models.bundle import Models
from programmer_gui.models.pumpcontext import PumpContext
from programmer_gui.outbox import Outbox
from programmer_gui.recorder import WAIT_S, Recorder
from programmer_gui.replaying import Replaying
from programmer_gui.reporting import Reporting
from programmer_gui.reviewing import Reviewing
from programmer_gui.screenings import Screenings, Trials
from programmer_gui.script_editing import ScriptEditing
from programmer_gui.scripting import Scripting
from programmer_gui.taking import Taking
from programmer_gui.tending import Tending
from programmer_gui.theme import Theme
from programmer_gui.updating import Updating
from programmer_gui.views.main_window import MainWindow
from programmer_gui.views.stopkey import StopKey
from programmer_gui.wiring import Wiring
from rig.places import programs_folder, pumps_folder, scripts_folder
from rig.programs.written import WrittenPrograms
from rig.session import Session
from rig.targets import open_session
from rig.therapy import profiles

if TYPE_CHECKING:
    from programmer_gui.charts import BenchCharts

POLL_S = 0.25
END_S = 10.0


@dataclass
class Parts:
    """One window with its engine and recorder.  ``start`` begins the threads, ``end`` ends them in good order."""

    window: MainWindow
    models: Models
    controls: Controls
    engine: Engine
    recorder: Recorder
    outbox: Outbox
    bridge: Bridge
    wiring: Wiring
    filing: Filing
    replaying: Replaying
    archive: Archive
    browsing: Browsing
    scripting: Scripting
    stop_key: StopKey
    theme: Theme
    loops: list[Loop] = field(default_factory=list)
    charts: "BenchCharts | None" = None

    def start(self) -> None:
        """The threads and the timer."""

        def crashed(error: BaseException) -> None:
            self.outbox.put(EngineFault(f"Something in this program failed: {error}."))

        self.loops = [
            Loop("engine", lambda: self.engine.step(POLL_S), self.engine.close, self.engine.wake, crashed),
            Loop("recorder", lambda: self.recorder.step(WAIT_S), self.recorder.close, _nothing, crashed),
            Loop("archive", lambda: self.archive.step(LOOK_S), _nothing, _nothing, crashed),
            self.browsing.loop(crashed),
        ]
        for loop in self.loops:
            loop.start()
        self.bridge.start()

    def complete(self) -> None:
        """What takes a while, and can wait until the window is there: the charts, the check of the draft."""
        self.add_charts()
        self.models.program.begin()

    def add_charts(self) -> None:
        """The charts, which take a while to import."""
        from programmer_gui.charts import BenchCharts

        charts = BenchCharts(self.theme, self.models.link)
        self.window.bench.show_charts(charts.stack, self.window.actions_)
        self.bridge.received.connect(charts.take)
        self.bridge.session_began.connect(charts.clear)
        self.bridge.noted.connect(charts.mark_note)
        self.bridge.ticked.connect(charts.refresh)
        charts.failed.connect(lambda error: self.wiring.show_error("charts", error))
        self.models.player.opened.connect(lambda _: self.window.banners.dismiss("charts"))
        self.replaying.join_charts(charts)
        self.charts = charts

    def end(self) -> bool:
        """Engine first, so that the recorder gets all it has to say; returns whether both ended in time."""
        self.bridge.stop()
        self.scripting.close()
        if self.charts is not None:
            self.charts.clear()
            self.charts.wait()
        QApplication.instance().removeEventFilter(self.stop_key)  # type: ignore[union-attr]
        ended = [loop.end(END_S) for loop in self.loops]
        self.loops = []
        return all(ended)


def compose(
    app: QApplication,
    theme: Theme,
    runs_folder: Path,
    *,
    window: MainWindow | None = None,
    opener: Callable[[str], Session] = open_session,
    clock: Clock | None = None,
    recent: Callable[[], list[str]] = list,
    templates_folder: Path | None = None,
    state_folder: Path | None = None,
) -> Parts:
    """All parts, not yet started; ``window`` where one is shown already."""
    clock = clock or SystemClock()
    window = window or MainWindow(Models(theme.tokens), theme)
    models = window.models
    models.add_program(profiles.standard)
    window.add_pages(runs_folder)
    outbox = Outbox()
    written = WrittenPrograms(programs_folder(runs_folder))
    recorder = Recorder(runs_folder, clock, lambda last: engine.submit(Durable(last)), outbox.put, written=written)
    engine = Engine(opener, recorder, outbox.put, clock)
    controls = Controls(engine.submit, engine.stop_pump, models, written, lambda: engine.clock)
    bridge = Bridge(outbox, models, controls)
    wiring = Wiring(window, controls, bridge, serial_port.list_ports, recent)
    archive = Archive(outbox.put, clock)
    filing = Filing(wiring, runs_folder, templates_folder or runs_folder.with_name("templates"))
    replaying = Replaying(wiring, engine.submit, archive.put, runs_folder)
    browsing = Browsing(wiring, runs_folder, clock)
    _join_recordings(wiring, filing, replaying, browsing, runs_folder, clock)
    stop_key = StopKey(controls.stop, window)
    app.installEventFilter(stop_key)
    kept = state_folder or runs_folder.with_name("state")
    scripting = _join_scripts(wiring, filing, replaying, scripts_folder(runs_folder), kept, clock)
    Faulting(wiring, filing)
    Caring(wiring, pumps_folder(runs_folder))
    Trials(wiring)
    Screenings(wiring, filing, PumpContext(models.link, models.pump, models.program, controls.utc_s))
    joined = filing, replaying, archive, browsing, scripting
    return Parts(window, models, controls, engine, recorder, outbox, bridge, wiring, *joined, stop_key, theme)


def _join_recordings(
    wiring: Wiring, filing: Filing, replaying: Replaying, browsing: Browsing, runs_folder: Path, clock: Clock
) -> None:
    """Everything that can be done with recordings."""
    filing.recording_opened.connect(replaying.open)
    wiring.window.runs.replay_asked.connect(replaying.open)
    Tending(wiring, browsing)
    Exporting(wiring, runs_folder)
    Comparing(wiring, runs_folder, replaying.open)
    Reporting(wiring, runs_folder, clock)
    Accurate(wiring)
    filing.bundle_opened.connect(Bundling(wiring, runs_folder, clock, replaying.open).open)


def _join_scripts(
    wiring: Wiring, filing: Filing, replaying: Replaying, folder: Path, kept: Path, clock: Clock
) -> Scripting:
    """Everything that can be done with test scripts, which closing must not break off, and with verdicts."""
    closing = Closing(wiring, Updating(wiring))
    editing = ScriptEditing(wiring, folder)
    filing.script_opened.connect(editing.open)
    Taking(wiring, wiring.controls.send, folder).saved.connect(editing.open)
    scripting = Scripting(wiring, editing, replaying, kept, clock)
    closing.hindered = scripting.hinder
    Reviewing(wiring, kept / "blinded", clock)
    return scripting


def _nothing() -> None:
    """They look by themselves, often enough."""
