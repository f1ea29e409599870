"""What the check says, and what it is told about the pump."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from rig.firmware.program import Program as DeviceProgram

Severity = Literal["hard", "soft", "note"]


@dataclass(frozen=True)
class Fix:
    """A remedy at one click: edits of the document, each a path like "steps[2].end" and a value (None removes)."""

    title: str
    edits: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Finding:
    """Something the check has to say about one field of the document.

    "hard" forbids writing, "soft" asks for a confirmation with a reason, "note" only informs.
    """

    severity: Severity
    field: str  # a path; "" for the program as a whole
    what: str
    remedy: str
    fix: Fix | None = None


def _no_offset(utc_s: int) -> int:
    return 0


@dataclass(frozen=True)
class Context:
    """What is known beside the program; None for what isn't."""

    settings: dict[str, int] = field(default_factory=dict)  # the pump's, of vocabulary.SETTINGS by name; {} unknown
    device_id: str = ""  # 16 hex digits; "" while no pump is known
    held: DeviceProgram | None = None  # what the pump runs by now
    held_concentration_ng_ml: int | None = None
    reservoir_nl: int | None = None
    charge_permille: int | None = None
    tube_permille: int | None = None  # of its service life, used
    now_utc_s: int | None = None
    offset_at: Callable[[int], int] = _no_offset  # minutes east of UTC at a moment, in s since 1970
