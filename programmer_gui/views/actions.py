"""Everything that can be done, as one table; menus, shortcuts, the help dialog and the finder are made of it."""

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar

from programmer_gui.theme import Theme


@dataclass(frozen=True)
class ActionSpec:
    """One action: where it is in the menus, its words, keys and icon."""

    id: str
    menu: str
    text: str
    keys: str = ""
    icon: str = ""
    checkable: bool = False
    needs_pump: bool = False
    needs_recording: bool = False
    gap: bool = False  # a line before it in the menu


ACTIONS = (
    ActionSpec("connect", "File", "Connect …", "Ctrl+N", "link"),
    ActionSpec("disconnect", "File", "Disconnect", "Ctrl+Shift+N", "unlink"),
    ActionSpec("open_program", "File", "Open a program …", "Ctrl+O", "folder", gap=True),
    ActionSpec("template", "File", "New from a template …", "Ctrl+T"),
    ActionSpec("save_program", "File", "Save the program", "Ctrl+S"),
    ActionSpec("save_program_as", "File", "Save the program as …", "Ctrl+Shift+S"),
    ActionSpec("save_template", "File", "Save as a template …"),
    ActionSpec("open_script", "File", "Open a test script …", icon="scripts", gap=True),
    ActionSpec("new_script", "File", "New test script"),
    ActionSpec("open_recording", "File", "Open a recording …", "Ctrl+Shift+O", "runs", gap=True),
    ActionSpec("compare", "File", "Compare recordings …"),
    ActionSpec("export", "File", "Export …"),
    ActionSpec("report", "File", "Report …"),
    ActionSpec("finish_recording", "File", "Finish recording", "Ctrl+E", "record", gap=True),
    ActionSpec("show_runs_folder", "File", "Show the folder of recordings"),
    ActionSpec("quit", "File", "Quit", "Ctrl+Q", gap=True),
    ActionSpec("undo", "Edit", "Undo", "Ctrl+Z", "undo"),
    ActionSpec("redo", "Edit", "Redo", "Ctrl+Shift+Z", "redo"),
    ActionSpec("note", "Edit", "Add a note …", "Ctrl+M", "note", gap=True),
    ActionSpec("filter_log", "Edit", "Filter the log", "Ctrl+F", "search"),
    ActionSpec("stop", "Pump", "STOP", "F12", "stop"),
    ActionSpec("start", "Pump", "Start", "F5", "play", needs_pump=True),
    ActionSpec("bolus", "Pump", "Give a bolus …", "F6", "bolus", needs_pump=True),
    ActionSpec("demand", "Pump", "Request an on-demand bolus", "Shift+F6", "bolus", needs_pump=True),
    ActionSpec("write", "Pump", "Write the program to the pump", "F9", "write", needs_pump=True),
    ActionSpec("clear_alarms", "Pump", "Clear alarms", "F8", "check", needs_pump=True, gap=True),
    ActionSpec("silence", "Pump", "Silence the tones for 10 min", "Shift+F8", "silence", needs_pump=True),
    ActionSpec("self_test", "Pump", "Test the alarm", "", "alarm", needs_pump=True),
    ActionSpec("refill", "Pump", "Refill …", "F7", "refill", needs_pump=True, gap=True),
    ActionSpec("battery", "Pump", "Battery replaced …", "", "battery", needs_pump=True),
    ActionSpec("tube", "Pump", "Tube replaced …", "", "tube", needs_pump=True),
    ActionSpec(
        "record_script", "Pump", "Record a script", "Ctrl+Shift+R", "record", checkable=True, needs_pump=True, gap=True
    ),
    ActionSpec("run_script", "Test", "Run the test script", "Ctrl+R", "play"),
    ActionSpec("cancel_script", "Test", "Cancel the test script", "Ctrl+.", "close"),
    ActionSpec("play", "Replay", "Play", "Space", "play", needs_recording=True),
    ActionSpec("previous_event", "Replay", "To the previous event", "Shift+Left", "previous", needs_recording=True),
    ActionSpec("next_event", "Replay", "To the next event", "Shift+Right", "next", needs_recording=True),
    ActionSpec("slower", "Replay", "Slower", "[", needs_recording=True, gap=True),
    ActionSpec("faster", "Replay", "Faster", "]", needs_recording=True),
    ActionSpec("marker", "Replay", "Set a marker", "M", "marker", needs_recording=True, gap=True),
    ActionSpec("accuracy", "Replay", "Accuracy …", needs_recording=True),
    ActionSpec("pause", "View", "Pause the picture", "Ctrl+Space", "pause", checkable=True),
    ActionSpec("follow", "View", "Follow the newest data", "Ctrl+L", "follow", checkable=True),
    ActionSpec("fit", "View", "Fit all data", "", "fit"),
    ActionSpec("cursors", "View", "Two cursors", "Ctrl+D", "cursors", checkable=True),
    ActionSpec("page_0", "View", "Page Bench", "Ctrl+1", "bench", gap=True),
    ActionSpec("page_1", "View", "Page Program", "Ctrl+2", "program"),
    ActionSpec("page_2", "View", "Page Scripts", "Ctrl+3", "scripts"),
    ActionSpec("page_3", "View", "Page Runs", "Ctrl+4", "runs"),
    ActionSpec("page_4", "View", "Page Device", "Ctrl+5", "device"),
    ActionSpec("theme_system", "View", "Colours as the system", "", "", gap=True),
    ActionSpec("theme_light", "View", "Light colours"),
    ActionSpec("theme_dark", "View", "Dark colours"),
    ActionSpec("full_screen", "View", "Full screen", "F11", "", checkable=True, gap=True),
    ActionSpec("guide", "Help", "User guide", "F1", "guide"),
    ActionSpec("shortcuts", "Help", "Keyboard shortcuts", "Shift+F1", "keyboard"),
    ActionSpec("find_action", "Help", "Find an action …", "Ctrl+K", "search"),
    ActionSpec("bundle", "Help", "Save a diagnostic bundle …", gap=True),
    ActionSpec("about", "Help", "About Pump Programmer", "", "info", gap=True),
)


#: What a recording has no use for, beside what needs a pump.
LIVE_ONLY = ("stop", "finish_recording")
RECORDED = "This is a recording: there is no pump here to be told, and nothing more to come."


class Actions(QObject):
    """The actions by id, as ``actions["stop"]``."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._made: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, parent)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            # STOP's key is caught before any dialog can take it, see stopkey; here it only stands in the menu.
            if spec.keys and spec.id != "stop":
                action.setShortcut(QKeySequence(spec.keys))
            if spec.id == "stop":
                action.setText(f"STOP\t{spec.keys}")
            action.setEnabled(not spec.needs_recording)
            if spec.icon:
                theme.bind_icon(action, spec.icon)
            self._made[spec.id] = action

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def rows(self) -> list[tuple[ActionSpec, QAction]]:
        """All, in the order of the table."""
        return [(spec, self._made[spec.id]) for spec in ACTIONS]

    def fill(self, bar: QMenuBar) -> None:
        """Makes the menus."""
        menus = {}
        for spec, action in self.rows():
            if spec.menu not in menus:
                menus[spec.menu] = bar.addMenu(f"&{spec.menu}")
            if spec.gap:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(action)

    def set_connected(self, controllable: bool, has_session: bool, recorded: bool) -> None:
        """What needs a pump is greyed out without one, and says so in a recording; STOP is in a recording only."""
        for spec, action in self.rows():
            if spec.needs_pump:
                action.setEnabled(controllable)
            if spec.needs_pump or spec.id in LIVE_ONLY:
                action.setToolTip(RECORDED if recorded else spec.text)
        for name in LIVE_ONLY:
            self._made[name].setEnabled(not recorded)
        self._made["disconnect"].setEnabled(has_session)
        self._made["disconnect"].setText("Close the recording" if recorded else "Disconnect")

    def set_playable(self, playable: bool) -> None:
        """What needs a recording is greyed out without one."""
        for spec, action in self.rows():
            if spec.needs_recording:
                action.setEnabled(playable)
