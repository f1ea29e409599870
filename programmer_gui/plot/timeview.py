"""What stretch of time a stack of charts shows: following, paused, panned or zoomed.  Pure arithmetic."""

from dataclasses import dataclass

SHORTEST_S = 0.01
LONGEST_S = 10 * 365 * 86_400.0
#: Part of the width that stays free at the right of what has been measured, so that its end can be seen.
LEAD = 0.02


@dataclass(frozen=True)
class Window:
    """``width`` pixel columns of ``per_px`` seconds, the first of which begins at ``begin``."""

    begin: float
    per_px: float
    width: int

    @property
    def end(self) -> float:
        """Where the last column ends."""
        return self.begin + self.per_px * self.width

    @property
    def span(self) -> float:
        """Seconds from the first column to the last."""
        return self.per_px * self.width


class TimeView:
    """The range in view.  Following, its right end is "now"; whatever moves it by hand ends that."""

    def __init__(self, span_s: float = 60.0) -> None:
        self.span_s = span_s
        self.end = span_s
        self.following = True
        self.paused = False
        self.start = 0.0  # the earliest moment there is
        self.now = 0.0

    def window(self, width: int) -> Window:
        """The range over ``width`` (> 0) pixels, in whole pixels of time, so that columns stay put as it scrolls."""
        per_px = self.span_s / width
        return Window((round(self.end / per_px) - width) * per_px, per_px, width)

    def advance(self, start: float, now: float) -> None:
        """Time goes on: ``start`` is the earliest moment there is, ``now`` the latest."""
        self.start, self.now = start, now
        if self.following and not self.paused:
            self._pin()

    def follow(self, following: bool = True) -> None:
        """Keeps the latest moment in view, or stays where it is."""
        self.following = following
        if following:
            self.paused = False
            self._pin()

    def pause(self, paused: bool) -> None:
        """Freezes the picture; afterwards it goes on as it was."""
        self.paused = paused
        if not paused and self.following:
            self._pin()

    def set_span(self, span_s: float) -> None:
        """Shows ``span_s`` seconds, keeping the right end."""
        self.span_s = min(max(span_s, SHORTEST_S), LONGEST_S)
        if self.following:
            self._pin()

    def pan(self, seconds: float) -> None:
        """Moves the range; ends following."""
        self.following = False
        self.end += seconds

    def zoom(self, factor: float, at: float) -> None:
        """Shows ``factor`` times as long a stretch, with ``at`` staying in place; ends following."""
        span = min(max(self.span_s * factor, SHORTEST_S), LONGEST_S)
        self.following = False
        self.end = at + (self.end - at) * span / self.span_s
        self.span_s = span

    def show(self, begin: float, end: float) -> None:
        """Shows exactly ``begin`` to ``end``; ends following."""
        self.following = False
        self.span_s = min(max(end - begin, SHORTEST_S), LONGEST_S)
        self.end = end

    def fit(self) -> None:
        """Shows everything there is; ends following."""
        margin = LEAD * max(self.now - self.start, SHORTEST_S)
        self.show(self.start - margin, self.now + margin)

    def _pin(self) -> None:
        self.end = max(self.now + LEAD * self.span_s, self.start + self.span_s)
