"""Keeps a screening's course: each bolus that a pump was proven to give, in the program and in its file, at once.

The other way to screen, an infusion trial, is followed on the pump itself.
"""

from pathlib import Path

from PySide6.QtCore import QObject

from firmware_link.errors import PumpError, UsageError
from programmer_gui import jobs
from programmer_gui.filing import Filing
from programmer_gui.messages import ProcedureEnded, Received, UpdateMoved
from programmer_gui.models.pumpcontext import PumpContext
from programmer_gui.views.banners import Problem
from programmer_gui.wiring import Wiring
from rig import yamlfile
from rig.firmware.program import Program as DeviceProgram
from rig.programs import screened
from rig.programs.update import ACTING, INTERROGATE, Standing
from rig.therapy import program_file
from rig.therapy.program import Program

ABOUT, AGAIN, UNFILED, UNSURE = "screening", "screening again", "screening unfiled", "screening unsure"  # of banners


class Trials(QObject):
    """Belongs to the window: shows where the pump stands in an infusion trial, and ends it with a verdict."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring)
        self._card, self._controls = wiring.window.program.editor.trial, wiring.controls
        self._card.stop_asked.connect(self._stop)
        wiring.bridge.received.connect(self._take)
        wiring.bridge.session_began.connect(lambda: self._card.take({}))

    def _take(self, message: Received) -> None:
        if message.batch.status is not None:
            self._card.take(message.batch.status.fields)

    def _stop(self, verdict: str) -> None:
        self._controls.stop()
        self._controls.note(verdict)


class Screenings(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring, filing: Filing, context: PumpContext) -> None:
        super().__init__(wiring)
        self._wiring, self._filing, self._window, self._controls = wiring, filing, wiring.window, wiring.controls
        self._program = wiring.window.models.program
        self._model = wiring.window.program.editor.screening.model
        self._file: Path | None = None  # of the program that is being written
        self._writing: tuple[Program, int, int] | None = None  # a screening, its digest, since when
        self._given: set[int] = set()  # digests of the programs whose bolus is noted
        self._filed: tuple[str, object] = ("", None)  # a file's text, and the course that it has
        self._sure = False
        self._model.ticked.connect(context.refresh)
        self._model.judged.connect(self._judged)
        self._model.begin(self._controls.utc_s)
        self._controls.may_start = self._may_start
        stack = self._program.undo_stack
        stack.indexChanged.connect(self._keep)
        stack.cleanChanged.connect(self._keep)
        wiring.bridge.session_began.connect(lambda: self._window.banners.dismiss(AGAIN))  # said of another pump
        wiring.bridge.update_moved.connect(self._moved)
        wiring.bridge.procedure_ended.connect(self._ended)
        self._window.banners.acted.connect(self._acted)

    # -- what a pump was proven to give --------------------------------------------------------------------------

    def _moved(self, message: UpdateMoved) -> None:
        if message.update.stage == INTERROGATE:
            program = self._model.said
            self._file = self._filing.own_source()
            self._writing = (program, message.update.digest, self._controls.utc_s()) if program is not None else None
            self._window.banners.dismiss(UNSURE)

    def _ended(self, ended: ProcedureEnded) -> None:
        if isinstance(ended.result, jobs.Written):
            receipt, program = ended.result.receipt, program_file.loads(ended.result.source)
            if receipt.left_stopped:
                self._given.discard(receipt.digest)
            elif screened.is_one(program):
                self._begun(program, receipt.digest, receipt.utc_s)
        elif isinstance(ended.result, Standing):
            self._stands(ended.result)
        elif ended.name == jobs.START and ended.error is None:
            known, held = self._controls.known(), self._program.held
            if known is not None and held is not None and screened.is_one(known) and not self._was_given(known, held):
                self._begun(known, held.digest(), self._controls.utc_s())

    def _stands(self, standing: Standing) -> None:
        """A write broke off.  A pump that is at work will be proven to be; one that stands may have begun before."""
        writing = self._writing
        if writing is None or standing.holds != "new" or standing.digest != writing[1] or standing.state in ACTING:
            return
        what = "Writing broke off with the test bolus in the pump: it may have begun before the pump stopped."
        remedy = (
            "Look at what was delivered. If anything was, note it as given: the next must wait for the verdict on it."
        )
        self._window.banners.show_problem(Problem(UNSURE, "high", what, remedy, action="Note it as given"))

    def _begun(self, program: Program, digest: int, utc_s: int) -> None:
        """A pump was proven to give the next bolus of ``program`` since ``utc_s``."""
        self._given.add(digest)
        course = self._model.course
        try:
            if course is not None and course.given == screened.of(program).given:
                self._model.note_given(utc_s)
                self._keep()
            elif self._file is not None:
                self._window.footer.say(screened.note_given(self._file, utc_s))
            else:
                raise UsageError("Another program is being edited by now, and this one has no file.")
        except UsageError as error:
            what = f"The next test bolus of “{program.name}” was begun at {self._model.moment(utc_s)}; no file says so."
            remedy = "Note it in the program file: the bolus after it must wait for the verdict on it."
            self._window.banners.show_problem(Problem(UNFILED, "high", what, remedy, error.sentence()))

    def _was_given(self, known: Program, held: DeviceProgram) -> bool:
        """Whether the bolus that the pump holds, ``known`` as a file, is noted as given."""
        before, course = screened.of(known).given, self._model.course
        further = course is not None and len(course.given) > len(before) and course.given[: len(before)] == before
        return held.digest() in self._given or further

    def _may_start(self) -> bool:
        """Whether to start the pump gives nothing that was given already, or that is meant."""
        known, held = self._controls.known(), self._program.held
        sure, self._sure = self._sure, False
        self._window.banners.dismiss(AGAIN)
        if sure or known is None or held is None or not screened.is_one(known) or not self._was_given(known, held):
            return True
        what = "The pump holds a test bolus that was given already: to start the pump gives it again."
        remedy = "Write another program. Only a bolus that was cut short goes on where it stopped."
        self._window.banners.show_problem(Problem(AGAIN, "high", what, remedy, action="Start all the same"))
        return False

    # -- where it is kept ----------------------------------------------------------------------------------------

    def _keep(self, *_: object) -> None:
        """The course goes to its file whenever it changes; where it has none, the operator is asked for one."""
        program, banners = self._program, self._window.banners
        given = program.document.get("given")
        source = self._filing.own_source()
        if not self._model.on or not given or self._course_of(program.text, bool(program.source)) == given:
            banners.dismiss(ABOUT)
            return
        if source is not None and not program.evaluated.faults:
            self._filing.save(source)
            if self._course_of(program.text, True) == given:
                banners.dismiss(ABOUT)
                return
        what = "The course of this screening is in no file yet."
        remedy = "Save it, so that whoever goes on with it knows what was given, and waits for the verdict on it."
        banners.show_problem(Problem(ABOUT, "medium", what, remedy, action="Save as …"))

    def _course_of(self, text: str, has_file: bool) -> object:
        """What a file of this text says was given; None for no file."""
        if not has_file:
            return None
        if text != self._filed[0]:
            try:
                said = yamlfile.plain(yamlfile.parse(text, "text"), "text")
                self._filed = (text, said.get("given") if isinstance(said, dict) else None)
            except PumpError:
                self._filed = (text, None)
        return self._filed[1]

    def _judged(self, words: str) -> None:
        """A verdict goes to the recording as well, where there is one."""
        if self._window.models.link.info is not None:
            self._controls.note(words)
        self._window.footer.say(words)

    def _acted(self, about: str) -> None:
        if about == ABOUT:
            self._window.actions_["save_program_as"].trigger()
        elif about == AGAIN:
            self._sure = True
            self._controls.start()
        elif about == UNSURE and self._writing is not None:
            self._window.banners.dismiss(UNSURE)
            self._begun(*self._writing)
