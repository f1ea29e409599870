"""Joins the window to recording scripts: the button, the strip, and the dialog that makes a script of a session."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from firmware_link.errors import PumpError, UsageError
from programmer_gui.background import Background
from programmer_gui.messages import Intent, TakeDown, TakeNoMore, TakingBegan, TakingEnded
from programmer_gui.views.banners import Problem
from programmer_gui.views.taking_strip import TakingStrip
from programmer_gui.wiring import Wiring
from rig.moments import date_text
from rig.places import RUN_SUFFIX

if TYPE_CHECKING:  # what judges takes a while to import: only when there is something to judge
    from collections.abc import Callable

    from programmer_gui.views.taking_dialog import TakingDialog
    from rig.qa.taking.composing import Composed
    from rig.qa.taking.recorded_script import Session
    from rig.qa.taking.taken import Taken, Wrote

ABOUT, UNSAVED = "recorded script", "unsaved script"  # of banners; the first also of the dialog


class Taking(QObject):
    """Belongs to the window.  ``saved`` tells where a script was written."""

    saved = Signal(Path)

    def __init__(self, wiring: Wiring, send: "Callable[[Intent], None]", scripts_folder: Path) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._send = wiring, wiring.window, send
        self._folder = scripts_folder
        self._name = ""
        self.recording = False  # what is done
        self._unsaved: Session | None = None
        self.work = Background(self, ABOUT)
        self.strip = TakingStrip(self._window.theme)
        self.action = self._window.actions_["record_script"]
        self._window.banners.add_standing(self.strip)
        self.action.triggered.connect(self._pressed)
        self.strip.ended.connect(self.end)
        self.strip.dropped.connect(lambda: self._send(TakeNoMore(forget=True)))
        self.strip.ticked.connect(lambda: self.strip.show_now(wiring.controls.utc_s() * 1_000_000))
        wiring.bridge.taking.connect(self._take)
        self.work.ended.connect(self._show_session)
        self._window.runs.script_asked.connect(self.make_of)
        self._window.banners.acted.connect(lambda about: self._open() if about == UNSAVED else None)

    def _pressed(self) -> None:
        self.action.setChecked(self.recording)  # until the engine says otherwise
        if self.recording:
            self.end()
        else:
            self.begin()

    def begin(self) -> None:
        """From now on."""
        self._window.banners.dismiss(ABOUT)
        self._send(TakeDown(self._held()))

    def end(self) -> None:
        """No more: a script is made of it."""
        self._send(TakeNoMore())

    def _held(self) -> "Wrote | None":
        """The program that the pump holds, as this computer once wrote it."""
        from rig.qa.taking.taken import Wrote

        held = self._window.models.program.held
        if held is None:
            return None
        known = self._wiring.controls.known()
        name = known.name if known is not None else "found on the pump"
        return Wrote(0, name, self._wiring.controls.known_text(), f"{held.digest():016x}")

    def _take(self, told: TakingBegan | TakingEnded) -> None:
        self.recording = began = isinstance(told, TakingBegan)
        self.action.setChecked(began)
        self.action.setText("End recording the script" if began else "Record a script")
        if isinstance(told, TakingBegan):
            self._name = f"Session of {date_text(told.since_us)[:16]}"
            self.strip.begin(told.since_us)
            return
        self.strip.hide()
        if told.taken is None:
            self._window.footer.say("What was recorded for a script was discarded.")
            return
        if told.why:
            what = f"The recording of a script ended: {told.why}."
            self._window.banners.show_problem(Problem(ABOUT, "low", what, "A script is made of what there was."))
        self._make(told.taken)

    def make_of(self, run: Path) -> None:
        """A script of a recording."""
        self._name = run.name.removesuffix(RUN_SUFFIX)

        def work() -> "Session":
            from rig.qa.taking import taken
            from rig.qa.taking.recorded_script import session_of
            from rig.recording.reader import RunReader

            with RunReader(run) as reader:
                return session_of(taken.of_run(reader))

        self._start(work)

    def _make(self, taken: "Taken") -> None:
        def work() -> "Session":
            from rig.qa.taking.recorded_script import session_of

            return session_of(taken)

        self._start(work)

    def _start(self, work: "Callable[[], Session]") -> None:
        if not self.work.start(work):
            busy = UsageError("Another script is being made.", "Wait a moment, then do it again.")
            self._wiring.show_error(ABOUT, busy)

    def _show_session(self, session: "Session | None", error: PumpError | None) -> None:
        if session is None or error is not None:
            self._wiring.show_error(ABOUT, error or UsageError("No script was made.", "Record it again."))
            return
        self._unsaved = session
        self._open()

    def _open(self) -> None:
        """The dialog on what isn't saved yet."""
        from programmer_gui.views.taking_dialog import TakingDialog, file_of

        session = self._unsaved
        if session is None:
            return
        self._window.banners.dismiss(UNSAVED)
        self._wiring.asking.dialogs.close(ABOUT)

        def make() -> "TakingDialog":
            path = file_of(self._folder, self._name)
            made = TakingDialog(self._window, session, path, self._name, self._window.theme)
            made.wanted.connect(lambda composed, over: self._save(made, composed, over))
            made.finished.connect(lambda: self._closed(session))
            return made

        self._wiring.asking.show(ABOUT, make)

    def _closed(self, session: "Session") -> None:
        """A key is soon pressed: what wasn't saved can be had again."""
        if self._unsaved is session:
            what = "The script of what you did wasn't saved."
            remedy = "What was recorded is kept until another is, or until the program ends."
            self._window.banners.show_problem(Problem(UNSAVED, "low", what, remedy, action="Open it again"))

    def _save(self, dialog: "TakingDialog", composed: "Composed", over: bool) -> None:
        from rig.qa.taking import recorded_script

        path = composed.script.path
        try:
            recorded_script.save(composed, over)
        except PumpError as error:
            self._wiring.show_error(ABOUT, error)
            return
        self._unsaved = None
        dialog.close()
        self._window.banners.dismiss(ABOUT)
        self._window.footer.say(f"Saved {path.name}")
        self.saved.emit(path)
