"""A session with a laboratory balance beside its pump: what that shows comes in the same batches, on the same clock."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from firmware_link.clock import Clock
from firmware_link.errors import PumpError
from firmware_link.transport import Transport
from firmware_link.vocabulary import INFO, LOW
from rig.balance.address import LANGUAGES, BalanceAddress
from rig.balance.conversation import Conversation, Happened
from rig.balancestate import TROUBLES, BalanceState
from rig.session import Batch, Command, Event, Playback, Session, SessionInfo, Standing
from rig.weighing import weighings

if TYPE_CHECKING:
    from rig.virtual.faults import Fault

_RETRY_S = (0.5, 1.0, 2.0, 5.0)  # before each attempt to open; the last for ever
_LOOK_S = 0.02  # for an answer that is on its way
_EARLY_S = 1e-6  # sums of seconds aren't exact


class BalanceSession:
    """``session`` with the balance at ``address``, whose port ``opener`` opens.

    The balance is looked for from the first ``poll`` on, and again whenever it is lost; a pump without it goes on.
    Readings have the time at which they came.
    """

    def __init__(self, session: Session, address: BalanceAddress, opener: Callable[[], Transport]) -> None:
        self._session, self._address, self._opener = session, address, opener
        self._talk = Conversation(LANGUAGES[address.language](), address.text, address.interval_s)
        self._port: Transport | None = None
        self._unsent = b""
        self._open_s = session.clock.monotonic()  # when to try the next time
        self._tries = 0
        self._told: BalanceState | None = None
        self._rows: list[tuple[int, int, bool]] = []
        self._pump_at = (0, 0)  # (boot, t_us) of the latest sample
        self._closed = False

    # -- what it adds ----------------------------------------------------------------------------------------------

    @property
    def info(self) -> SessionInfo:
        return replace(self._session.info, balance=self._address.text)

    @property
    def balance(self) -> BalanceState:
        return self._talk.state

    def zero_balance(self) -> None:
        self._talk.tare(self.clock.monotonic())

    def poll(self, timeout_s: float) -> Batch:
        """As ``Session.poll``, with what the balance showed meanwhile."""
        clock = self.clock
        deadline = clock.monotonic() + timeout_s
        while True:
            now_s = clock.monotonic()
            self._turn(now_s)
            until_s = min(deadline, self._due_s(now_s))
            batch = self._session.poll(max(0.0, until_s - now_s))
            after_s = clock.monotonic()
            self._turn(after_s)
            if len(batch.samples):
                self._pump_at = int(batch.samples["boot"][-1]), int(batch.samples["t_us"][-1])
            batch = self._joined(batch)
            early = after_s < until_s - _EARLY_S  # it was woken, or closed
            if early or after_s >= deadline - _EARLY_S or _says_something(batch):
                return batch

    def _due_s(self, now_s: float) -> float:
        if self._port is None:
            return self._open_s
        return min(self._talk.due_s(), now_s + _LOOK_S if self._talk.awaiting or self._unsent else self._talk.due_s())

    def _turn(self, now_s: float) -> None:
        """Reads and sends what there is; whatever goes wrong is a state of the balance."""
        if self._closed:
            return
        try:
            if self._port is None:
                self._open(now_s)
            self._exchange(now_s)
        except PumpError as error:
            self._lose(str(error), now_s)

    def _open(self, now_s: float) -> None:
        if now_s < self._open_s - _EARLY_S:
            return
        self._open_s = now_s + _RETRY_S[min(self._tries, len(_RETRY_S) - 1)]
        self._tries += 1
        self._port = self._opener()
        self._unsent = b""
        self._talk.opened(now_s)

    def _exchange(self, now_s: float) -> None:
        port = self._port
        if port is None:
            return
        self._hear(port)
        while command := self._unsent + self._talk.turn(now_s):
            self._unsent = command[port.write(command) :]
            if self._unsent or not self._hear(port):
                break  # a virtual one answers at once

    def _hear(self, port: Transport) -> bool:
        data = port.read()
        if data:
            self._tries = 0
            self._talk.receive(data)
            now_us = self.clock.utc_us()
            # Of what comes together, in a stream, the last is that of now.
            self._rows += [(now_us, one.mass_ug, one.stable) for one in self._talk.readings[-1:]]
            self._talk.readings.clear()
        return bool(data)

    def _lose(self, why: str, now_s: float) -> None:
        self._talk.lost(why, now_s)
        if self._port is not None:
            self._port.close()
            self._port, self._open_s = None, now_s + _RETRY_S[0]

    def _joined(self, batch: Batch) -> Batch:
        """``batch`` with what the balance showed and what happened to it."""
        changed = self._talk.state != self._told
        if not (self._rows or self._talk.happened or changed):
            return batch
        events = tuple(map(self._event, self._talk.happened))
        self._talk.happened.clear()
        rows, self._rows = self._rows, []
        self._told = self._talk.state
        return replace(
            batch,
            events=batch.events + events,
            weighings=weighings(rows),
            balance=self._told if changed else None,
        )

    def _event(self, happened: Happened) -> Event:
        value = happened.mass_ug if happened.what == "tared" else list(TROUBLES).index(happened.kind)
        boot, t_us = self._pump_at
        priority = LOW if happened.what in ("trouble", "untared") else INFO
        kind = f"host_balance_{happened.what}"
        return Event(0, kind, priority, boot, t_us, t_us, 0, value, 0, self.clock.utc_us())

    # -- what is the pump's ------------------------------------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        return self._session.clock

    def command(self, command: Command) -> int:
        return self._session.command(command)

    def acknowledge(self, last_event: int) -> None:
        self._session.acknowledge(last_event)

    def inject(self, fault: "Fault") -> None:
        self._session.inject(fault)

    def standing(self) -> Standing:
        return self._session.standing()

    @property
    def playback(self) -> Playback | None:
        return self._session.playback

    def seek(self, at_us: int) -> None:
        self._session.seek(at_us)

    def play(self, speed: float | None = None) -> None:
        self._session.play(speed)

    def pause(self) -> None:
        self._session.pause()

    def wake(self) -> None:
        self._session.wake()

    def close(self) -> None:
        """Lets go of both ports."""
        self._closed = True
        if self._port is not None:
            self._port.close()
            self._port = None
        self._session.close()


def _says_something(batch: Batch) -> bool:
    several = (batch.samples, batch.weighings, batch.truth)
    told = (batch.events, batch.replies, batch.links, batch.gaps, batch.frames, batch.traces, batch.strikes)
    one = (batch.status, batch.moment, batch.balance)
    return any(map(len, several)) or any(told) or any(each is not None for each in one)
