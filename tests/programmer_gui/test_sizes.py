"""The window on screens of several sizes: on the screen, and nothing that matters cut off."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QWidget,
)

from programmer_gui.models.bundle import Models
from programmer_gui.views.main_window import MainWindow
from programmer_gui.views.program_page import WRITE
from programmer_gui.views.rail import PAGES


def test_values_are_compared_whole_and_writing_is_in_sight_in_a_small_window(desk):
    desk.connect()
    desk.program(bolus={"dose": "20 ug", "duration": "10 min", "after": "resume"})
    desk.parts.models.program.edit("bolus.dose", "30 ug")  # what changes is bold
    desk.parts.models.program.plan_now()
    window = desk.parts.window
    window.resize(1024, 700)
    window.show_page(1)
    window.program.show_part(WRITE)
    desk.turn(0.05)
    table, write = window.program.table, window.program.write
    for at in range(table.rowCount()):
        for section in range(table.columnCount()):
            item = table.item(at, section)
            room = QRect(0, 0, table.columnWidth(section) - 16, 1000)
            need = QFontMetrics(item.font()).boundingRect(room, Qt.TextFlag.TextWordWrap, item.text())
            if table.columnSpan(at, 0) == 1:
                assert need.width() <= room.width(), item.text()
                assert need.height() <= table.rowHeight(at), item.text()
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


@pytest.mark.parametrize("size", [(1400, 900), (1024, 700), (960, 600)])
def test_nothing_of_the_charts_is_cut_off_with_cursors_and_without(desk, size):
    desk.connect()
    window = desk.parts.window
    bench, stack = window.bench, desk.parts.charts.stack
    window.resize(*size)
    for measured in (False, True, False):
        desk.turn()
        assert bench.panel.isVisible() or measured  # the log gives way, where it must
        for inner, outer in ((stack, bench.stage), (bench.stage, bench), (bench.panel, bench)):
            assert inner.isHidden() or outer.rect().bottom() >= inner.mapTo(outer, inner.rect().bottomLeft()).y()
        assert stack.childrenRect().bottom() < stack.height()
        assert stack.canvas.time_axis.sceneBoundingRect().bottom() <= stack.canvas.height() + 0.5
        window.actions_["cursors"].trigger()
