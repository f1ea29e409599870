"""The pages that are still to come, each saying honestly what it will do and what to do until then."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, MARGIN, Card, label, row


class EmptyPage(QWidget):
    """An icon, a title, some sentences, and what can be done now."""

    def __init__(self, theme: Theme, icon: str, title: str, sentences: tuple[str, ...]) -> None:
        super().__init__()
        self._theme, self._icon = theme, icon
        self.picture = QLabel()
        self.card = Card(margin=32)
        self.card.setFixedWidth(600)
        self.card.body.setSpacing(GAP)
        self.card.body.addWidget(self.picture)
        self.card.body.addSpacing(GAP)
        self.card.body.addWidget(label(title, "title"))
        for sentence in sentences:
            self.card.body.addWidget(label(sentence, wrap=True))
        self.buttons = row(None)
        self.card.body.addSpacing(GAP)
        self.card.body.addLayout(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addStretch(2)
        layout.addLayout(row(None, self.card, None))
        layout.addStretch(3)
        theme.changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self.picture.setPixmap(self._theme.icon(self._icon, "muted").pixmap(32, 32))


class ScriptsPage(EmptyPage):
    """QA scripts are not part of this version yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            "scripts",
            "Test scripts are not here yet",
            (
                "This page will run recorded test scripts unattended, with a verdict for each step.",
                "Until then: program the pump on the Program page, and watch it on the Bench page.",
                "Every session is recorded, so what you try by hand is kept with its samples, events and notes.",
            ),
        )
