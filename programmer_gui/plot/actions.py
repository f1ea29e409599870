"""What can be done with a stack of charts, and by which keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class PlotAction:
    """One action; ``switch`` is one that is on or off."""

    name: str
    text: str
    keys: tuple[str, ...]
    tip: str
    switch: bool = False


ACTIONS = (
    PlotAction("follow", "Follow", ("End",), "Keep the latest moment in view", switch=True),
    PlotAction("pause", "Pause picture", ("Space",), "Freeze the picture; recording goes on", switch=True),
    PlotAction("fit", "Fit", ("Home",), "Show everything"),
    PlotAction("shorter", "Less time", ("+", "="), "Zoom in"),
    PlotAction("longer", "More time", ("-",), "Zoom out"),
    PlotAction("cursors", "Cursors", ("C",), "Two cursors, with what lies between them", switch=True),
    PlotAction("copy", "Copy values", ("Ctrl+C",), "Copy the cursors' table"),
    PlotAction("export", "Export picture …", ("Ctrl+Shift+E",), "Save the charts as PNG or SVG"),
)

#: What else hands do on the charts: (what, how).
GESTURES = (
    ("Back and forth in time, or the active cursor (Shift: faster)", "Left, Right"),
    ("Half a width back and forth", "PgUp, PgDown"),
    ("Cursor A or B, for the keys", "A, B"),
    ("Zoom in time about the pointer; on an axis, its values", "Wheel"),
    ("Back and forth in time", "Drag, Shift+wheel"),
    ("The active cursor here; on an axis, values follow the data again", "Double click"),
)


def make_actions(parent: QWidget, doings: Mapping[str, Callable[..., None]]) -> dict[str, QAction]:
    """The actions by name, with keys that work while ``parent`` has the focus, doing what ``doings`` say."""
    made = {}
    for spec in ACTIONS:
        action = QAction(spec.text, parent)
        action.setObjectName(f"plot.{spec.name}")
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{spec.tip} ({spec.keys[0]})")
        action.setCheckable(spec.switch)
        if spec.switch:
            action.triggered.connect(doings[spec.name])
        else:
            action.triggered.connect(lambda _on=False, name=spec.name: doings[name]())
        parent.addAction(action)
        made[spec.name] = action
    return made
