"""The line at the bottom: the recording, and the latest thing to say."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from programmer_gui.models.run import RunModel
from programmer_gui.recordingstate import RecordingState
from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, MARGIN, ElidedLabel, button, label, set_property


class Footer(QFrame):
    """Says where the session is recorded; ``say`` adds a sentence at the right."""

    def __init__(self, run: RunModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("footer")
        self._run, self._looked_at = run, ""
        self.setFixedHeight(32)
        self.mark = label("○")
        self.recording = ElidedLabel("", "caption")
        self.said = ElidedLabel("", "caption")
        self.finish = button("Finish recording", "link", tip="Fold this recording into one file and begin a new one")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, 0, GAP, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.mark)
        layout.addWidget(self.recording, 3)
        layout.addWidget(self.said, 2)
        layout.addWidget(self.finish)
        run.changed.connect(self._show)
        self._show(run.state)

    def say(self, text: str) -> None:
        """The latest thing to say."""
        self.said.set_whole(text)

    def show_recording(self, what: str) -> None:
        """What is looked at in the place of a pump; "" for nothing."""
        self._looked_at = what
        self._show(self._run.state)

    def _show(self, state: RecordingState) -> None:
        self.finish.setEnabled(state.recording)
        if self._looked_at:
            self.mark.setText("◷")
            set_property(self.mark, "level", "")
            self.recording.set_whole(self._looked_at)
        elif state.error is not None:
            self.mark.setText("■")
            set_property(self.mark, "level", "high")
            self.recording.set_whole(f"Not recording: {state.error.what}")
        elif state.recording and state.path is not None:
            self.mark.setText("●")
            set_property(self.mark, "level", "high")
            samples, events = (f"{count:,}".replace(",", "\u202f") for count in (state.samples, state.events))
            self.recording.set_whole(f"Recording  {state.path.name}  ·  {samples} samples, {events} events")
        else:
            self.mark.setText("○")
            set_property(self.mark, "level", "")
            last = f"  ·  last: {state.path.name}" if state.path else ""
            self.recording.set_whole(f"Not recording. Recording starts when a pump is connected{last}")
