"""The talk with one balance: who it is, then what it shows, again and again; and taring in between.

Free of input and output: whoever owns it hands over bytes and the time.
"""

import math
from collections import deque
from dataclasses import dataclass, replace

from rig.balance.language import Identity, Language, Reading, Said, Tared, Trouble
from rig.balancestate import TROUBLES, BalanceState

ANSWER_S = 3.0  # for a reading
IDENTITY_S = 1.0  # for who it is, which older ones don't know
TARE_S = 15.0  # it has to become stable
_EARLY_S = 1e-6  # sums of seconds aren't exact
_REMEDIES = {
    "gone": "Plug it in again, or check its cable; it is looked for by itself.",
    "silent": "Check its cable, and that its baud rate and protocol are those of the address.",
    "garbled": "Check that its baud rate, parity and protocol are those of the address.",
    "busy": "Keep draughts and vibration away from it.",
    "overload": "Take off what is on it.",
    "underload": "Put its pan on, and tare it.",
    "unit": "Set it to grams.",
    "fault": "Look at its display and its manual.",
}


@dataclass(frozen=True)
class Happened:
    """For an event: a trouble of weighing.TROUBLES began ("trouble") or ended ("over"), or taring did ("tared" with
    what it showed before, "untared" with the trouble)."""

    what: str
    kind: str = ""
    mass_ug: int = 0


class Conversation:
    """Talks ``language``, asking each ``interval_s``."""

    def __init__(self, language: Language, address: str, interval_s: float) -> None:
        self._language, self._interval_s = language, interval_s
        self.state = BalanceState(address)
        self.readings: list[Reading] = []  # since they were taken
        self.happened: list[Happened] = []  # likewise
        self._waiting: deque[bytes] = deque()  # commands to come before the next question
        self._outgoing = b""
        self._under_way: tuple[bytes, float] | None = None  # a command, and when its answer is late
        self._ask_s = 0.0  # when the next question is due
        self._tare_until_s: float | None = None
        self._before_ug = 0  # taring

    # -- its line ----------------------------------------------------------------------------------------------

    def opened(self, now_s: float) -> None:
        """A port is open."""
        self._language.restart()
        self._waiting = deque(self._language.greetings)
        self._outgoing, self._under_way, self._ask_s = b"", None, now_s

    def lost(self, why: str, now_s: float) -> None:
        """There is no port, or none any more."""
        self._language.restart()
        self._waiting.clear()
        self._outgoing, self._under_way = b"", None
        self._trouble("gone", why)
        self.state = replace(self.state, link="lost")
        self._end_tare("gone")

    def tare(self, now_s: float) -> None:
        """Tares it as soon as nothing else is under way."""
        if self._tare_until_s is None:
            self._waiting.append(self._language.tare)
            self._tare_until_s, self._before_ug = now_s + TARE_S, self.state.mass_ug or 0
            self.state = replace(self.state, taring=True)
            if self.state.link == "lost":
                self._end_tare("gone")

    def due_s(self) -> float:
        """When ``turn`` is to be called next, if nothing comes in before."""
        late_s = self._under_way[1] if self._under_way else -math.inf if self._waiting else self._ask_s
        return min(late_s, math.inf if self._tare_until_s is None else self._tare_until_s)

    @property
    def awaiting(self) -> bool:
        """Whether an answer is on its way."""
        return self._under_way is not None

    def turn(self, now_s: float) -> bytes:
        """Gives up what is late, and returns what is to be sent."""
        if self._under_way is not None and now_s >= self._under_way[1] - _EARLY_S:
            self._give_up()
        if self._tare_until_s is not None and now_s >= self._tare_until_s - _EARLY_S:
            self._end_tare("busy")
        if self._under_way is not None:
            return b""
        if self._waiting:
            return self._send(self._waiting.popleft(), now_s)
        if now_s < self._ask_s - _EARLY_S:
            return b""
        # By the grid, so that readings don't drift; one that was missed is left out.
        self._ask_s += self._interval_s * max(1.0, math.ceil((now_s - self._ask_s + _EARLY_S) / self._interval_s))
        return self._send(self._language.ask, now_s)

    def _send(self, command: bytes, now_s: float) -> bytes:
        self._language.sent(command)
        patience_s = {self._language.ask: ANSWER_S, self._language.tare: self._language.tare_s}
        self._under_way = (command, now_s + patience_s.get(command, IDENTITY_S))
        return command

    def _give_up(self) -> None:
        assert self._under_way is not None
        command, self._under_way = self._under_way[0], None
        if command == self._language.ask:
            self._language.restart()
            self._trouble("silent")

    # -- what it says ------------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> None:
        """Bytes came in."""
        for said in self._language.receive(data):
            self._under_way = None
            self._take(said)

    def _take(self, said: Said) -> None:
        if isinstance(said, Identity):
            model, serial = said.model or self.state.model, said.serial_number or self.state.serial_number
            self.state = replace(self.state, link="online", model=model, serial_number=serial)
        elif isinstance(said, Reading):
            self._over()
            self.state = replace(
                self.state, link="online", mass_ug=said.mass_ug, digit_ug=said.digit_ug, stable=said.stable
            )
            self.readings.append(said)
        elif isinstance(said, Tared):
            self._end_tare("")
        elif isinstance(said, Trouble) and said.of_tare:
            self._end_tare(said.kind)
        elif isinstance(said, Trouble):
            self._trouble(said.kind, said.detail)
            self.state = replace(self.state, link="online")

    def _trouble(self, kind: str, detail: str = "") -> None:
        said = f" {detail.strip().rstrip('.')}." if detail.strip() else ""
        why = f"The laboratory balance: {TROUBLES[kind]}.{said} {_REMEDIES[kind]}"
        if kind != self.state.trouble:
            self._over()
            self.happened.append(Happened("trouble", kind))
        self.state = replace(self.state, trouble=kind, why=why)

    def _over(self) -> None:
        if self.state.trouble:
            self.happened.append(Happened("over", self.state.trouble))
            self.state = replace(self.state, trouble="", why="")

    def _end_tare(self, trouble: str) -> None:
        if self._tare_until_s is None:
            return
        self._tare_until_s = None
        self.state = replace(self.state, taring=False)
        self.happened.append(Happened("untared", trouble) if trouble else Happened("tared", mass_ug=self._before_ug))
