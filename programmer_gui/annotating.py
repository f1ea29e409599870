"""Notes and markers in the recording that is shown: explicit edits of its file, which is let go of meanwhile."""

import getpass
from collections.abc import Callable

from PySide6.QtCore import QObject

from programmer_gui.archive import Annotate, Edited, Erase, Job
from programmer_gui.messages import Intent, LetGo, Play, TakeUp
from programmer_gui.models.eventlog import LogEntry
from programmer_gui.replayed import note_entry
from programmer_gui.views.banners import Problem
from programmer_gui.wiring import Wiring

FAILED, ERASED = "annotation", "note taken out"  # of banners


class Annotating(QObject):
    """Belongs to the window.  ``send`` is the engine's, ``ask`` the archive's; ``before`` and ``after`` an edit, what
    else reads the file lets go of it and takes it up again."""

    def __init__(self, wiring: Wiring, send: Callable[[Intent], None], ask: Callable[[Job], None]) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._send, self._ask = wiring, wiring.window, send, ask
        self._link, self._player = wiring.window.models.link, wiring.window.models.player
        self._edits: list[Annotate | Erase] = []  # the first is under way
        self._erased: Annotate | None = None  # the latest, to be put back
        self._resume = False
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        wiring.bridge.let_go.connect(self._begin_next)
        wiring.controls.note_recorded = self.note
        self._player.opened.connect(self._forget)
        self._window.bench.panel.removal_asked.connect(self.erase)
        self._window.banners.acted.connect(lambda about: self._put_back() if about == ERASED else None)

    def note(self, text: str, marker: bool = False) -> None:
        """Keeps words, or a place to come back to, at the playhead, with who made it."""
        path = self._player.path
        if path is not None and self._player.is_open:
            self._edit(Annotate(path, text, self._player.at_us, author(), marker))

    def erase(self, entry: LogEntry) -> None:
        """Takes the note of a log entry out of the recording; anything else there is evidence, and stays."""
        path, landmarks = self._player.path, self._player.landmarks
        found = [note for note in landmarks.notes if note_entry(note) == entry] if landmarks is not None else []
        if path is not None and found:
            self._edit(Erase(path, found[0]))

    def take(self, answer: Edited) -> None:
        """An edit is done, or isn't."""
        if not self._edits or self._edits[0] is not answer.job:
            return
        self._edits.pop(0)
        if answer.error is not None:
            self._wiring.show_error(FAILED, answer.error)
        else:
            self._player.set_notes(answer.notes)
            self._tell(answer.job)
        if self._edits:
            self._begin_next()
            return
        self.after()
        self._send(TakeUp(self._link.target, self._player.at_us))
        self._player.go_on()
        if self._resume:
            self._send(Play(self._player.speed))

    def _edit(self, job: Annotate | Erase) -> None:
        self._edits.append(job)
        if len(self._edits) == 1:
            self._resume = self._player.playing
            self._player.hold()
            self.before()
            self._send(LetGo())

    def _begin_next(self) -> None:
        if self._edits:
            self._ask(self._edits[0])

    def _tell(self, job: Annotate | Erase) -> None:
        if isinstance(job, Annotate):
            self._window.footer.say("Marker set in the recording." if job.marker else "The note is in the recording.")
            return
        note = job.note
        self._erased = Annotate(job.path, note.text, note.host_us, note.author, note.marker)
        what = "The marker" if note.marker else "The note"
        self._window.banners.show_problem(
            Problem(ERASED, "low", f"{what} was taken out of the recording.", note.text[:200], action="Put it back")
        )

    def _put_back(self) -> None:
        job, self._erased = self._erased, None
        self._window.banners.dismiss(ERASED)
        if job is not None and job.path == self._player.path:
            self._edit(job)

    def _forget(self, is_open: bool) -> None:
        """Another recording, or none."""
        self._edits.clear()
        self._window.banners.dismiss(ERASED)
        if is_open:
            self._window.banners.dismiss(FAILED)


def author() -> str:
    """Who is at this computer; "" where it doesn't say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
