"""The rail at the left: one button a page."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP

PAGES = (
    ("bench", "Bench", "Watch the pump deliver, and its log"),
    ("program", "Program", "Edit, check and write a dose program"),
    ("scripts", "Scripts", "Recorded test scripts"),
    ("runs", "Runs", "Recordings"),
    ("device", "Device", "Identity, settings, refill, battery, faults"),
)


class Rail(QFrame):
    """Emits ``chosen`` with the page's place in PAGES."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(81)
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GAP, 0, GAP)
        layout.setSpacing(0)
        for i, (icon, title, tip) in enumerate(PAGES):
            page = QToolButton()
            page.setProperty("role", "rail")
            page.setText(title)
            page.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            page.setIconSize(QSize(24, 24))
            page.setFixedHeight(64)
            page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            page.setCheckable(True)
            page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            page.setToolTip(f"{tip} (Ctrl+{i + 1})")
            page.setAccessibleName(f"Page {title}: {tip}")
            theme.bind_icon(page, icon)
            self._group.addButton(page, i)
            layout.addWidget(page)
        layout.addStretch(1)
        self._group.idClicked.connect(self.chosen)

    def show_page(self, index: int) -> None:
        """Marks the page that is shown."""
        self._group.button(index).setChecked(True)
