"""A session with a pump on a link: real, virtual, near or far; they differ in what the opener opens."""

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from firmware_link.transport import Transport
from rig.dialogue import Dialogue
from rig.plug import Plug, Surroundings, Witness
from rig.session import Batch, Command, LinkCounters, LinkState, Playback, SessionInfo, Standing
from rig.unweighed import Unweighed
from rig.virtual.sanity import RigFault

if TYPE_CHECKING:
    from rig.virtual.faults import Fault

#: For so long telemetry may pile up before it is read, while no reply is awaited.  2 ms cost half as much again at
#: 1 MB/s, and nobody sees the difference.
GATHER_S = 0.003


class LiveSession(Unweighed):
    """A ``rig.session.Session`` over whatever transport ``opener`` opens.

    It connects while it is polled.  When the first connection fails the session is CLOSED, and the link change says
    why, unless ``keep_trying``; once it was ONLINE it looks for the same pump again for ever.  A virtual rig that can't
    go on (RigFault) closes it at any time.  Commands made meanwhile wait, up to ``exchange.GIVE_UP_S`` (a stop without
    limit).  ``utc_offset_min`` is what the pump's wall time gets; with ``jumps`` time passes only while somebody polls.
    """

    def __init__(
        self,
        target: str,
        opener: Callable[[], Transport],
        clock: Clock,
        rng: random.Random,
        *,
        utc_offset_min: int = 0,
        keep_trying: bool = False,
        surroundings: Surroundings | None = None,
        jumps: bool = False,
    ) -> None:
        self._target, self._clock = target, clock
        self._keep_trying, self._surroundings = keep_trying, surroundings
        self._plug = Plug(opener, clock, surroundings)
        self._witness = Witness(surroundings)
        self._dialogue = Dialogue(rng, clock, utc_offset_min, jumps)
        self._gathering = self._dialogue.gathering
        self._state: LinkState | None = None
        self._last_error = ""
        self._onlines = 0

    @property
    def info(self) -> SessionInfo:
        return SessionInfo(
            target=self._target,
            port=self._plug.port,
            device=self._dialogue.device,
            can_control=self._state is not LinkState.CLOSED,
            can_seek=False,
            virtual=self._surroundings is not None,
        )

    @property
    def clock(self) -> Clock:
        return self._clock

    def poll(self, timeout_s: float) -> Batch:
        """What has happened; may come back before the time with nothing, while there is no link."""
        deadline = self._clock.monotonic() + timeout_s
        while True:
            self._advance()
            if self._state is LinkState.CLOSED:
                break
            linked = self._plug.is_open
            due = min(deadline, self._plug.due(), self._dialogue.due())
            remaining_s = due - self._clock.monotonic()
            if not self._gathering and not self._plug.wakened:
                self._guarded(partial(self._rest, max(0.0, remaining_s)))
            self._guarded(self._read)
            done = self._gathering or self._plug.wakened or not linked
            if done or self._clock.monotonic() >= deadline:
                break
        self._plug.sleepy()
        device = self._dialogue.device
        boot = device.boot_count if device and self._dialogue.online else None
        return self._gathering.take(self._counters(), *self._witness.take(boot))

    def command(self, command: Command) -> int:
        """As ``Session.command``; also raises UsageError for what isn't a command, or after the session was closed."""
        if self._state is LinkState.CLOSED:
            raise UsageError("The session is closed.", "Connect again.")
        ticket = self._dialogue.command(command)
        self._guarded(self._send)
        return ticket

    def acknowledge(self, last_event: int) -> None:
        self._dialogue.acknowledge(last_event)
        self._guarded(self._send)

    def inject(self, fault: "Fault") -> None:
        if self._surroundings is None:
            raise UsageError("Faults can be injected into a virtual rig only.", 'Connect to one, for example "sim:".')
        self._surroundings.inject(fault)

    def standing(self) -> Standing:
        rig = self._surroundings
        return Standing(rig.now_us, rig.faults()) if rig else Standing()

    @property
    def playback(self) -> Playback | None:
        return None

    def seek(self, at_us: int) -> None:
        raise _only_recorded()

    def play(self, speed: float | None = None) -> None:
        raise _only_recorded()

    def pause(self) -> None:
        raise _only_recorded()

    def wake(self) -> None:
        self._plug.wake()

    def close(self) -> None:
        self._state = LinkState.CLOSED
        self._dialogue.lose()
        self._plug.close()
        if self._surroundings:
            self._surroundings.close()

    # The turn of things

    def _advance(self) -> None:
        """Does what is due, and sends."""
        if self._state is LinkState.CLOSED:
            return
        if self._plug.due() <= self._clock.monotonic():
            self._guarded(self._connect)
        self._guarded(self._dialogue.tick)
        self._guarded(self._send)

    def _guarded(self, turn: Callable[[], None]) -> None:
        """Whatever goes wrong with the link is a change of the link."""
        try:
            turn()
        except PumpError as error:
            self._lose(error)

    def _connect(self) -> None:
        if self._state is None:
            self._change(LinkState.CONNECTING)
        self._plug.open()
        self._dialogue.open(self._plug.port)

    def _lose(self, error: PumpError) -> None:
        self._plug.close()
        self._dialogue.lose()
        if isinstance(error, RigFault) or not (self._onlines or self._keep_trying):
            self._change(LinkState.CLOSED, error)
        elif self._state is not LinkState.LOST or error.sentence() != self._last_error:
            self._change(LinkState.LOST, error)

    def _change(self, state: LinkState, error: PumpError | None = None) -> None:
        self._state = state
        self._last_error = error.sentence() if error else ""
        self._gathering.link(state, self._clock.utc_us(), error)

    def _read(self) -> None:
        data = self._plug.read()
        if not data:
            return
        self._dialogue.receive(data)
        if self._dialogue.online and self._state is not LinkState.ONLINE:
            self._onlines += 1
            self._plug.settled()
            self._change(LinkState.ONLINE)
        self._send()

    def _send(self) -> None:
        self._plug.send(self._dialogue.outgoing())

    def _rest(self, timeout_s: float) -> None:
        """Without any time, too: it is where a virtual rig catches up with the clock."""
        self._plug.rest(timeout_s, 0.0 if self._dialogue.connection.awaiting else min(GATHER_S, timeout_s))

    def _counters(self) -> LinkCounters:
        decoder, exchange = self._dialogue.connection.decoder, self._dialogue.connection.exchange
        return LinkCounters(
            bytes_in=self._plug.bytes_in,
            bytes_out=self._plug.bytes_out,
            bytes_unsent=self._plug.unsent,
            frames_in=decoder.frames_good,
            frames_bad=decoder.frames_bad,
            bytes_dropped=decoder.bytes_dropped,
            resends=exchange.resends,
            reconnects=max(0, self._onlines - 1),
            round_trip_us=round(self._dialogue.round_trip_s * 1e6),
        )


def _only_recorded() -> UsageError:
    return UsageError("This is a pump as it is now: its time can't be chosen.", "Open a recording to do so.")
