"""The two buttons of the device bar: what is connected, and STOP."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, ElidedLabel, label

STOP_KEY = "F12"
ICON_PX = 24


class TargetButton(QToolButton):
    """A name above an address."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._icon = theme, "link"
        self.setObjectName("target")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("What to connect to (Ctrl+N)")
        self.picture = QLabel()
        self.name = ElidedLabel("", "heading")
        self.address = ElidedLabel("", "caption")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.address)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP + 2, 0, GAP, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.picture)
        layout.addLayout(words, 1)
        for child in (self.picture, self.name, self.address):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._paint)

    def show_target(self, name: str, address: str, icon: str) -> None:
        """What is connected, or can be."""
        self._icon = icon
        self.name.set_whole(name)
        self.address.set_whole(address)
        self.setAccessibleName(f"Target: {name}, {address}")
        self._paint()

    def _paint(self, *_: object) -> None:
        self.picture.setPixmap(self._theme.icon(self._icon, "accent").pixmap(ICON_PX, ICON_PX))


class StopButton(QPushButton):
    """STOP, its key on its face."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stop")
        self.setAutoDefault(False)
        face = QVBoxLayout(self)
        face.setContentsMargins(0, 4, 0, 4)
        face.setSpacing(0)
        for text, role in (("STOP", "stop-word"), (STOP_KEY, "stop-key")):
            words = label(text, role)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            face.addWidget(words)
        self.set_recorded(False)

    def set_recorded(self, recorded: bool) -> None:
        """In a recording there is nothing to stop."""
        self.setEnabled(not recorded)
        at_once = f"Stops the pump at once, whatever else is under way ({STOP_KEY})"
        self.setToolTip("This is a recording: there is no pump here to stop." if recorded else at_once)
        self.setAccessibleName("STOP: stops the pump at once" if not recorded else "STOP: there is no pump here")
