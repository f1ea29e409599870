"""A recording in the window: opened, played, sought, annotated and closed.  Joins the player to engine and archive."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from firmware_link.errors import PumpError, UsageError
from programmer_gui import archive as a
from programmer_gui import replayed
from programmer_gui.annotating import Annotating
from programmer_gui.messages import Intent
from programmer_gui.models.eventlog import LogEntry
from programmer_gui.playing import address
from programmer_gui.views.banners import Problem
from programmer_gui.views.dialogs import show_aside
from programmer_gui.views.player_bar import PlayerBar
from programmer_gui.views.replay_dialogs import LetGoDialog
from programmer_gui.wiring import Wiring

if TYPE_CHECKING:
    from programmer_gui.charts import BenchCharts
    from rig.replay.landmarks import Landmarks

FILTER = "Recordings (*.run.duckdb)"
ABOUT, DOUBTS = "replay", "doubts"  # of banners
NO_PUMP = "STOP went nowhere: this is a recording, and no pump is connected."


class Replaying(QObject):
    """Belongs to the window.  ``send`` is the engine's, ``ask`` the archive's."""

    def __init__(
        self, wiring: Wiring, send: Callable[[Intent], None], ask: Callable[[a.Job], None], runs_folder: Path
    ) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._send, self._ask = wiring, wiring.window, send, ask
        self._models, self._folder = wiring.window.models, runs_folder
        self._player = self._models.player
        self._at = ""  # where to go once it is open
        self._awaited: Path | None = None  # to be opened once it has ended
        self._happened: tuple[LogEntry, ...] = ()  # in what is open
        self._annotating = Annotating(wiring, send, ask)
        self.note = self._annotating.note
        self._join_bar(wiring.window.player)
        self._join_actions()
        player, bridge = self._player, wiring.bridge
        player.asked.connect(send)
        self._models.run.changed.connect(self._open_awaited)
        player.opened.connect(self._opened)
        player.moved.connect(self._models.log.set_now)
        player.landmarks_changed.connect(self._show_log)
        self._models.pump.program_changed.connect(self._show_program)
        bridge.session_began.connect(lambda: self._window.banners.dismiss(ABOUT))
        bridge.archived.connect(self._answered)
        wiring.controls.refused = lambda: wiring.show_error(ABOUT, refusal())

    def open(self, path: Path, at: str = "") -> None:
        """Shows the run file ``path``, at ``at`` as on the command line; a pump that runs is let go of only on
        purpose."""
        self._at = at

        def go() -> None:
            self._window.show_page(0)
            if self._is_being_made(path):
                self._awaited = path
                self._wiring.controls.disconnect()
            else:
                self._wiring.controls.connect(address(path.resolve()))

        self.let_go_first(f"show {path.name}", "Open the recording", go)

    def let_go_first(self, purpose: str, verb: str, go: Callable[[], None]) -> None:
        """``go`` takes the place of what is connected: of a real pump that runs only where somebody agrees."""
        info = self._models.link.info
        if info is None or info.can_seek or info.virtual or not self._models.pump.running:
            go()
            return

        def make() -> LetGoDialog:
            dialog = LetGoDialog(self._window, purpose, verb)
            dialog.accepted_by_operator.connect(go)
            return dialog

        self._wiring.asking.show("let_go", make)

    def _is_being_made(self, path: Path) -> bool:
        """Whether the session of this window is being recorded there."""
        state = self._models.run.state
        return state.recording and state.path is not None and state.path.resolve() == path.resolve()

    def _open_awaited(self, *_: object) -> None:
        """The recording has ended: it can be opened now."""
        if self._awaited is not None and not self._is_being_made(self._awaited):
            path, self._awaited = self._awaited, None
            self._wiring.controls.connect(address(path.resolve()))

    # -- joining -------------------------------------------------------------------------------------------------

    def _join_bar(self, bar: PlayerBar) -> None:
        bar.close_asked.connect(self._wiring.controls.disconnect)
        self._window.bench.panel.moment_chosen.connect(self._go_to)

    def _join_actions(self) -> None:
        actions, player = self._window.actions_, self._player
        does: dict[str, Callable[[], object]] = {
            "open_recording": self._ask_open,
            "play": player.toggle,
            "next_event": partial(player.step, True),
            "previous_event": partial(player.step, False),
            "faster": player.faster,
            "slower": player.slower,
            "marker": partial(self.note, "", True),
        }
        for name, do in does.items():
            actions[name].triggered.connect(lambda _=False, do=do: do())
        actions["note"].triggered.connect(lambda: player.pause() if player.playing else None)
        player.opened.connect(actions.set_playable)

    def join_charts(self, charts: "BenchCharts") -> None:
        """They show the whole recording, with the playhead; a click there goes there."""
        player = self._player

        def show(is_open: bool) -> None:
            if is_open and player.path is not None:
                charts.show_recording(player.path)
            else:
                charts.clear()

        def move(at_us: int) -> None:
            if player.at_s is not None:
                charts.set_playhead(player.at_s)
            elif player.landmarks is not None:
                charts.set_playhead(player.landmarks.seconds_at(at_us))

        def go(at_s: float) -> None:
            if player.landmarks is not None:
                player.seek(player.landmarks.position_at(at_s))

        def look(entry: LogEntry) -> None:
            window, at_s = charts.stack.canvas.in_view, charts.seconds_of(entry)
            if not (player.is_open and at_s is not None and window.begin <= at_s <= window.end):
                charts.show_moment(entry)

        self._window.bench.panel.moment_chosen.connect(look)
        player.opened.connect(show)
        player.moved.connect(move)
        player.landmarks_changed.connect(lambda _: move(player.at_us))
        charts.moment_asked.connect(go)
        self._annotating.before, self._annotating.after = charts.hold, charts.go_on

    def _ask_open(self) -> None:
        dialog = QFileDialog(self._window, "Open a recording", str(self._folder), FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        show_aside(dialog)

    # -- opening and closing -------------------------------------------------------------------------------------

    def _opened(self, is_open: bool) -> None:
        path = self._player.path
        self._window.banners.dismiss(DOUBTS)
        if not is_open or path is None:
            self._models.log.clear()
            self._window.bench.show_welcome()
            return
        self._ask(a.Look(path))
        self._window.player.strip.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._at:
            from rig.moments import parse_within

            try:
                self._player.seek(parse_within(self._at, self._player.start_us, self._player.end_us))
            except UsageError as error:
                self._wiring.show_error(ABOUT, error)
        self._at = ""

    def _show_log(self, landmarks: object) -> None:
        found = self._player.landmarks
        self._window.footer.show_recording(described(found) if found is not None else "")
        if found is not None:
            notes = [replayed.note_entry(note) for note in found.notes]
            entries = sorted([*self._happened, *notes], key=replayed.by_moment)
            self._models.log.show_recorded(entries, self._player.at_us)
            self._show_program(self._models.pump.digest)

    def _show_program(self, digest: int | None) -> None:
        landmarks = self._player.landmarks
        if landmarks is not None:
            held = landmarks.program_of(digest) if digest else None
            program = held.program() if held else None
            self._models.program.set_held(program)
            self._models.pump.care.set_held(program)

    def _go_to(self, entry: LogEntry) -> None:
        if entry.at_us:
            self._player.seek(entry.at_us)

    def _answered(self, answer: a.Answer) -> None:
        if isinstance(answer, a.Edited):
            self._annotating.take(answer)
        elif answer.path == self._player.path:
            self._seen(answer)

    def _seen(self, seen: a.Seen) -> None:
        if seen.error is not None:
            self._wiring.show_error(ABOUT, seen.error)
        elif seen.landmarks is not None:
            self._happened = seen.happened
            self._player.set_landmarks(seen.landmarks)
            if seen.landmarks.doubts:
                what, *others = seen.landmarks.doubts
                self._window.banners.show_problem(Problem(DOUBTS, "medium", what, " ".join(others)))


def described(landmarks: "Landmarks") -> str:
    """What is looked at, in one line."""
    run, count = landmarks.run, len(landmarks.arrived_us)
    pump = f"pump {run.device_id[-6:].upper()}" if run.device_id else "a pump that never answered"
    events = f"{count:,} events".replace(",", "\u202f")
    few = len(landmarks.listed)
    listed = f", of which the {few} most urgent are listed" if few < count else ""
    ended = "" if run.ended else ", cut short"
    return f"{landmarks.path.name}  ·  {pump}, {events}{listed}{ended}  ·  read only"


def refusal() -> PumpError:
    """For a STOP while a recording is shown."""
    return UsageError(NO_PUMP, "To stop a pump, connect to it (Ctrl+N).")
