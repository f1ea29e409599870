"""The program being edited, as the document that its file is; every edit of it can be undone."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from programmer_gui.models import document as documents
from programmer_gui.models.document import Document, Edits
from programmer_gui.models.evaluation import Evaluated, evaluate
from programmer_gui.models.modeswitch import NEW, switched
from programmer_gui.models.planned import NOTHING, Planned, plan
from rig.firmware.program import Program as DeviceProgram
from rig.therapy.finding import Context, Fix
from rig.therapy.limits import LimitSet
from rig.therapy.profiles import Profiles

PLAN_AFTER_MS = 60  # the forecast and the curves wait for a pause in typing


@dataclass(frozen=True)
class State:
    """What is edited: the document, and the file it came from with its comments."""

    document: Document
    text: str = ""
    source: str = ""


class ProgramModel(QObject):
    """The document and what it means.  ``changed`` follows every edit at once, ``planned_changed`` a moment later."""

    changed = Signal()
    planned_changed = Signal()
    held_changed = Signal(object)  # rig.firmware.program.Program, or None

    def __init__(self, load_profiles: Callable[[], Profiles], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load_profiles = load_profiles
        self._profiles: Profiles | None = None
        self.undo_stack = QUndoStack(self)
        self.context = Context()
        self._state = State(NEW)
        self._begun = False
        self.evaluated = Evaluated(None)
        self.planned: Planned = NOTHING
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PLAN_AFTER_MS)
        self._timer.timeout.connect(self.plan_now)

    def begin(self) -> None:
        """Checks the document for the first time: that takes a while, so not before the window is there."""
        self._begun = True
        self._evaluate()

    # -- what is edited ------------------------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """What the file would say.  Never to be changed in place."""
        return self._state.document

    @property
    def text(self) -> str:
        """The file's text as it was read or saved, with its comments; "" for none."""
        return self._state.text

    @property
    def source(self) -> str:
        """The file it came from; "" for none."""
        return self._state.source

    @property
    def name(self) -> str:
        """What the program is called."""
        return str(self.document.get("name") or "Untitled program")

    def value(self, path: str) -> Any:
        """What the document says at ``path``; None for nothing."""
        return documents.get(self.document, path)

    # -- editing -------------------------------------------------------------------------------------------------

    def edit(self, path: str, value: Any) -> None:
        """Puts ``value`` at ``path``, None removes; typing on at the same path is one step to undo."""
        self.change([(path, value)], f"change of {spoken(path)}", f"at {path}")

    def change(self, edits: Edits, title: str, merge: str = "") -> None:
        """Several edits as one step to undo, which joins the one before where both have the same ``merge``."""
        self.replace(documents.change(self.document, edits), title, merge)

    def replace(self, document: Document, title: str, merge: str = "") -> None:
        """Another document in place of this one, as one step to undo."""
        if document != self.document:
            self.undo_stack.push(_Edit(self, replace(self._state, document=document), title, merge))

    def set_mode(self, mode: str) -> None:
        """Another mode, with all that both have in common."""
        if mode != self.document.get("mode"):
            self.replace(switched(self.document, mode), f"change of mode to {mode}")

    def fix(self, fix: Fix) -> None:
        """The remedy of a finding."""
        self.change(fix.edits, f"fix: {fix.title}")

    def load(self, document: Document, text: str = "", source: str = "", title: str = "opening a program") -> None:
        """Takes over a document from a file, as one step to undo."""
        self.undo_stack.push(_Edit(self, State(document, text, source), title))

    def saved(self, text: str, source: str) -> None:
        """It is now in a file."""
        self._state = replace(self._state, text=text, source=source)
        self.undo_stack.setClean()
        self.changed.emit()

    @property
    def state(self) -> State:
        """For the undo stack."""
        return self._state

    def set_state(self, state: State) -> None:
        """For the undo stack."""
        self._state = state
        self._evaluate()

    # -- what it is edited for -----------------------------------------------------------------------------------

    @property
    def held(self) -> DeviceProgram | None:
        """What the pump holds; None for nothing, or for not known."""
        return self.context.held

    @property
    def settings(self) -> dict[str, int]:
        """The pump's, by name; {} while none is known."""
        return self.context.settings

    def set_held(self, held: DeviceProgram | None) -> None:
        """What the pump holds, read from it."""
        self.set_context(replace(self.context, held=held))

    def set_context(self, context: Context) -> None:
        """What is known of the connected pump."""
        if context == self.context:
            return
        before, self.context = self.context, context
        self._evaluate()
        if context.held is not before.held:
            self.held_changed.emit(context.held)

    # -- what it means -------------------------------------------------------------------------------------------

    @property
    def profiles(self) -> Profiles:
        """Pumps, catheters, drugs and limit sets to choose from."""
        if self._profiles is None:
            self._profiles = self._load_profiles()
        return self._profiles

    def limits_of(self, key: str) -> LimitSet:
        """The limit set ``key``; raises KeyError where there is none such."""
        return self.profiles.limits[key]

    def plan_now(self) -> None:
        """Forecast and curves, without waiting for a pause."""
        self._timer.stop()
        self.planned = plan(self.evaluated.program, self.context)
        self.evaluated = replace(self.evaluated, forecast=self.planned.forecast)
        self.planned_changed.emit()

    def _evaluate(self) -> None:
        if self._begun:
            self.evaluated = evaluate(self.document, self.profiles, self.context)
            self._timer.start()
        self.changed.emit()


def spoken(path: str) -> str:
    """A path in words: "steps[2].rate" is "rate, steps 3"."""
    parts = [str(part + 1) if isinstance(part, int) else part.replace("-", " ") for part in documents.steps_of(path)]
    return parts[-1] + (f", {' '.join(parts[:-1])}" if len(parts) > 1 else "")


class _Edit(QUndoCommand):
    """One step from one state to another.  What was saved meanwhile stays known."""

    def __init__(self, model: ProgramModel, after: State, title: str, merge: str = "") -> None:
        super().__init__(title)
        self._model, self._before, self._after, self._merge = model, model.state, after, merge
        self._opens = (after.text, after.source) != (self._before.text, self._before.source)

    def redo(self) -> None:
        self._go(self._after)

    def undo(self) -> None:
        self._go(self._before)

    def _go(self, state: State) -> None:
        if not self._opens:
            now = self._model.state
            state = replace(state, text=now.text, source=now.source)
        self._model.set_state(state)

    def id(self) -> int:
        return zlib.crc32(self._merge.encode()) & 0x7FFFFFFF if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, _Edit)
        if other._merge != self._merge:
            return False
        self._after = other._after
        if self._after.document == self._before.document:
            self.setObsolete(True)
        return True
