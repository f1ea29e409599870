"""Joins the window to the updates of the pump's program: writing, how far it is, what becomes of one that broke off,
and the offer to reprogram when the clocks have changed."""

from PySide6.QtCore import QElapsedTimer, QObject
from PySide6.QtWidgets import QApplication

from firmware_link.errors import UsageError
from programmer_gui import jobs
from programmer_gui.messages import ProcedureEnded, UpdateMoved
from programmer_gui.views.banners import Problem
from programmer_gui.views.program_page import WRITE
from programmer_gui.wiring import Wiring
from rig.programs import shift
from rig.programs.update import COMMIT, STAGE_WORDS, STAGES, Proof, Standing
from rig.session import LinkState
from rig.zones import offset_at

ABOUT, CLOCKS = "update", "clocks"  # what the banners are about


class Updating(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring)
        self._wiring, self._window, self._controls = wiring, wiring.window, wiring.controls
        self._models = wiring.window.models
        self._update, self._panel = self._models.update, wiring.window.program.panel
        self._written: jobs.Written | None = None
        self._cause = ""  # why the latest update broke off
        self._asked: object = None  # the document to be written, by the latest click
        self._asked_at = QElapsedTimer()
        self._offered: int | None = None  # digest of the program for which the clocks' banner was shown
        self._panel.write_asked.connect(lambda _: self.write())
        self._panel.receipt_asked.connect(self._show_receipt)
        self._update.changed.connect(lambda: self._panel.show_update(self._update))
        self._models.link.state_changed.connect(self._link_changed)
        self._models.pump.stop_changed.connect(self._stop_changed)
        self._models.program.held_changed.connect(self._held_changed)
        self._window.banners.acted.connect(self._acted)
        wiring.bridge.session_began.connect(self._begin)
        wiring.bridge.update_moved.connect(self._moved)
        wiring.bridge.procedure_ended.connect(self._ended)

    def write(self) -> None:
        """Writes the program being edited as the panel says, or says why not; once, however often it is asked for."""
        again = self._asked is self._models.program.document and not self._asked_at.hasExpired(_double_click_ms())
        self._asked = self._models.program.document
        self._asked_at.restart()
        if self._update.busy or again:
            return
        if not self._controls.write(self._panel.order()):
            error = UsageError("The program can't be written as it is.", "See what is listed beside the comparison.")
            self._wiring.show_error("program", error)
            return
        self._window.banners.dismiss("program")
        self._panel.show_result("", "ok", receipt=False)

    def _begin(self) -> None:
        """Another pump: what was written to the one before says nothing of it."""
        self._written = None
        self._panel.show_result("", "ok", receipt=False)

    # -- what comes back -----------------------------------------------------------------------------------------

    def _moved(self, message: UpdateMoved) -> None:
        self._window.banners.dismiss(ABOUT)
        self._update.move(message.update, message.program)
        self._cause = ""

    def _ended(self, ended: ProcedureEnded) -> None:
        if ended.name == jobs.WHERE and isinstance(ended.result, Standing):
            self._stands(ended.result)
        elif ended.name in jobs.UPDATES and ended.error is None:
            self._proven(ended.result)
        elif ended.name in jobs.UPDATES:
            self._broke_off(ended)

    def _proven(self, result: jobs.Written | Proof) -> None:
        self._update.end(proven=True)
        for about in (ABOUT, *jobs.UPDATES):
            self._window.banners.dismiss(about)
        proof = result.receipt if isinstance(result, jobs.Written) else result
        words = "Written, and proven to run." if proof.state != "stopped" else "Written, and left stopped."
        if isinstance(result, jobs.Written):
            self._written = result
            self._show_receipt()
        self._panel.show_result(words, "ok", receipt=isinstance(result, jobs.Written))
        self._window.footer.say(words)

    def _broke_off(self, ended: ProcedureEnded) -> None:
        """Nothing was changed where it ended before it began; else the pump is asked, as soon as it answers."""
        began = self._update.active
        self._update.end(proven=False)
        if ended.error is not None:
            self._cause = ended.error.sentence() if ended.name != jobs.WHERE else self._cause
            self._panel.show_result(ended.error.sentence(), "error", receipt=False)
        if began:
            self._ask()
        elif ended.error is not None and ended.name != jobs.WHERE:
            self._wiring.show_error(ended.name, ended.error)

    def _ask(self) -> None:
        update = self._update.update
        if update is None:
            return
        if self._models.link.can_control:
            self._controls.where_are_we(update)
            return
        reached = "may be in force" if STAGES.index(update.stage) >= STAGES.index(COMMIT) else "is not in force"
        what = f"The update broke off at “{STAGE_WORDS[update.stage]}”: the new program {reached}."
        self._window.banners.show_problem(
            Problem(ABOUT, "high", what, "The pump is asked what it holds and does as soon as the link is back.")
        )

    def _stands(self, standing: Standing) -> None:
        self._update.stand(standing)
        settled = not self._update.broken
        remedy = standing.remedy
        if settled and standing.holds == "new":
            remedy = "" if standing.settled else "It was stopped by STOP, and stays so until it is started."
        new = standing.holds == "new"
        action = "Write again" if not new else "" if settled else "Start and prove"
        level = "good" if new and settled else "medium" if settled else "high"
        self._window.banners.show_problem(Problem(ABOUT, level, standing.what, remedy, self._cause, action))
        words = standing.what if new else f"{standing.what} {self._cause}".strip()
        self._panel.show_result(words, "ok" if new and settled else "warning", receipt=False)
        if new and standing.settled and self._update.program is not None:
            self._controls.prove(standing.order, self._update.program)  # it only reads, and makes the receipt

    def finish(self) -> None:
        """Starts the pump with the program that is in force but not proven, and proves that it runs."""
        update, program = self._update.update, self._update.program
        if update is not None and program is not None:
            self._controls.prove(update, program)

    # -- what happens meanwhile ----------------------------------------------------------------------------------

    def _link_changed(self, state: LinkState) -> None:
        if state is LinkState.CLOSED:
            self._update.settle()
            for about in (ABOUT, CLOCKS):
                self._window.banners.dismiss(about)
            self._offered = None
        elif state is LinkState.ONLINE and self._update.broken:
            self._ask()

    def _stop_changed(self, _: str, words: str) -> None:
        if words == "confirmed":
            self._update.stopped()

    def _held_changed(self, held: object) -> None:
        program = self._models.program.held
        known = self._controls.known()
        self._panel.set_known(known)
        if program is None or program.digest() == self._offered:
            return
        zone = known.time_zone if known else ""
        moved = shift.moved(program, offset_at(zone), self._controls.utc_s())
        if moved is None:
            self._window.banners.dismiss(CLOCKS)
            return
        self._offered = program.digest()
        words = "Reprogram it: its times of day then are as they were meant." + (
            "" if known else " Who wrote it isn't known here, so it is shifted as the pump holds it."
        )
        problem = Problem(CLOCKS, "medium", moved.sentence, words, action="Reprogram for the new offset")
        self._window.banners.show_problem(problem)

    def _acted(self, about: str) -> None:
        if about == CLOCKS:
            self._reprogram()
        elif about == ABOUT:
            if self._update.standing is not None and self._update.standing.holds != "new":
                self._show_writing()
            else:
                self.finish()

    def _reprogram(self) -> None:
        """The same document where it is known, to be compared and confirmed; else the held program, shifted."""
        held, known = self._models.program.held, self._controls.known()
        self._window.banners.dismiss(CLOCKS)
        if held is None:
            return
        text = self._controls.known_text()
        if known is not None and text:
            from rig.yamlfile import parse, plain

            document = plain(parse(text, known.name), known.name)
            self._models.program.load(document, text, title="taking over the pump's program")
            self._show_writing()
            return
        self._controls.reprogram(shift.shifted(held, offset_at()(self._controls.utc_s())))

    def _show_writing(self) -> None:
        self._window.show_page(1)
        self._window.program.show_part(WRITE)

    def _show_receipt(self) -> None:
        if self._written is not None:
            self._wiring.asking.show_receipt(self._written)


def _double_click_ms() -> int:
    """Within which a second click is the first one's: a fast pump has been written to by then."""
    return QApplication.doubleClickInterval()
