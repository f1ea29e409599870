"""How a link does, as often as is worth keeping."""

from dataclasses import replace

from rig.recording.records import Health
from rig.session import LinkCounters

EVERY_US = 1_000_000


class HealthLog:
    """Reads a session's counters and says what of them to keep: what is new, once a second at most."""

    def __init__(self) -> None:
        self._kept = Health.of(0, LinkCounters())
        self._latest = LinkCounters()

    def read(self, counters: LinkCounters, now_us: int) -> tuple[Health, ...]:
        """What to keep of ``counters`` at ``now_us``, UTC; that clock may jump."""
        self._latest = counters
        soon = 0 <= now_us - self._kept.host_us < EVERY_US
        return () if soon else self.end(now_us)

    def end(self, now_us: int) -> tuple[Health, ...]:
        """What to keep at the end, however soon."""
        health = Health.of(now_us, self._latest)
        if health == replace(self._kept, host_us=now_us):
            return ()
        self._kept = health
        return (health,)
