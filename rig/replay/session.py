"""A recording as a session: what a pump said comes again, as fast as is wanted, from wherever."""

import math
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from rig.replay.moment import Cursor
from rig.replay.replay import Replay, in_force
from rig.replay.speeds import check_speed
from rig.session import Batch, Command, LinkChange, LinkState, Playback, SessionInfo, Standing
from rig.tracker import Totals
from rig.truth import Strike
from rig.unweighed import Unweighed

if TYPE_CHECKING:
    from rig.virtual.faults import Fault

GATHER_S = 0.02  #: so long what is due is gathered, at whatever speed
_SHORTEST_REST_S = 1e-4
_LATE_S = 0.25  # of the clock; what takes longer to read than to play is played more slowly
_NO_PUMP = "This is a recording: there is no pump that could be told anything."
_CONNECT = "Connect to a pump, or to a virtual rig."


class ReplaySession(Unweighed):
    """A ``rig.session.Session`` over the run file ``path``, which is only read.

    It stands at the beginning with nothing given yet and plays at once; at the end it pauses.  What it gives has the
    times at which it was recorded; ``clock`` only paces it, and ``rest`` lets up to so many seconds of that pass, or
    less once ``wake`` is called.  A file that can't be read on closes the session, and the link change says why.
    """

    def __init__(
        self,
        target: str,
        path: Path,
        clock: Clock,
        *,
        speed: float = 1.0,
        rest: Callable[[float], object] | None = None,
    ) -> None:
        self._target, self._path, self._clock = target, path, clock
        self._woken = threading.Event()
        self._rest = rest or self._woken.wait
        self._speed = check_speed(speed)
        self._replay: Replay | None = Replay(path)
        self._span_us = self._replay.shelves.start_us, self._replay.shelves.end_us
        self._there = Cursor()
        self._given_us = self._span_us[0]  # up to which all was given
        self._given_s = -math.inf  # and when
        self._anchor = clock.monotonic(), self._given_us  # where it was when it began to do what it does now
        self._playing, self._sought, self._closed = True, False, False
        self._late = False  # more comes than can be given at this speed
        self._device = self._replay.device(self._there)
        self._strikes: dict[str, Strike] = {}  # the latest of each fault
        self._told = self._tell(self._replay)

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def info(self) -> SessionInfo:
        name = self._path.name
        return SessionInfo(self._target, name, self._device, can_control=False, can_seek=True, virtual=False)

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def playback(self) -> Playback:
        """Where it is; ``at_us`` moves on between two batches, too."""
        return Playback(*self._span_us, self._position_us(), self._playing, self._speed, *self._told)

    def standing(self) -> Standing:
        return standing(self._strikes.values(), self._position_us(), self._span_us[0])

    # -- what comes ------------------------------------------------------------------------------------------------

    def poll(self, timeout_s: float) -> Batch:
        deadline = self._clock.monotonic() + timeout_s
        batch: Batch | None = Batch()
        try:
            while not self._closed:
                batch = self._next()
                now_s = self._clock.monotonic()
                if batch is not None or self._woken.is_set() or deadline <= now_s:
                    break
                self._rest(max(min(deadline, self._due_s()) - now_s, _SHORTEST_REST_S))
        except PumpError as error:
            self.close()
            batch = Batch(links=(LinkChange(LinkState.CLOSED, self._given_us, error),))
        self._woken.clear()
        return batch or Batch()

    def _next(self) -> Batch | None:
        """What is due now, if anything."""
        replay = self._opened()
        if self._sought:
            return self._arrive(replay)
        now_s, due_us = self._clock.monotonic(), replay.shelves.due_us(self._there)
        if due_us is None:
            return self._end()
        until_us = self._until_us()
        if due_us > until_us or (now_s < self._given_s + GATHER_S and self._speed < math.inf):
            return None
        before = self._there
        self._there, self._given_us = replay.shelves.advance(before, until_us)
        self._given_s = now_s
        self._keep_pace(until_us)
        batch = replay.between(before, self._there)
        self._strikes |= {strike.what: strike for strike in batch.strikes}
        self._device, self._told = replay.device(self._there), self._tell(replay)
        return batch

    def _keep_pace(self, until_us: int) -> None:
        """The position waits for what is given, where that falls behind."""
        behind_s = (until_us - self._given_us) / 1e6 / self._speed
        self._late = self._playing and behind_s > (0.0 if self._late else _LATE_S)
        if self._late:
            self._anchor = self._given_s, self._given_us

    def _arrive(self, replay: Replay) -> Batch:
        """The moment that was sought."""
        moment = replay.moment(self._given_us)
        self._there, self._device, self._sought = moment.there, moment.device, False
        self._strikes = {strike.what: strike for strike in moment.standing}
        self._told = moment.at_s, moment.totals
        return Batch(counters=moment.batch.counters, moment=moment)

    def _end(self) -> Batch | None:
        """Pauses at the end, and says so by a batch of nothing."""
        if not self._playing:
            return None
        self._given_us = self._span_us[1]
        self._stand(self._given_us)
        return Batch(counters=self._opened().counters(self._there))

    def _until_us(self) -> int:
        """Up to where what there is may be given now."""
        since_s, at_us = self._anchor
        if not self._playing:
            return at_us
        if self._speed == math.inf:
            return self._span_us[1]
        return min(self._span_us[1], at_us + round((self._clock.monotonic() - since_s) * self._speed * 1e6))

    def _position_us(self) -> int:
        waits = self._playing and (self._speed == math.inf or self._late)
        return self._given_us if waits else self._until_us()

    def _due_s(self) -> float:
        """When something is to be done, by the clock."""
        due_us = self._opened().shelves.due_us(self._there)
        if self._sought or (self._playing and (due_us is None or self._speed == math.inf)):
            return -math.inf
        if due_us is None:
            return math.inf
        since_s, at_us = self._anchor
        if due_us > self._until_us():
            since_s = since_s + (due_us - at_us) / self._speed * 1e-6 if self._playing else math.inf
        return max(self._given_s + GATHER_S, since_s)

    def _tell(self, replay: Replay) -> tuple[float, Totals]:
        """Where what was given ends on the run's axis, and the totals there."""
        samples = self._there.samples
        return replay.axis.seconds_of(samples - 1) if samples else 0.0, replay.totals(self._there)

    # -- what it is told -------------------------------------------------------------------------------------------

    def seek(self, at_us: int) -> None:
        start_us, end_us = self._span_us
        self._given_us = min(max(at_us, start_us), end_us)
        self._sought, self._late = True, False
        self._anchor = self._clock.monotonic(), self._given_us

    def play(self, speed: float | None = None) -> None:
        """As ``Session.play``; from the beginning, where it stands at the end."""
        at_us = self._position_us()
        if speed is not None:
            self._speed = check_speed(speed)
        if at_us >= self._span_us[1] and not self._playing:
            self.seek(self._span_us[0])
        else:
            self._anchor = self._clock.monotonic(), at_us
        self._playing = True

    def pause(self) -> None:
        self._stand(self._position_us())

    def _stand(self, at_us: int) -> None:
        self._anchor = self._clock.monotonic(), at_us
        self._playing = self._late = False

    def let_go(self) -> None:
        """Closes the file, so that it can be edited; whatever needs it next opens it again."""
        if self._replay is not None:
            self._replay.close()
        self._replay = None

    def _opened(self) -> Replay:
        if self._replay is None:
            self._replay = Replay(self._path)
        return self._replay

    def command(self, command: Command) -> int:
        raise UsageError(_NO_PUMP, _CONNECT)

    def acknowledge(self, last_event: int) -> None:
        """Nothing: there is no pump that would forget."""

    def inject(self, fault: "Fault") -> None:
        raise UsageError("This is a recording: nothing can be made to fail in it.", _CONNECT)

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        """Lets go of the file."""
        self._closed = True
        if self._replay is not None:
            self._replay.close()


def standing(strikes: Iterable[Strike], at_us: int, start_us: int) -> Standing:
    """The faults of a rig that are in force at ``at_us``, by their ``strikes``; times count from ``start_us``."""
    from rig.virtual.schedule import NEVER_US, Scheduled

    begun = [strike for strike in strikes if in_force(strike)]
    faults = tuple(
        Scheduled(number, one.what, one.amount, one.host_us - start_us, NEVER_US, begun=True)
        for number, one in enumerate(begun, 1)
    )
    return Standing(at_us - start_us, faults)
