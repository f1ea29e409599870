"""Joins the Runs page to reviews: blinded copies, verdicts of people, and copies' reviews taken back to their runs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from programmer_gui.annotating import author
from programmer_gui.background import Background
from programmer_gui.views.banners import Problem
from programmer_gui.views.dialogs import show_aside
from programmer_gui.wiring import Wiring
from rig.places import RUN_SUFFIX

if TYPE_CHECKING:  # DuckDB takes a while to import: only when there is something to review
    from programmer_gui.views.review_dialog import ReviewDialog
    from rig.review.blinding import Blinded

COPY, REVIEW = "blinded copy", "review"  # what banners and dialogs are about
FILTER = f"Recordings (*{RUN_SUFFIX})"


class Reviewing(QObject):
    """Belongs to the window.  ``keys`` is the folder where the keys of copies are kept."""

    def __init__(self, wiring: Wiring, keys: Path, clock: Clock) -> None:
        super().__init__(wiring)
        self._wiring, self._window = wiring, wiring.window
        self._keys, self._clock = keys, clock
        self.work = Background(self, COPY)
        self.work.ended.connect(self._show_copied)
        page = wiring.window.runs
        page.blind_asked.connect(self._ask_copy)
        page.review_asked.connect(self.review)

    def _ask_copy(self, run: Path) -> None:
        suggested = run.with_name(f"blinded{RUN_SUFFIX}")
        dialog = QFileDialog(self._window, "Save a blinded copy", str(suggested), FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda name: self.copy(run, Path(name)))
        show_aside(dialog)

    def copy(self, run: Path, output: Path) -> None:
        """Makes a blinded copy of ``run``; who chose the file was asked whether it may be written over."""
        if not output.name.endswith(RUN_SUFFIX):
            output = output.with_name(output.name + RUN_SUFFIX)

        def work() -> "Blinded":
            from rig.review.blinding import blind

            return blind(run, output, self._keys, self._clock.utc_us(), force=True)

        if not self.work.start(work):
            busy = UsageError("Another copy is being made.", "Wait until it is done.")
            self._wiring.show_error(COPY, busy)

    def _show_copied(self, made: "Blinded | None", error: PumpError | None) -> None:
        if made is None:
            self._wiring.show_error(COPY, error or UsageError("No copy was made.", "Try again."))
            return
        what = f"Made the blinded copy {made.path.name}."
        remedy = "Hand it to somebody who wasn't there. Its key stays on this computer, to take the review over later."
        self._window.banners.show_problem(Problem(COPY, "good", what, remedy, f"Key: {made.key_path}"))
        self._window.runs.select_later(made.path.name)

    def key_of(self, copy_id: str) -> Path:
        """Where the key of a copy is."""
        from rig.review.blinding import key_in

        return key_in(self._keys, copy_id)

    def review(self, run: Path) -> None:
        """Asks what somebody says of ``run``."""
        from programmer_gui.views.review_dialog import ReviewDialog
        from rig.recording.reader import RunReader
        from rig.review.blinding import is_blinded
        from rig.review.views import views

        try:
            with RunReader(run) as reader:
                found, blinded = views(reader), is_blinded(reader.run)
        except PumpError as error:
            self._wiring.show_error(REVIEW, error)
            return
        self._wiring.asking.dialogs.close(REVIEW)

        def make() -> "ReviewDialog":
            made = ReviewDialog(self._window, run, found, blinded, author())
            made.said.connect(lambda *said: self._keep(made, *said))
            made.taking.connect(lambda: self._ask_taken(made))
            return made

        self._wiring.asking.show(REVIEW, make)

    def _keep(self, dialog: "ReviewDialog", verdict: str, by: str, reason: str) -> None:
        from rig.review.views import review

        if self._edit(dialog, lambda: review(dialog.path, verdict, by, reason, self._clock.utc_us())):
            dialog.close()
            self._window.footer.say(f"The verdict is kept in {dialog.path.name}")

    def _ask_taken(self, dialog: "ReviewDialog") -> None:
        chooser = QFileDialog(dialog, "Which blinded copy was reviewed?", str(dialog.path.parent), FILTER)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(lambda name: self.take_over(dialog, Path(name)))
        show_aside(chooser)

    def take_over(self, dialog: "ReviewDialog", copy: Path) -> None:
        """Takes over what was said of ``copy``."""
        from rig.review.views import join

        taken: list[object] = []
        if self._edit(dialog, lambda: taken.extend(join(dialog.path, copy, self._keys))):
            many = f"{len(taken)} blinded review{'s' if len(taken) > 1 else ''} taken over."
            dialog.show_told(many if taken else "There was nothing new in it.", True)

    def _edit(self, dialog: "ReviewDialog", edit: Callable[[], object]) -> bool:
        """Changes the file, which must not be open in the window."""
        if self._window.models.player.path == dialog.path and self._window.models.player.is_open:
            dialog.show_told("■ This recording is open in the window. Close it, then keep the verdict.", False)
            return False
        try:
            edit()
        except PumpError as error:
            dialog.show_told(f"■ {error.sentence()}", False)
            return False
        return True
