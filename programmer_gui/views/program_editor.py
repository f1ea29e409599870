"""Editing a program: the form at the left; its schedule, what it comes to, and its curves at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from programmer_gui.models import plan_curve
from programmer_gui.models.plan_curve import SPANS, Span
from programmer_gui.models.program import ProgramModel
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.check_card import CheckCard
from programmer_gui.views.preview import PlanPreview
from programmer_gui.views.program_form import ProgramForm
from programmer_gui.views.widgets import GAP, MARGIN, Card

LEFT_WIDTH = 432


class ProgramEditor(QWidget):
    """Everything about the document; writing it is elsewhere."""

    def __init__(self, model: ProgramModel, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._span: Span = "day"
        self.form = ProgramForm(model)
        self.check = CheckCard()
        self.check.field_asked.connect(self.focus)
        self.check.fixed.connect(model.fix)
        self.preview = PlanPreview(theme)
        self._lay_out()
        model.changed.connect(self._show)
        model.planned_changed.connect(self._show_planned)
        self._show()

    def focus(self, path: str) -> None:
        """Goes to the field at ``path``."""
        self.form.focus(path)

    def set_span(self, span: Span) -> None:
        """How much the curves show."""
        self._span = span
        self._show_planned()

    def _lay_out(self) -> None:
        program = Card("", margin=MARGIN)
        program.body.addWidget(self.form, 1)
        left = _scrolled(program)
        left.setMinimumWidth(LEFT_WIDTH - 16)
        plan = Card("Plan")
        plan.header.addLayout(self._spans())
        plan.body.addWidget(self.preview, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(plan, 1)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        sides.setSpacing(MARGIN)
        form_side = QVBoxLayout()
        form_side.setSpacing(GAP)
        form_side.addWidget(left, 1)
        form_side.addWidget(self.check)
        sides.addLayout(form_side, 5)
        sides.addWidget(_scrolled(right), 8)

    def _spans(self) -> QHBoxLayout:
        group = QButtonGroup(self)
        line = QHBoxLayout()
        line.setSpacing(0)
        for at, (span, title) in enumerate(SPANS.items()):
            made = QToolButton()
            made.setText(title)
            made.setCheckable(True)
            made.setChecked(span == self._span)
            made.setProperty("role", "segment")
            made.setProperty("place", ("first", "", "last")[at])
            made.setAccessibleName(f"Show the plan: {title.lower()}")
            made.clicked.connect(lambda _=False, span=span: self.set_span(span))
            group.addButton(made)
            line.addWidget(made)
        return line

    def _show(self) -> None:
        self.check.show_evaluated(self._model.evaluated)

    def _show_planned(self) -> None:
        now = self._model.context.now_utc_s or 0
        self.preview.show_curves(plan_curve.of_plan(self._model.planned, self._span, now))


def _scrolled(widget: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(widget)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroll
