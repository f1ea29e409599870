"""What a program's form is made of: rows for the fields of each mode, their groups, and the buttons between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from programmer_gui.models.derived import ALTERNATIVES, alternative
from programmer_gui.models.modeswitch import group
from programmer_gui.models.program import ProgramModel
from programmer_gui.views.field_row import FieldRow, heading
from programmer_gui.views.widgets import GAP, button
from rig.therapy import files
from rig.therapy.fields import Field, fields_of

SKIPPED = ("pump-program", "mode")
HEADER = {known.key: known for known in fields_of(files.Header) if known.key not in SKIPPED}
DRAWN = ("steps", "days", "given")  # lists have an editor of their own beside the form
AFTER = {"resume": "Resume the base", "stop": "Stop the pump"}


@dataclass
class Part:
    """What one mode adds to the form.  Kept once made, so that nothing is deleted while somebody works in it."""

    widget: QWidget
    rows: dict[str, FieldRow] = field(default_factory=dict)
    groups: dict[str, QCheckBox] = field(default_factory=dict)
    members: dict[str, list[QWidget]] = field(default_factory=dict)  # of the groups
    swaps: dict[str, QWidget] = field(default_factory=dict)


class Maker:
    """Makes them for a ProgramModel; ``edited`` is told (path, value) as the operator changes one."""

    def __init__(self, model: ProgramModel, edited: Callable[[str, object], None]) -> None:
        self._model, self.edited = model, edited

    def part(self, mode: str) -> Part:
        """What ``mode`` adds."""
        widget, layout = column()
        part = Part(widget)
        for known in fields_of(files.MODES[mode].struct):
            if known.key not in (*SKIPPED, *HEADER, *DRAWN):
                self._add(part, layout, known)
        for pair in ALTERNATIVES.get(mode, ()):
            for path, other in (pair, pair[::-1]):
                part.swaps[path] = self._swap(path, other)
                part.rows[path].add_button(part.swaps[path])
        return part

    def _add(self, part: Part, layout: QVBoxLayout, known: Field) -> None:
        if known.form != "group" or known.part is None:
            part.rows[known.key] = self.row(known)
            layout.addWidget(part.rows[known.key])
            return
        title: QLabel | QCheckBox = heading(known.title, known.help)
        if not known.required:
            title = part.groups[known.key] = self._switch(known)
        layout.addWidget(title)
        members = part.members[known.key] = []
        for inner in fields_of(known.part):
            path = f"{known.key}.{inner.key}"
            part.rows[path] = self.row(inner, path)
            members.append(part.rows[path])
            layout.addWidget(part.rows[path])

    def _switch(self, known: Field) -> QCheckBox:
        box = QCheckBox("Begin with a bolus" if known.key == "bolus" else "Bolus on demand")
        box.setToolTip(known.help)
        box.setAccessibleName(box.text())
        box.clicked.connect(lambda on: self._model.edit(known.key, group(known) if on else None))
        return box

    def row(self, known: Field, path: str = "") -> FieldRow:
        """The row of a field."""
        path = path or known.key
        made = FieldRow(known, path, self._choices(known), indent=path != known.key)
        made.edited.connect(self.edited)
        made.fixed.connect(self._model.fix)
        return made

    def _swap(self, path: str, other: str) -> QWidget:
        swap = button(f"As {other}", "link", f"Give the {other} instead of the {path}")
        swap.clicked.connect(
            lambda: self._model.change(
                [(path, None), (other, alternative(self._model.document, path, other))], f"giving the {other} instead"
            )
        )
        return swap

    def _choices(self, known: Field) -> Sequence[tuple[str, str]]:
        if known.form == "choice":
            return [(choice, AFTER.get(choice, choice.capitalize())) for choice in known.choices]
        profiles = self._model.profiles
        if known.source == "pumps":
            return [(key, pump.name) for key, pump in profiles.pumps.items()]
        if known.source == "catheters":
            return [(key, catheter.name) for key, catheter in profiles.catheters.items()]
        if known.source in ("drugs", "limits"):
            return [(key, key.capitalize()) for key in getattr(profiles, known.source)]
        return ()


def column() -> tuple[QWidget, QVBoxLayout]:
    """A widget, and what stands in it one below the other."""
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP)
    return widget, layout
