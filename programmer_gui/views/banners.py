"""What went wrong, across the window: what happened, why, what to do, and details on request."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from firmware_link.errors import PumpError
from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, MARGIN, button, label, set_property

ICONS = {"high": "alarm", "medium": "warning", "low": "info", "good": "check"}
ROLES = {"high": "alarm_high", "medium": "alarm_medium", "low": "alarm_low", "good": "accent"}
MOST = 3


@dataclass(frozen=True)
class Problem:
    """One banner.  ``key`` is what it is about: a newer one about the same takes its place."""

    key: str
    level: str  # of ICONS
    what: str
    remedy: str = ""
    details: str = ""
    action: str = ""  # words of a button, "" for none
    other: str = ""  # words of a second one
    close: str = "Dismiss"


def problem_of(key: str, error: PumpError, level: str = "medium", action: str = "") -> Problem:
    """A banner that says what ``error`` says."""
    causes = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(f"{type(cause).__name__}: {cause}")
        cause = cause.__cause__
    return Problem(key, level, error.what, error.remedy, "\n".join(causes), action)


def bounded(text: str, most: int = 400) -> str:
    """``text``, its middle left out where it is longer than anybody reads."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 3 :]}"


class Banner(QFrame):
    """One problem."""

    dismissed = Signal(str)
    acted = Signal(str)
    acted_other = Signal(str)

    def __init__(self, problem: Problem, theme: Theme) -> None:
        super().__init__()
        self.problem = problem
        self.setObjectName("banner")
        self.setProperty("level", problem.level)
        self.setAccessibleName(f"{problem.what} {problem.remedy}")
        icon = QToolButton()
        icon.setProperty("role", "tool")
        icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.bind_icon(icon, ICONS[problem.level], ROLES[problem.level])
        self.what = label(bounded(problem.what), "heading", wrap=True)
        self.what.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.what)
        if problem.remedy:
            words.addWidget(label(bounded(problem.remedy), wrap=True))
        self.details = label(bounded(problem.details, 2000), "caption", wrap=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.hide()
        words.addWidget(self.details)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN - 4, GAP, MARGIN, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self._add_buttons(layout)
        for text in self.findChildren(QLabel):
            text.setMinimumWidth(1)  # a word without end doesn't widen the window

    def _add_buttons(self, layout: QHBoxLayout) -> None:
        problem = self.problem
        for words, signal in ((problem.action, self.acted), (problem.other, self.acted_other)):
            if words:
                act = button(words, name=f"{words}: {problem.what}")
                act.clicked.connect(lambda _=False, signal=signal: signal.emit(problem.key))
                layout.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)
        if problem.details:
            more = button("Details", "link", f"Details of: {problem.what}")
            more.clicked.connect(lambda: self.details.setVisible(self.details.isHidden()))
            layout.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)
        close = button(problem.close, "link", f"{problem.close}: {problem.what}")
        close.clicked.connect(lambda: self.dismissed.emit(problem.key))
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)


class Banners(QWidget):
    """Those that are up, newest at the top; three at most beside the urgent ones."""

    acted = Signal(str)  # key of the problem whose action was asked for
    acted_other = Signal(str)  # likewise, its second one
    dismissed = Signal(str)  # key of the problem that the operator took down

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._up: dict[str, Banner] = {}
        self._standing = 0
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def add_standing(self, widget: QWidget) -> None:
        """Keeps ``widget`` above all banners; it shows and hides itself."""
        self._layout.insertWidget(0, widget)
        self._standing += 1

    @property
    def problems(self) -> list[Problem]:
        """What is shown."""
        return [banner.problem for banner in self._up.values()]

    def show_problem(self, problem: Problem) -> None:
        """Puts it up, in the place of an older one about the same."""
        if problem.key in self._up and self._up[problem.key].problem == problem:
            return
        self.dismiss(problem.key)
        banner = Banner(problem, self._theme)
        banner.dismissed.connect(self.dismiss)
        banner.dismissed.connect(self.dismissed)
        banner.acted.connect(self.acted)
        banner.acted_other.connect(self.acted_other)
        self._up[problem.key] = banner
        self._layout.insertWidget(self._standing, banner)
        set_property(banner, "level", problem.level)
        others = [key for key, banner in self._up.items() if banner.problem.level != "high"]
        for key in others[:-MOST]:
            self.dismiss(key)

    def dismiss(self, key: str) -> None:
        """Takes the one about ``key`` down, if it is up."""
        banner = self._up.pop(key, None)
        if banner is not None:
            self._layout.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
