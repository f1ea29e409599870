"""Editing a program: the form and the check at the left; schedule, what it comes to, and its curves at the right."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from programmer_gui.models import plan_curve, stages
from programmer_gui.models.evaluation import at_home
from programmer_gui.models.plan_curve import SPANS, Span
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.scheduling import ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.check_card import CheckCard
from programmer_gui.views.facts import Facts
from programmer_gui.views.preview import PlanPreview
from programmer_gui.views.program_form import ProgramForm
from programmer_gui.views.schedule_card import ScheduleCard
from programmer_gui.views.screening_card import ScreeningCard
from programmer_gui.views.scrolling import Column, reveal
from programmer_gui.views.stages_view import StagesView
from programmer_gui.views.trial_card import TrialCard
from programmer_gui.views.widgets import GAP, MARGIN, Card, label, segment
from rig.therapy.units import DAY_S

LEFT_LEAST = 360


class ProgramEditor(QWidget):
    """Everything about the document; writing it is elsewhere."""

    def __init__(self, model: ProgramModel, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self._span: Span = "day"
        self._span_of = ""  # the mode that it was chosen for
        self.form = ProgramForm(model)
        self.check = CheckCard()
        self.check.field_asked.connect(self.focus)
        self.check.fixed.connect(model.fix)
        self.schedule = ScheduleCard(ScheduleModel(model), theme)
        self.schedule.fixed.connect(model.fix)
        self.screening = ScreeningCard(model)
        self.screening.fixed.connect(model.fix)
        self.trial = TrialCard(model)
        self.stages = StagesView(theme)
        self.after = label("", "caption", wrap=True)
        self.facts = Facts()
        self.preview = PlanPreview(theme)
        self._spans = QButtonGroup(self)
        self._lay_out()
        self.form.shown.connect(self._show)
        model.planned_changed.connect(self._show_planned)
        self._show()

    def focus(self, path: str) -> None:
        """Goes to the field at ``path``."""
        if not path:
            self.check.open()
        elif not (self.schedule.focus(path) or self.screening.focus(path)):
            self.form.focus(path)
        QTimer.singleShot(0, self, self._reveal)  # once what unfolds for it has its place

    def _reveal(self) -> None:
        """Scrolls to what has the focus, with what is said about it."""
        at = self.focusWidget()
        for card, said in ((self.schedule, self.schedule.remarks), (self.screening, self.screening.remarks)):
            if at is not None and card.isAncestorOf(at):
                reveal(said)
        if at is not None and self.form.isAncestorOf(at):
            reveal(at.parentWidget() or at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.check.fit()

    def set_span(self, span: Span) -> None:
        """How much the curves show."""
        self._span = span
        self._spans.button(list(SPANS).index(span)).setChecked(True)
        self._show_planned()

    def _lay_out(self) -> None:
        program = Card("", margin=MARGIN)
        program.body.addWidget(self.form, 1)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        form = Column(program)
        form.setMinimumWidth(LEFT_LEAST)
        left.addWidget(form, 1)
        left.addWidget(self.check)
        self._stages = Card("Stages", margin=12)
        self._stages.body.addWidget(self.stages)
        self._stages.body.addWidget(self.after)
        forecast = Card("", margin=12)
        forecast.body.addWidget(self.facts)
        plan = Card("Plan", margin=12)
        plan.header.addLayout(self._span_buttons())
        plan.body.addWidget(self.preview, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for card in (self.schedule, self.screening, self.trial, self._stages, forecast):
            column.addWidget(card)
        column.addWidget(plan, 1)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        sides.setSpacing(MARGIN)
        sides.addLayout(left, 5)
        sides.addWidget(Column(right), 8)

    def _span_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(0)
        for at, (span, title) in enumerate(SPANS.items()):
            made = segment(title, ("first", "", "last")[at], f"Show the plan: {title.lower()}")
            made.setChecked(span == self._span)
            made.clicked.connect(lambda _=False, span=span: self.set_span(span))
            self._spans.addButton(made, at)
            line.addWidget(made)
        return line

    def _show(self) -> None:
        evaluated = self._model.evaluated
        self.check.show_evaluated(evaluated)
        self.schedule.show_remarks([one for one in evaluated.remarks if one.field.startswith(("steps", "days"))])
        self.screening.show_remarks([one for one in evaluated.remarks if one.field.startswith("given")])
        self._show_stages()

    def _show_planned(self) -> None:
        planned, context = self._model.planned, self._model.context
        mode = str(self._model.document.get("mode"))
        if mode != self._span_of and planned.device is not None:  # what takes longer than a day isn't seen in one
            self._span_of = mode
            self.set_span("week" if planned.story_s > DAY_S else "day")
            return
        if planned.program is not None:
            context = at_home(planned.program, context)
        now = context.now_utc_s or 0
        drawn = bool(self.schedule.model.lanes) and self._span != "refill"
        self.preview.show_curves(plan_curve.of_plan(planned, self._span, now), with_rate=not drawn)
        self.facts.show_planned(planned, context.offset_at(now))
        picture = stages.picture_of(planned)
        self.stages.show_picture(picture)
        self.after.setText(picture.after if picture.stages else "")
        self.after.setVisible(bool(self.after.text()))
        self._show_stages()

    def _show_stages(self) -> None:
        """Only where there is a story to tell: steps are drawn already, and one rate all the time is none."""
        picture = self.stages.picture
        dull = len(picture.stages) < 2 and not picture.after
        told = bool(self.schedule.model.lanes) or self.screening.model.on
        self._stages.setVisible(not told and not dull)
