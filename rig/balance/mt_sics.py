"""MT-SICS, the Standard Interface Command Set of Mettler-Toledo (Reference manual MT-SICS for Excellence balances,
11780711: levels 0 and 1).

Commands and answers are lines that end with CR LF.  An answer is the command's name, a status, and what goes with it:
``S S     100.0000 g``.
"""

import re

from rig.balance.language import Identity, Lines, Said, Tared, Trouble, reading

_TEXT = re.compile(r'"([^"]*)"')
_CAPACITY = re.compile(r"\s+[\d.]+\s*\S+$")  # behind the model: "ME204 220.0090 g"
#: Answer without a status -> what is wrong.
_ERRORS = {"ES": "it doesn't know the command", "ET": "a byte was damaged", "EL": "it can't carry the command out"}
#: Status -> trouble.
_TROUBLES = {"I": "busy", "L": "fault", "+": "overload", "-": "underload"}
_WEIGHTS = ("S", "SI", "SIR")
_TARES = ("T", "TI", "Z", "ZI")


class MtSics:
    """One conversation with a balance."""

    name = "mt-sics"
    greetings: tuple[bytes, ...] = (b"I4\r\n", b"I2\r\n")
    ask = b"SI\r\n"  # also ends a stream ("SIR") that somebody else has asked for
    tare = b"T\r\n"
    tare_s = 15.0

    def __init__(self) -> None:
        self._lines = Lines()

    def sent(self, command: bytes) -> None:
        """Nothing to keep: each answer says to what."""

    def receive(self, data: bytes) -> list[Said]:
        return [_read(line) for line in self._lines.feed(data)]

    def restart(self) -> None:
        self._lines.clear()


def _read(line: str) -> Said:
    name, status, *rest = [*line.split(maxsplit=2), "", ""][:3]
    if name in _ERRORS:
        return Trouble("fault", _ERRORS[name])
    if name in ("I2", "I4") and status == "A":
        found = _TEXT.search(rest[0])
        text = found[1].strip() if found else ""
        return Identity(serial_number=text) if name == "I4" else Identity(model=_CAPACITY.sub("", text))
    if status in _TROUBLES and name in (*_WEIGHTS, *_TARES, "I2", "I4"):
        return Identity() if name.startswith("I") else Trouble(_TROUBLES[status], line, of_tare=name in _TARES)
    if name in _TARES and status in ("S", "D", "A"):
        return Tared()
    if name in _WEIGHTS and status in ("S", "D"):
        if rest[0].startswith("Error"):
            return Trouble("fault", rest[0])
        number, _, unit = rest[0].strip().partition(" ")
        return reading(number, unit.strip(), status == "S")
    return Trouble("garbled", line)
