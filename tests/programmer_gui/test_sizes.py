"""The window on screens of several sizes: on the screen, and nothing that matters cut off."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QWidget,
)

from programmer_gui.models.bundle import Models
from programmer_gui.views.main_window import MainWindow
from programmer_gui.views.rail import PAGES


def test_values_are_compared_whole_and_writing_is_in_sight_in_a_small_window(desk):
    desk.connect()
    desk.program(with_bolus=True, bolus_dose="20 µg", bolus_duration="10 min")
    desk.parts.models.program.edit("bolus_dose", "30 µg")  # what changes is bold
    window = desk.parts.window
    window.resize(1024, 700)
    window.show_page(1)
    desk.turn(0.05)
    table, write = window.program.table, window.program.write
    for at in range(table.rowCount()):
        for section in range(table.columnCount()):
            item = table.item(at, section)
            need = QFontMetrics(item.font()).horizontalAdvance(item.text())
            assert need + 16 <= table.columnWidth(section), item.text()
    assert window.rect().contains(QRect(write.mapTo(window, QPoint()), write.size()))
    assert not write.visibleRegion().isEmpty()


def on_screen(window: QWidget) -> bool:
    """Whether it takes no more of the screen than there is, or than it needs at least."""
    screen, taken = window.screen().availableGeometry(), window.geometry()
    least = screen.united(QRect(screen.topLeft(), window.minimumSize()))
    return least.contains(taken) and taken.height() < screen.height()


def test_the_window_never_begins_beyond_the_screen(theme, qapp, tmp_path):
    window, big = MainWindow(Models(theme.tokens), theme), MainWindow(Models(theme.tokens), theme)
    assert on_screen(window)
    big.setGeometry(100, 100, 3000, 2000)
    settings = QSettings(str(tmp_path / "layout.ini"), QSettings.Format.IniFormat)
    big.save_layout(settings)
    window.restore_layout(settings)
    assert on_screen(window)
    for one in (window, big):
        one.deleteLater()


@pytest.mark.parametrize("size", [(1400, 900), (1024, 700)])
def test_what_matters_is_never_cut_off(desk, size):
    desk.connect()
    window = desk.parts.window
    window.resize(*size)
    desk.turn()
    bar = window.bar
    for cell in (bar.delivered, bar.reservoir, bar.battery, bar.health):
        assert cell.value.text() == cell.value.whole
    assert bar.state.text() == bar.state.whole
    assert bar.stop.height() >= 48
    for page in range(len(PAGES)):
        window.show_page(page)
        desk.turn(0.05)
        cut = [
            one.text()
            for one in window.pages.currentWidget().findChildren(QAbstractButton)
            if one.isVisible() and one.text() and one.width() < one.minimumSizeHint().width()
        ]
        assert cut == []
