"""What answers where no pump does: a sentence about the bytes that came instead, and about versions that differ."""

from typing import Any

from firmware_link import wire
from firmware_link.errors import NotAPump, PeerError, VersionMismatch

_INSTALL = "Install the pump firmware on it, or reset the board so that the firmware starts."
_OTHER_PORT = "Choose the pump's port; this one belongs to something else."
_FIRMWARE_TO_UPDATE = "Install the firmware that belongs to this program on the pump."

# (what is found in the bytes, what it is, what to do), the most telling first
_SIGNS = (
    (b"Traceback (most recent call last)", "The firmware at {where} has stopped with an error: {last}", _INSTALL),
    (b">>> ", "A board at its MicroPython prompt answers at {where}; no pump firmware is running.", _INSTALL),
    (b"raw REPL", "A board in MicroPython's raw mode answers at {where}; no pump firmware is running.", _INSTALL),
    (b"MicroPython", "A MicroPython board answers at {where}, but no pump firmware is running.", _INSTALL),
)


def silence_or_noise(where: str, garbage: bytes, frames_good: int) -> NotAPump:
    """Why nobody at ``where`` has answered the hello: ``garbage`` is what came in, next to ``frames_good`` frames."""
    for sign, what, remedy in _SIGNS:
        if sign in garbage:
            return NotAPump(what.format(where=where, last=_last_line(garbage)), remedy)
    if frames_good:
        return NotAPump(
            f"What is at {where} speaks this program's frames, but doesn't answer its greeting.",
            "Unplug the pump and plug it in again; if this repeats, install its firmware anew.",
        )
    if not garbage:
        return NotAPump(
            f"Nothing answers at {where}.",
            "Check that this is the pump's port and that the pump has power, then plug it in again.",
        )
    if _looks_like_text(garbage):
        return NotAPump(f"Another device answers at {where}, in text: “{_last_line(garbage)}”.", _OTHER_PORT)
    return NotAPump(
        f"What comes in from {where} is noise: {len(garbage)} bytes or more, none of them a frame.",
        "Choose the pump's port, and check its cable.",
    )


def version_mismatch(welcome: dict[str, Any]) -> PeerError | None:
    """The error that a pump's welcome deserves, None where both sides speak the same version."""
    theirs = welcome["protocol"]
    if (theirs, welcome["table_crc"]) == (wire.PROTOCOL, wire.TABLE_CRC):
        return None
    if theirs == wire.PROTOCOL:
        what = f"The pump's messages differ from this program's, though both say protocol {theirs}."
        return VersionMismatch(what, _FIRMWARE_TO_UPDATE)
    what = f"The pump speaks protocol {theirs}, this program {wire.PROTOCOL}."
    return VersionMismatch(what, "Update this program." if theirs > wire.PROTOCOL else _FIRMWARE_TO_UPDATE)


def refused_version() -> VersionMismatch:
    """The pump itself has turned this program's version away."""
    return VersionMismatch(
        f"The pump doesn't speak protocol {wire.PROTOCOL} of this program.", "Update the older side."
    )


def _looks_like_text(data: bytes) -> bool:
    printable = sum(32 <= byte < 127 or byte in b"\r\n\t" for byte in data)
    return printable >= 0.9 * len(data)


def _last_line(data: bytes) -> str:
    lines = [line.strip() for line in data.decode("ascii", "replace").splitlines() if line.strip(" >\r\t")]
    return lines[-1][-60:] if lines else ""
