"""What the Bench shows before anything was connected: two ways to begin."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, button, label, row

TRY = "sim:?seed=7&speed=60"


class Welcome(QWidget):
    """Emits what is asked for."""

    connect_asked = Signal()
    rig_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = label("Connect a pump, or try a virtual one", "title")
        words = label(
            "Live plots of the delivery against its plan appear here, and every session is recorded.", "muted"
        )
        for text in (title, words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        pump = button("Connect a pump …", "primary", tip="Choose a port or an address (Ctrl+N)")
        pump.clicked.connect(self.connect_asked)
        rig = button("Try the virtual rig", tip=f"The true firmware on simulated physics, a minute each second: {TRY}")
        rig.clicked.connect(self.rig_asked)
        layout = QVBoxLayout(self)
        layout.setSpacing(GAP)
        layout.addStretch(1)
        layout.addWidget(self._picture)
        layout.addSpacing(GAP)
        layout.addWidget(title)
        layout.addWidget(words)
        layout.addSpacing(GAP)
        layout.addLayout(row(None, pump, rig, None))
        layout.addStretch(1)
        theme.changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self._picture.setPixmap(self._theme.icon("device", "muted").pixmap(48, 48))
