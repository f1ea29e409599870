"""The balance's side of the protocols: a ``Scale`` that speaks them byte by byte, on a line or in process."""

from collections.abc import Callable
from typing import Protocol

from rig.balance.language import LINE_MAX
from rig.balance.scale import CAPACITY_UG, DIGIT_UG, Scale, Shown

_STREAM_US = 50_000  # 20 values a second
_SETTLES_US = 5_000_000  # so long a tare waits for a stable value
_DECIMALS = 4  # of grams
_MODEL, _SERIAL = "Virtual", "0"


class Twin(Protocol):
    """A balance at the far end of a line."""

    language: str  # of rig.balance.address

    def hear(self, data: bytes) -> None:
        """The host has sent this."""

    def say(self) -> bytes:
        """What it has to say by now."""


def _grams(shown: Shown) -> str:
    return f"{shown.digits * DIGIT_UG / 1e6:.{_DECIMALS}f}"


class _Heard:
    """Commands out of bytes: each ends with CR or LF."""

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, data: bytes) -> list[bytes]:
        *whole, begun = (self._begun + data).replace(b"\r", b"\n").split(b"\n")
        self._begun = begun[-LINE_MAX:]
        return [command for command in whole if command]


class MtSicsTwin:
    """Speaks MT-SICS; ``now_us`` is the rig's time."""

    language = "mt-sics"

    def __init__(self, scale: Scale, now_us: Callable[[], int], name: str = _SERIAL) -> None:
        self._scale, self._now_us, self._serial = scale, now_us, name
        self._heard = _Heard()
        self._said = b""
        self._tare_until_us: int | None = None  # waiting for a stable value
        self._stable_until_us: int | None = None  # for "S", likewise
        self._stream_us: int | None = None  # when the next value of a stream is due

    def hear(self, data: bytes) -> None:
        for command in self._heard.feed(data):
            self._obey(command.strip().decode("latin-1"))

    def say(self) -> bytes:
        now_us = self._now_us()
        if self._tare_until_us is not None:
            self._settle_tare(now_us)
        if self._stable_until_us is not None:
            self._settle_value(now_us)
        if self._stream_us is not None and now_us >= self._stream_us:
            self._stream_us = now_us + _STREAM_US
            self._answer(self._value("S", self._scale.show()))
        said, self._said = self._said, b""
        return said

    def _answer(self, line: str) -> None:
        self._said += line.encode("latin-1") + b"\r\n"

    def _obey(self, command: str) -> None:
        now_us = self._now_us()
        if command in ("S", "SI", "SIR", "@"):  # each ends a stream
            self._stream_us = None
        if command == "SI":
            self._answer("S I" if self._tare_until_us is not None else self._value("S", self._scale.show()))
        elif command == "SIR":
            self._stream_us = now_us
        elif command == "S":
            self._stable_until_us = now_us + _SETTLES_US
        elif command == "T":
            self._tare_until_us = now_us + _SETTLES_US
        elif command == "Z":
            self._answer("Z A" if self._scale.tare() else "Z I")
        elif command in ("I4", "@"):
            self._answer(f'I4 A "{self._serial}"')
        elif command == "I2":
            self._answer(f'I2 A "{_MODEL} {CAPACITY_UG / 1e6:.{_DECIMALS}f} g"')
        elif command == "I3":
            self._answer('I3 A "1.00 0.0.0.0"')
        else:
            self._answer("ES")

    def _settle_tare(self, now_us: int) -> None:
        assert self._tare_until_us is not None
        if self._scale.tare():
            self._answer(f"T S {_grams(Shown(0, True)):>10} g")
        elif now_us >= self._tare_until_us:
            self._answer("T I")
        else:
            return
        self._tare_until_us = None

    def _settle_value(self, now_us: int) -> None:
        assert self._stable_until_us is not None
        shown = self._scale.show()
        if shown.stable or shown.overload:
            self._answer(self._value("S", shown))
        elif now_us >= self._stable_until_us:
            self._answer("S I")
        else:
            return
        self._stable_until_us = None

    @staticmethod
    def _value(name: str, shown: Shown) -> str:
        if shown.overload:
            return f"{name} +"
        return f"{name} {'S' if shown.stable else 'D'} {_grams(shown):>10} g"


class SbiTwin:
    """Speaks SBI, in lines of 22 characters."""

    language = "sbi"

    def __init__(self, scale: Scale, now_us: Callable[[], int], name: str = _SERIAL) -> None:
        self._scale, self._now_us, self._serial = scale, now_us, name
        self._heard = _Heard()
        self._said = b""
        self._tare_until_us: int | None = None

    def hear(self, data: bytes) -> None:
        for command in self._heard.feed(data):
            self._obey(command)

    def say(self) -> bytes:
        if self._tare_until_us is not None and (self._scale.tare() or self._now_us() >= self._tare_until_us):
            self._tare_until_us = None
        said, self._said = self._said, b""
        return said

    def _obey(self, command: bytes) -> None:
        if command == b"\x1bP":
            self._answer(*self._value())
        elif command in (b"\x1bT", b"\x1bU", b"\x1bV"):
            self._tare_until_us = self._now_us() + _SETTLES_US
        elif command == b"\x1bx1_":
            self._answer("Model", _MODEL)
        elif command == b"\x1bx2_":
            self._answer("SerNo.", self._serial)

    def _value(self) -> tuple[str, str]:
        shown = self._scale.show()
        if shown.overload:
            return "Stat", "      High"
        sign = "-" if shown.digits < 0 else "+"
        value = _grams(Shown(abs(shown.digits), shown.stable))
        return "N", f"{sign} {value:>8} {'g' if shown.stable else '':<3}"

    def _answer(self, code: str, text: str) -> None:
        self._said += f"{code:<6}{text:<14.14}".encode("latin-1") + b"\r\n"
