"""Where a recording stands: from the recorder to the window.  Free of Qt."""

from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import PumpError


@dataclass(frozen=True)
class RecordingState:
    """Where the recording stands."""

    path: Path | None = None
    recording: bool = False
    samples: int = 0
    events: int = 0
    error: PumpError | None = None
