"""The recording under way."""

from PySide6.QtCore import QObject, Signal

from programmer_gui.recordingstate import RecordingState


class RunModel(QObject):
    """Where the session is being recorded."""

    changed = Signal(object)  # RecordingState
    failed = Signal(object)  # PumpError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = RecordingState()

    def set_state(self, state: RecordingState) -> None:
        """What the recorder says."""
        before, self.state = self.state, state
        if state != before:
            self.changed.emit(state)
        if state.error is not None and before.error is None:
            self.failed.emit(state.error)
