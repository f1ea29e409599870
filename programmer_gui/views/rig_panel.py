"""The virtual rig behind a pump: what truly happens there, and what is made to go wrong."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from programmer_gui.models.link import LinkModel
from programmer_gui.models.rig import RigModel
from programmer_gui.theme import Theme
from programmer_gui.views.fault_panel import FaultPanel
from programmer_gui.views.fault_standing import StandingCard
from programmer_gui.views.scrolling import Column
from programmer_gui.views.strike_log import StrikeLog
from programmer_gui.views.truth_card import TruthCard
from programmer_gui.views.widgets import MARGIN, column

STANDING_PX = 208  # three faults: what one begins doesn't move under the pointer
NARROW = 760  # px: one card below the other


class RigPanel(QWidget):
    """Truth and its log at the left, faults at the right; one column below the other where it is narrow."""

    def __init__(self, rig: RigModel, link: LinkModel, theme: Theme) -> None:
        super().__init__()
        self.truth = TruthCard(rig, link, theme)
        self.faults = FaultPanel(theme)
        self.standing = StandingCard(rig)
        self.standing.setMinimumHeight(STANDING_PX)
        self.standing.emptied.connect(self.faults.inject.setFocus)
        self.log = StrikeLog(rig)
        self._columns = [QWidget(), QWidget()]
        for widget, cards in zip(self._columns, ((self.truth, self.log), (self.faults, self.standing)), strict=True):
            cards_below = column(*cards, gap=MARGIN)
            cards_below.setStretch(0 if cards[0] is self.faults else 1, 1)  # the truth is as high as its table
            widget.setLayout(cards_below)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._grid.setSpacing(MARGIN)
        inner = QWidget()
        inner.setLayout(self._grid)
        self._narrow: bool | None = None
        self._fit()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Column(inner))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for at, widget in enumerate(self._columns):
            self._grid.removeWidget(widget)
            self._grid.addWidget(widget, at if narrow else 0, 0 if narrow else at)
        self._grid.setColumnStretch(0, 4)
        self._grid.setColumnStretch(1, 0 if narrow else 3)
