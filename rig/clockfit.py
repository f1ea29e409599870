"""How a pump's clock goes beside this computer's: offset, drift and residual, from when its readings came in.

A reading is a pump's microseconds and the moment at which they were heard.  On the way they can only be delayed, so
the line that the two clocks follow is a lower envelope: the supporting line of the lower convex hull of
``host - device`` at the mean time, which minimises the sum of all distances above it (Moon, Skelly and Towsley 1999,
"Estimation and removal of clock skew from network delay measurements").  Late arrivals lie above it and do no harm.
"""

from dataclasses import dataclass

POINTS = 64  # lowest readings kept, one a bucket of time
WINDOW_S = 2048.0  # so far back a fit looks: a drift that changes is followed within half an hour
DRIFT_AFTER_S = 60.0  # no drift is told before
_FIRST_BUCKET_US = 1_000_000
_SLOPE_AFTER_US = 10_000_000
_SLOPE_MOST = 0.1  # beyond that it is no clock, or the host's stood still
_SETTLED = 10  # readings before a jump can be told
_LEAST_JUMP_US = 250_000
_PROVEN = 3  # readings in a row that show a jump…
_PROVEN_US = 5_000_000  # …over so long
_SCATTERS = 4  # a jump is beyond so many times what arrivals scatter by…
_UNTOLD_DRIFT = 1e-4  # …and what the crystal may have drifted in a pause
_SCATTER_MOST_US = 1_000_000  # a line that was held for minutes doesn't make the clock unknown
_BOOTED_US = 1_000_000  # by more than that no reading overtakes another: a pump that lost its memory counts boots anew
_MEMORY = 32  # readings that the scatter remembers


@dataclass(frozen=True)
class ClockJump:
    """The pump's clock went forward by ``jump_s`` more than time did, before it was ``t_us`` in boot ``boot``."""

    boot: int
    t_us: int
    host_us: int
    jump_s: float


@dataclass(frozen=True)
class ClockState:
    """The pump's clock beside this computer's, in one boot of the pump."""

    boot: int
    offset_s: float  # how far the pump's has run ahead since they were first seen together; jumps included
    drift_ppm: float | None  # by which the pump's runs fast now; None before DRIFT_AFTER_S
    residual_s: float  # how far above the fitted line the earliest arrivals lie, on average
    samples: int  # readings of this boot
    span_s: float  # pump time that the fit covers; the drift is right to about 2 residuals in this span
    jumps: int = 0  # of this boot
    last_jump: ClockJump | None = None


@dataclass
class _Suspect:
    """Readings that look like a jump: when they began, and the lowest of them."""

    first_us: int
    lowest_us: int
    d_us: int
    above_us: float
    readings: int = 0


class ClockFit:
    """Takes readings as they come, in constant memory; ``window_s`` is how far back it looks, inf for all of them.

    A new boot begins anew.  So does a jump, which is told once it has lasted for some seconds: forward, and by more
    than arrivals scatter.  What can't be told from a late arrival is taken for one: a jump back, or this computer's own
    clock set forward.  What can't be told from a jump is told as one: this computer's clock set back, or a line that
    was slow from the beginning and is quick at once.
    """

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self._longest_us = max(_FIRST_BUCKET_US, window_s * 1e6 / POINTS)
        self.boot: int | None = None  #: of the readings; None before the first

    def _begin(self, boot: int, t_us: int, host_us: int) -> None:
        self.boot = boot
        self._zero_us, self._host_zero_us = t_us, host_us
        self._samples = self._jumps = 0
        self._last_jump: ClockJump | None = None
        self._origin_us = 0.0  # what host - device was at first, by the fit
        self._slope = 0.0  # of host - device over device time
        self._restart(0, 0)

    def _restart(self, t_us: int, d_us: int) -> None:
        """Fits anew from this reading on, with the slope known so far."""
        self._bucket_us = _FIRST_BUCKET_US
        self._points = [(t_us, d_us)]  # (device time, host - device), both since the first reading
        self._level_us = self._mean_us = d_us - self._slope * t_us  # the line's height, and the points'
        self._settled = 0
        self._scatter_us = 0.0
        self._last = (t_us, d_us)
        self._suspect: _Suspect | None = None

    def add(self, boot: int, t_us: int, host_us: int) -> ClockJump | None:
        """A reading: it was ``t_us`` on the pump, in boot ``boot``, before ``host_us`` (UTC); the jump that shows."""
        if boot != self.boot or t_us < self._zero_us + self._last[0] - _BOOTED_US:
            self._begin(boot, t_us, host_us)
        now_us = t_us - self._zero_us
        d_us = host_us - self._host_zero_us - now_us
        if now_us < self._last[0]:
            return None  # late, and overtaken
        self._samples += 1
        above_us = d_us - self._level_us - self._slope * now_us
        if self._suspect is None and self._falls(now_us, d_us, above_us):
            self._suspect = _Suspect(now_us, now_us, d_us, above_us)
        if self._suspect is None:
            self._take(now_us, d_us, above_us)
            return None
        return self._pursue(self._suspect, now_us, d_us, above_us)

    def _falls(self, now_us: int, d_us: int, above_us: float) -> bool:
        """Both below the line and at once since the reading before: a drift that changes is only the one, an arrival
        after a late one only the other."""
        last_us, last_d_us = self._last
        known_us = self._known_us() + (now_us - last_us) * _UNTOLD_DRIFT
        return self._settled >= _SETTLED and max(above_us, d_us - last_d_us) < -known_us

    def _known_us(self) -> float:
        """By so much arrivals differ."""
        return max(_LEAST_JUMP_US, _SCATTERS * self._scatter_us)

    def _pursue(self, suspect: "_Suspect", now_us: int, d_us: int, above_us: float) -> ClockJump | None:
        """A clock that jumped stays ahead; otherwise one reading came quicker than any before."""
        if above_us > -self._known_us():
            self._suspect = None
            self._take(suspect.lowest_us, suspect.d_us, suspect.above_us)
            self._take(now_us, d_us, above_us)
            return None
        self._last = (now_us, d_us)
        suspect.readings += 1
        if above_us < suspect.above_us:
            suspect.lowest_us, suspect.d_us, suspect.above_us = now_us, d_us, above_us
        if suspect.readings < _PROVEN or now_us - suspect.first_us < _PROVEN_US:
            return None
        self._jumps += 1
        t_us = self._zero_us + suspect.first_us
        host_us = t_us + suspect.d_us - self._zero_us + self._host_zero_us
        assert self.boot is not None
        self._last_jump = ClockJump(self.boot, t_us, host_us, -suspect.above_us * 1e-6 / (1 + self._slope))
        self._restart(suspect.lowest_us, suspect.d_us)
        self._last = (now_us, d_us)
        return self._last_jump

    def _take(self, now_us: int, d_us: int, above_us: float) -> None:
        self._settled += 1
        self._last = (now_us, d_us)
        self._scatter_us += (min(abs(above_us), _SCATTER_MOST_US) - self._scatter_us) / min(self._settled, _MEMORY)
        points = self._points
        if now_us // self._bucket_us == points[-1][0] // self._bucket_us:
            if self._rises(points[-1]) > self._rises((now_us, d_us)):
                points[-1] = (now_us, d_us)
        else:
            points.append((now_us, d_us))
            if len(points) > POINTS:
                self._thin_out()
            self._fit()
        if above_us < 0:
            self._level_us = min(self._level_us, d_us - self._slope * now_us)

    def _rises(self, point: tuple[int, int]) -> float:
        return point[1] - self._slope * point[0]

    def _thin_out(self) -> None:
        """Half as many buckets, twice as wide, as far as the window goes; then the oldest is forgotten."""
        while len(self._points) > POINTS and 2 * self._bucket_us <= self._longest_us:
            self._bucket_us *= 2
            lowest: dict[int, tuple[int, int]] = {}
            for point in self._points:
                bucket = point[0] // self._bucket_us
                lowest[bucket] = min(lowest.get(bucket, point), point, key=self._rises)
            self._points = list(lowest.values())
        if len(self._points) > POINTS:
            del self._points[0]

    def _fit(self) -> None:
        points = self._points
        if points[-1][0] - points[0][0] >= _SLOPE_AFTER_US:
            self._slope = min(max(_slope_below(points), -_SLOPE_MOST), _SLOPE_MOST)
        rises = [self._rises(point) for point in points]
        self._level_us, self._mean_us = min(rises), sum(rises) / len(rises)
        if not self._jumps and points[-1][0] < DRIFT_AFTER_S * 1e6:
            self._origin_us = self._level_us

    @property
    def state(self) -> ClockState | None:
        """What is known now; None before the first reading."""
        if self.boot is None:
            return None
        now_us = self._last[0]
        line_us = self._level_us + self._slope * now_us
        span_s = (now_us - self._points[0][0]) * 1e-6
        return ClockState(
            boot=self.boot,
            offset_s=(self._origin_us - line_us) * 1e-6,
            drift_ppm=(1 / (1 + self._slope) - 1) * 1e6 if span_s >= DRIFT_AFTER_S else None,
            residual_s=(self._mean_us - self._level_us) * 1e-6,
            samples=self._samples,
            span_s=span_s,
            jumps=self._jumps,
            last_jump=self._last_jump,
        )


def _slope_below(points: list[tuple[int, int]]) -> float:
    """Of the edge of the lower convex hull of ``points`` (in order of time) below their mean time."""
    hull: list[tuple[int, int]] = []
    for t_us, d_us in points:
        while len(hull) > 1:
            (t0_us, d0_us), (t1_us, d1_us) = hull[-2:]
            if (d1_us - d0_us) * (t_us - t0_us) < (d_us - d0_us) * (t1_us - t0_us):
                break
            hull.pop()  # it lies on or above the line from the one before it to this one
        hull.append((t_us, d_us))
    mean_us = sum(t_us for t_us, _ in points) / len(points)
    right = next(i for i in range(1, len(hull)) if hull[i][0] >= mean_us)
    (t0_us, d0_us), (t1_us, d1_us) = hull[right - 1 : right + 1]
    return (d1_us - d0_us) / (t1_us - t0_us)
