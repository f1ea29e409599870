"""What the selected recordings are, in full, and the buttons for what can be done with them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from programmer_gui.models import run_words as say
from programmer_gui.models.run_words import RunRow
from programmer_gui.views.replay_times import elapsed_text
from programmer_gui.views.runs_deeds import DEEDS
from programmer_gui.views.scrolling import Column
from programmer_gui.views.widgets import GAP, MARGIN, Card, ElidedLabel, button, label, row, set_property
from programmer_gui.words import LEVEL_SYMBOLS, LEVELS, event_title
from rig.recording.catalog import CUT_SHORT, UNREADABLE

HINT = "Select a recording to see what it holds."
READING = "It is being looked into …"
CUT_SHORT_WORDS = "The program that recorded it ended without finishing it. What it holds is safe."
MOST_KINDS = 8
MOST_NOTES = 8
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
Lines = list[tuple[str, str]]  # (words, level of programmer_gui.words.LEVELS or "")


class RunDetails(Card):
    """Renders rows of the table.  ``asked`` carries the id of one of DEEDS."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(margin=0)
        self.title = label("", "title", wrap=True)
        self.state = label("", "fact", wrap=True)
        self.trouble = label("", wrap=True)
        self.trouble.setTextInteractionFlags(SELECTABLE)
        self.buttons: dict[str, QPushButton] = {}
        self._made: list[QWidget] = []  # parts that come and go
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._column.setSpacing(GAP)
        for part in (self.title, self.state, self.trouble):
            self._column.addWidget(part)
        self._column.addLayout(self._button_rows())
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(MARGIN)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(4)
        self._column.addSpacing(GAP)
        self._column.addLayout(self._facts)
        self._column.addLayout(self._sections)
        self._column.addStretch(1)
        self.body.addWidget(Column(inner))
        self.show_runs(())

    def _button_rows(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setContentsMargins(0, GAP, 0, 0)
        rows.setSpacing(GAP)
        for deed in DEEDS:
            made = button(deed.text, {"replay": "primary", "trash": "link"}.get(deed.id, ""), tip=deed.tip)
            made.clicked.connect(lambda _=False, name=deed.id: self.asked.emit(name))
            self.buttons[deed.id] = made
        for names in (
            ("replay", "finish"),
            ("rescue",),
            ("report", "export"),
            ("accuracy", "script"),
            ("blind", "review"),
            ("compare", "trash"),
        ):
            rows.addLayout(row(*(self.buttons[name] for name in names), None))
        return rows

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """One run, several together, or none."""
        for deed in DEEDS:
            reason = deed.reason(rows)
            self.buttons[deed.id].setEnabled(not reason)
            self.buttons[deed.id].setToolTip(reason or deed.tip)
            fits = bool(rows) and len(rows) <= deed.most
            self.buttons[deed.id].setVisible(fits and not (deed.special and reason))
        self._clear()
        if not rows:
            self._head(HINT, "", "", "")
        elif len(rows) > 1:
            self._show_several(rows)
        else:
            self._show_one(rows[0])

    def _head(self, title: str, state: str, level: str, trouble: str) -> None:
        self.title.setText(title.replace("_", "_\u200b"))  # where a name may be broken
        set_property(self.title, "role", "title" if state else "muted")
        for part, words in ((self.state, state), (self.trouble, trouble)):
            part.setText(words)
            part.setVisible(bool(words))
        set_property(self.state, "level", level)
        set_property(self.trouble, "role", "finding-error" if level == "high" else "")

    def _show_one(self, run: RunRow) -> None:
        card = run.card
        began_us = run.started_us
        title = say.program_text(run) if card is not None and card.programs else run.title
        if card is None:
            self._head(title, READING, "muted", "")
            self._add_facts([("File", run.found.name), ("Size", say.size_text(run.found.total_bytes))])
            return
        safe = CUT_SHORT_WORDS if card.state == CUT_SHORT else ""
        what = card.what.replace(f"{run.found.name} ", "This file ")  # a long word, that is below anyway
        trouble = " ".join(filter(None, (safe, what, card.remedy)))
        self._head(title, say.state_text(card), say.state_level(card), trouble)
        self._add_facts(say.facts(run))
        if card.state == UNREADABLE:
            return
        kinds = [
            (f"{LEVEL_SYMBOLS[LEVELS[at]]}  {event_title(kind)}" + (f"  ×{times:,}" if times > 1 else ""), LEVELS[at])
            for kind, at, times in card.kinds
        ]
        self._add_section("Events", kinds, MOST_KINDS)
        self._add_section("Programs", [(name or "unnamed", "") for name in card.programs], MOST_KINDS)
        whole_us = card.duration_us or 0
        notes = [(f"{elapsed_text(at - (began_us or 0), whole_us)}  {words}", "") for at, words in card.notes]
        self._add_section("Notes", notes, MOST_NOTES, card.note_count)

    def _show_several(self, rows: Sequence[RunRow]) -> None:
        self._head(f"{len(rows):,} recordings", say.together(rows), "muted", "")
        self._add_facts(say.facts_together(rows))

    # -- parts that come and go ----------------------------------------------------------------------------------

    def _clear(self) -> None:
        for layout in (self._facts, self._sections):
            for widget in self._made:
                layout.removeWidget(widget)
        for widget in self._made:
            widget.hide()
            widget.deleteLater()
        self._made.clear()

    def _keep(self, widget: QWidget) -> QWidget:
        self._made.append(widget)
        return widget

    def _add_facts(self, facts: Lines) -> None:
        for at, (name, value) in enumerate(facts):
            one_word = name in ("File", "Target")
            shown = ElidedLabel(value) if one_word else label(value, wrap=True)
            shown.setTextInteractionFlags(SELECTABLE)
            shown.setAccessibleName(f"{name}: {value}")
            self._facts.addWidget(self._keep(label(name, "muted")), at, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(self._keep(shown), at, 1)

    def _add_section(self, title: str, lines: Lines, most: int, count: int | None = None) -> None:
        if not lines:
            return
        left = (len(lines) if count is None else count) - min(most, len(lines))
        self._sections.addWidget(self._keep(_spaced(label(title, "heading"))))
        for words, level in lines[:most]:
            made = label(words, wrap=True)
            made.setTextInteractionFlags(SELECTABLE)
            set_property(made, "level", "" if level == "info" else level)
            self._sections.addWidget(self._keep(made))
        if left > 0:
            self._sections.addWidget(self._keep(label(f"and {left:,} more", "caption")))


def _spaced(heading: QLabel) -> QLabel:
    heading.setContentsMargins(0, 12, 0, 0)
    return heading
