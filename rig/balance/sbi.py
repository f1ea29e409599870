"""SBI, the Sartorius Balance Interface (operating instructions Cubis MSE, Quintix and Entris: data interfaces).

Commands begin with Esc and have no echo.  Each is answered by one line of 16 characters, or of 22 where an ID code
precedes them (``N     +  12.3456 g  ``); while it isn't stable, the unit is left out.  Taring isn't answered at all:
it is seen by the next reading.
"""

import re
from collections import deque

from rig.balance.language import Identity, Lines, Reading, Said, Tared, Trouble, reading

_VALUE = re.compile(r"(?P<number>[+-]?\s*[\d.\[\]]+)\s*(?P<unit>\S*)")
_CODE_WIDTH, _WIDE = 6, 18  # of an ID code; a line that is longer than this begins with one
_IDENTITIES = {b"\x1bx1_\r\n": "model", b"\x1bx2_\r\n": "serial_number"}
_LABELS = re.compile(r"^(Model|S/N|Ser\.?\s*no\.?|SerNo\.?)\s*:?\s*", re.IGNORECASE)
#: What stands in place of a value -> trouble.
_OVER, _UNDER = ("high", "h", "hh"), ("low", "l", "ll")
_CODES = dict.fromkeys(_OVER, "overload") | dict.fromkeys(_UNDER, "underload")
_NEAR_DIGITS = 20  # tared: so near to zero, at the most


class Sbi:
    """One conversation with a balance."""

    name = "sbi"
    greetings: tuple[bytes, ...] = tuple(_IDENTITIES)
    ask = b"\x1bP\r\n"
    tare = b"\x1bT\r\n"
    tare_s = 0.0

    def __init__(self) -> None:
        self._lines = Lines()
        self._asked: deque[str] = deque()  # identities under way
        self._unit = "g"  # as long as none was shown: the factory's
        self._taring = False

    def sent(self, command: bytes) -> None:
        if command in _IDENTITIES:
            self._asked.append(_IDENTITIES[command])
        elif command == self.ask:
            self._asked.clear()  # an older one doesn't know who it is
        else:
            self._taring = True

    def receive(self, data: bytes) -> list[Said]:
        said: list[Said] = []
        for line in self._lines.feed(data):
            said += self._read(line)
        return said

    def restart(self) -> None:
        self._lines.clear()
        self._asked.clear()
        self._taring = False

    def _read(self, line: str) -> list[Said]:
        if self._asked:
            kind, text = self._asked.popleft(), _LABELS.sub("", line.strip())
            return [Identity(**{kind: text})]
        text = (line[_CODE_WIDTH:] if len(line) > _WIDE or line.startswith("Stat") else line).strip()
        code = text.lower()
        if code in _CODES:
            return [Trouble(_CODES[code], text)]
        if code.startswith("err"):
            return [Trouble("fault", text)]
        if code == "c" or code.startswith("cal") or code.strip("- ") == "":
            return [Trouble("busy" if code else "garbled", text)]
        return self._value(text)

    def _value(self, text: str) -> list[Said]:
        found = _VALUE.fullmatch(text)
        if found is None:
            return [Trouble("garbled", text)]
        self._unit = found["unit"] or self._unit
        shown = reading(found["number"], self._unit, stable=bool(found["unit"]))
        if self._taring and isinstance(shown, Reading) and abs(shown.mass_ug) <= _NEAR_DIGITS * shown.digit_ug:
            self._taring = False
            return [Tared(), shown]
        return [shown]
