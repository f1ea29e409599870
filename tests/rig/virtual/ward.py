"""A pump on a virtual rig that delivers at one rate, and somebody who watches its log and comes back after a cut."""

from collections.abc import Mapping
from dataclasses import dataclass

from firmware_link.errors import NoPump, PortLost
from firmware_link.vocabulary import ALARM_BITS, EVENT_KINDS, EVENT_PRIORITIES, INFO, SETTING_KEYS
from rig.virtual.base import Rig
from rig.virtual.faults import Fault
from tests.rig.virtual.host import Host

DAY_S = 86_400
FILLED_ML = 40
#: of the worst balance of domain.md section 5, under an open cup: what somebody has to set for it
POOR = {"balance_uncertainty_nl": 60_000, "evaporation_nl_day": 2_400_000}
_BY_OPERATOR = 0
_USED_ML = FILLED_ML - 3  # until it is filled again
_LOW_CHARGE, _MANY_COMPRESSIONS = 0.2, 180_000
_SELDOM_MS = 3_600_000  # rows, so that the pump reads its sensors when it wants to
_LABEL_NG_ML = 500_000


@dataclass(frozen=True)
class Entry:
    """One entry of the pump's log; times are its own microseconds of that boot."""

    name: str
    boot: int
    occurred_us: int
    detected_us: int
    value: int

    @property
    def is_alarm(self) -> bool:
        """Whether it is more than information."""
        return EVENT_PRIORITIES[EVENT_KINDS[self.name]] > INFO


class Ward:
    """One pump under watch.  ``settings`` are vocabulary.SETTINGS by name; ``bolus`` is (pl, ms), each four hours."""

    def __init__(
        self, rig: Rig, ml_day: float, settings: Mapping[str, int] | None = None, bolus: tuple[int, int] | None = None
    ) -> None:
        self.rig = rig
        self.log: dict[int, Entry] = {}  # by number
        self.reconnects = 0
        self._host = Host(rig.connect())
        self._commands = 100
        self._host.hello()
        chosen = {"sample_interval_ms": _SELDOM_MS, "reservoir_nl": FILLED_ML * 1_000_000, **(settings or {})}
        self.configure(chosen)
        self.refill()
        self._deliver(round(ml_day * 1e9), bolus)

    def _deliver(self, pl_day: int, bolus: tuple[int, int] | None) -> None:
        """Programs and starts an even flow, or one of which so many picolitres of a sixth of a day come at once, in so
        many milliseconds."""
        pl, ms = pl_day // 6, DAY_S // 6 * 1000
        segments = [(pl, ms)] if bolus is None else [bolus, (pl - bolus[0], ms - bolus[1])]
        utc_s = self.rig.clock.utc_us() // 1_000_000
        assert self.command("set_clock", utc_s, 0) == "ok"
        assert self.command("stage_begin", utc_s, 0, 0, len(segments), 0, 0, 0, 0, 0) == "ok"
        assert self._host.command("stage_chunk", 0, records=segments)[0] == "ok"
        digest = self._host.command("read_program", 1, 0)[1]["digest"]
        assert self.command("commit", 1, digest) == "ok"
        assert self.command("start") == "ok"

    def configure(self, settings: Mapping[str, int]) -> None:
        """Sets them, and they must be accepted."""
        records = [(SETTING_KEYS[name], value) for name, value in settings.items()]
        assert self._host.command("set_config", records=records)[0] == "ok"

    def command(self, name: str, *values: int) -> str:
        """What the pump says to it: "ok", "refused"."""
        return str(self._host.command(name, *values)[0])

    def refill(self) -> None:
        """Fills the reservoir, and says so to the pump."""
        _, status, _ = self._host.command("get_status")
        left_nl = max(0, status["reservoir_nl"])
        self._renew("refill", Fault("fill_reservoir", amount=FILLED_ML), left_nl, FILLED_ML * 1_000_000, _LABEL_NG_ML)

    def service(self) -> None:
        """Fills it, and replaces battery and tube where that is due soon."""
        self.refill()
        truth = self.rig.truth()
        if truth.charge < _LOW_CHARGE:
            self._renew("battery_replaced", Fault("new_battery"))
        if truth.compressions > _MANY_COMPRESSIONS:
            self._renew("tube_replaced", Fault("new_tube"))

    def _renew(self, command: str, by_hand: Fault, *values: int) -> None:
        self._commands += 1
        self.rig.inject(by_hand)
        assert self.command(command, self._commands, *values) == "ok"

    def run(self, seconds: float) -> None:
        """Lets so much of the rig's time pass, coming back as often as the link is lost."""
        end_s = self.rig.clock.monotonic() + seconds
        while (left_s := end_s - self.rig.clock.monotonic()) > 1e-6:
            try:
                self._host.run(self.rig.clock, left_s)
            except PortLost:
                self._come_back(end_s)
        self._note()

    def _come_back(self, end_s: float) -> None:
        self._note()
        while self.rig.clock.monotonic() < end_s:
            try:
                self._host = Host(self.rig.connect())
                self._host.hello()
            except (NoPump, PortLost):
                self.rig.rest(min(1.0, end_s - self.rig.clock.monotonic()))
            else:
                self.reconnects += 1
                return

    def _note(self) -> None:
        for name, row in self._host.events:
            detected_us = row["occurred_us"] + 1000 * row["detected_after_ms"]
            self.log[row["number"]] = Entry(name, row["boot"], row["occurred_us"], detected_us, row["value"])

    @property
    def entries(self) -> list[Entry]:
        """The log in its order."""
        return [self.log[number] for number in sorted(self.log)]

    def alarms(self) -> list[str]:
        """What was more than information, in order."""
        return [entry.name for entry in self.entries if entry.is_alarm]


def live(ward: Ward, ml_day: float, days: float, busy: bool = False) -> None:
    """Lets days pass, with a service in time.  ``busy``: each day somebody opens the window, stops the pump for most of
    an hour, and warms the room."""
    used_ml, each_days = 0.0, 1.0 if busy else min(days, 0.9 * _USED_ML / ml_day)
    while days > 1e-6:
        passed_s = min(days, each_days) * DAY_S
        if busy:
            ward.rig.inject(Fault("room", duration_s=7200, amount=20.5))
            ward.run(7300)
            assert ward.command("stop", _BY_OPERATOR) == "ok"
            ward.run(3000)
            ward.rig.inject(Fault("room", duration_s=3600, amount=24.5))
            assert ward.command("start") == "ok"
            passed_s -= 10_300
        ward.run(passed_s)
        days -= each_days
        used_ml += each_days * ml_day
        if used_ml + each_days * ml_day > _USED_ML:
            ward.service()
            used_ml = 0.0


def false_alarms(ward: Ward) -> list[str]:
    """What it said that isn't so on a healthy rig."""
    return [name for name in ward.alarms() if name in ALARM_BITS or name in ("refill_suspect", "self_test_failed")]
