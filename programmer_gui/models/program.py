"""The draft program, its undo stack, and what the pump holds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from programmer_gui.models.draft import DRAFT_FIELDS, FIELD_TITLES, Draft, Evaluated, evaluate
from rig.firmware.program import Program as DeviceProgram
from rig.therapy import units
from rig.therapy.dumping import duration_input
from rig.therapy.limits import LimitSet
from rig.therapy.program import Program


class ProgramModel(QObject):
    """What is being edited.  Every edit can be undone; ``changed`` follows each."""

    changed = Signal()
    held_changed = Signal(object)  # rig.firmware.program.Program, or None

    def __init__(self, load_limits: Callable[[], LimitSet], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load_limits = load_limits
        self._limits: LimitSet | None = None
        self.undo_stack = QUndoStack(self)
        self.settings: dict[str, int] | None = None
        self.held: DeviceProgram | None = None
        self.source = ""  # the file it came from
        self._draft = Draft()
        self._evaluated = Evaluated(None)

    def begin(self) -> None:
        """Checks the draft for the first time: reading units takes a while, so not before the window is there."""
        self._evaluate()

    @property
    def limits(self) -> LimitSet:
        """What the check allows."""
        if self._limits is None:
            self._limits = self._load_limits()
        return self._limits

    @property
    def draft(self) -> Draft:
        """What the operator wrote."""
        return self._draft

    @property
    def evaluated(self) -> Evaluated:
        """What it means."""
        return self._evaluated

    def edit(self, field: str, value: Any) -> None:
        """Changes one field of the form; typing on in one field is one step to undo."""
        if getattr(self._draft, field) != value:
            self.undo_stack.push(_Edit(self, field, self._draft, replace(self._draft, **{field: value})))

    def load(self, program: Program, source: str = "") -> None:
        """Takes over a program from a file, as one step to undo."""
        self.source = source
        self.undo_stack.push(_Edit(self, "", self._draft, draft_of(program)))

    def set_draft(self, draft: Draft) -> None:
        """For the undo stack."""
        self._draft = draft
        self._evaluate()

    def set_settings(self, settings: dict[str, int] | None) -> None:
        """The pump's own limits and label."""
        if settings != self.settings:
            self.settings = settings
            self._evaluate()

    def set_held(self, held: DeviceProgram | None) -> None:
        """What the pump holds, read from it; None for nothing, or for not known."""
        self.held = held
        self.held_changed.emit(held)

    def _evaluate(self) -> None:
        self._evaluated = evaluate(self._draft, self.limits, self.settings)
        self.changed.emit()


def draft_of(program: Program) -> Draft:
    """The form that says ``program``."""
    draft = Draft(
        name=program.name,
        drug=program.drug,
        concentration=units.concentration_text(program.concentration_ng_ml),
        dose=units.dose_rate_text(program.dose_ng_day),
        mode="continuous" if program.dose_ng_day else "bolus",
    )
    bolus = program.bolus
    if bolus is None:
        return draft
    return replace(
        draft,
        with_bolus=True,
        bolus_dose=units.dose_text(bolus.dose_ng),
        bolus_duration=duration_input(bolus.duration_ms),
        bolus_after=bolus.after,
    )


class _Edit(QUndoCommand):
    """One step: a field (or, with no field, all) goes from one draft to another."""

    def __init__(self, model: ProgramModel, field: str, before: Draft, after: Draft) -> None:
        super().__init__(f"change of {FIELD_TITLES[field].lower()}" if field else "opening a program")
        self._model, self._field, self._before, self._after = model, field, before, after

    def redo(self) -> None:
        self._model.set_draft(self._after)

    def undo(self) -> None:
        self._model.set_draft(self._before)

    def id(self) -> int:
        return DRAFT_FIELDS.index(self._field) + 1 if self._field else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, _Edit)
        self._after = other._after
        return True
