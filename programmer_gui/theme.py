"""Light, dark, or as the system says: palette, style sheet and icons from one set of named colours."""

import re
from dataclasses import asdict
from functools import cache
from typing import Protocol

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from programmer_gui import assets
from programmer_gui.tokens import DARK, LIGHT, Tokens
from rig.resources import resource

MODES = ("system", "light", "dark")
BASE_PX = 13  # text; captions are 11, values 15, titles 18


class HasIcon(Protocol):
    """A button or an action."""

    def setIcon(self, icon: QIcon) -> None: ...


class Theme(QObject):
    """The theme in force.  ``changed`` carries its ``Tokens``."""

    changed = Signal(object)

    def __init__(self, app: QApplication, mode: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._bound: list[tuple[QAbstractButton | QAction, str, str]] = []
        app.setStyle("Fusion")
        app.setFont(base_font(app.font()))
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.tokens = self._resolve()
        self._apply()

    @property
    def mode(self) -> str:
        """One of MODES."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Changes to one of MODES, at once."""
        if mode not in MODES:
            raise ValueError(f"the theme is one of {', '.join(MODES)}, not {mode!r}")
        self._mode = mode
        self._system_changed()

    def icon(self, name: str, role: str = "text") -> QIcon:
        """The icon ``resources/icons/<name>.svg`` in the colour of token ``role``."""
        normal = str(getattr(self.tokens, role))
        icon = QIcon()
        for px in (16, 24, 32):
            icon.addPixmap(paint_icon(name, normal, px), QIcon.Mode.Normal)
            icon.addPixmap(paint_icon(name, self.tokens.border_strong, px), QIcon.Mode.Disabled)
        return icon

    def bind_icon(self, holder: QAbstractButton | QAction, name: str, role: str = "text") -> None:
        """Gives ``holder`` the icon, now and after every change of theme."""
        self._bound = [row for row in self._bound if row[0] is not holder]
        self._bound.append((holder, name, role))
        holder.setIcon(self.icon(name, role))

    def _resolve(self) -> Tokens:
        dark = self._mode == "dark"
        if self._mode == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT

    def _system_changed(self) -> None:
        tokens = self._resolve()
        if tokens is not self.tokens:
            self.tokens = tokens
            self._apply()
            self.changed.emit(tokens)

    def _apply(self) -> None:
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens))
        self._bound = [row for row in self._bound if shiboken6.isValid(row[0])]
        for holder, name, role in self._bound:
            holder.setIcon(self.icon(name, role))


def base_font(font: QFont) -> QFont:
    """``font`` at the base size, its figures all of one width."""
    font = QFont(font)
    font.setPixelSize(BASE_PX)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def palette(tokens: Tokens) -> QPalette:
    """For what Fusion draws itself: menus, check marks, tool tips."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.stop_text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.accent_text,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Link: tokens.accent,
        role.Mid: tokens.border,
        role.Dark: tokens.border_strong,
        role.Accent: tokens.accent,
    }
    result = QPalette()
    for name, colour in colours.items():
        result.setColor(name, QColor(colour))
    for name in (role.Text, role.WindowText, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.border_strong))
    return result


def style_sheet(tokens: Tokens) -> str:
    """``resources/styles/window.qss`` with each ``@name`` replaced by the token's colour (``@icons``: their
    folder); raises KeyError for a name that no token has."""
    colours = asdict(tokens) | {"icons": resource("icons").as_posix()}
    return re.sub(r"@([a-z_]+)", lambda match: str(colours[match[1]]), assets.read_text("styles/window.qss"))


@cache
def _svg(name: str) -> str:
    return assets.read_text(f"icons/{name}.svg")


@cache
def paint_icon(name: str, colour: str, px: int) -> QPixmap:
    """A transparent ``px`` square with the icon drawn at twice that density, sharp at 100 to 200 %."""
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode()))
    pixmap = QPixmap(QSize(px, px) * 2)
    pixmap.setDevicePixelRatio(2.0)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, px, px))
    painter.end()
    return pixmap
