"""The on-demand bolus: whether one may be given now.  The pump decides alone, for its button as for a command.

What counts is when others were granted, given whole or not.  Within a boot that is known to the microsecond, whatever
becomes of the clock.  Of earlier boots it is known by the clock only: one that turns out to lie before what it said
then makes them count as if they had been granted when power came back, and one that is a day fast forgets them.
"""

from firmware_link.vocabulary import AFTER_RESUME, MAX_DEMANDS_DAY, OUTCOME_STARTED
from rig.firmware.control import saved_demand
from rig.firmware.refusal import Refused

DAY_US = 86400000000
WONT_HELP = -1  # in seconds: no use waiting
_SECOND_US = 1000000


def _ceil_s(us):
    return -(-us // _SECOND_US)


class Demands:
    """When the last ones were granted, ``MAX_DEMANDS_DAY`` of them: no program allows more in 24 h."""

    def __init__(self, state, clock):
        self._state = state
        self._clock = clock
        self._before_s = list(state.demands)  # UTC, in earlier boots
        self._at_us = []  # in this boot

    def clock_set(self):
        """The clock says something else from now on."""
        booted_us = self._clock.utc_us(0)
        future = [utc_s for utc_s in self._before_s if utc_s * _SECOND_US > booted_us]
        self._before_s = [utc_s for utc_s in self._before_s if utc_s * _SECOND_US <= booted_us]
        self._at_us = [0] * len(future) + self._at_us

    def grant(self, now_us):
        """One is given."""
        self._at_us.append(now_us)
        if len(self._at_us) + len(self._before_s) > MAX_DEMANDS_DAY:
            (self._before_s or self._at_us).pop(0)

    def keep(self):
        """Writes them into the state."""
        # Rounded up, so that a reset makes no wait shorter.
        self._state.demands = self._before_s + [self._clock.utc_s(at_us + _SECOND_US - 1) for at_us in self._at_us]

    def _recent_us(self, now_us):
        """Those of the last 24 h, oldest first; while the clock is unset, all of earlier boots might be."""
        less_us = self._clock.utc_us(0)
        before_us = [utc_s * _SECOND_US - less_us if self._clock.is_set else 0 for utc_s in self._before_s]
        return [at_us for at_us in before_us + self._at_us if at_us > now_us - DAY_US]

    def today(self, now_us):
        """How many were granted in the last 24 h."""
        return len(self._recent_us(now_us))

    def wait(self, now_us, lockout_s, per_day):
        """(seconds, name of the error): how long until another may be granted, and why not now; (0, "") for now."""
        recent_us = self._recent_us(now_us)
        if not recent_us:
            return 0, ""
        lockout_us = recent_us[-1] + lockout_s * _SECOND_US - now_us
        maximum_us = recent_us[-per_day] + DAY_US - now_us if len(recent_us) >= per_day else 0
        if lockout_us <= 0 and maximum_us <= 0:
            return 0, ""
        return max(_ceil_s(lockout_us), _ceil_s(maximum_us)), "lockout" if lockout_us > maximum_us else "daily_maximum"


def _demand_of(pump):
    return pump.course.program.demand if pump.course else None


def _wait_s(pump, now_us):
    demand = _demand_of(pump)
    return pump.demands.wait(now_us, *demand[2:])[0] if demand and pump.clock.is_set else 0


def status(pump, now_us):
    """The fields demands_day and demand_wait_s of the message "status"."""
    return pump.demands.today(now_us), _wait_s(pump, now_us)


def _decide(pump, now_us):
    """(volume_pl, duration_ms) of the one that may be given now; raises Refused."""
    demand = _demand_of(pump)
    if demand is None:
        raise Refused("no_demand")
    if demand != saved_demand(pump.memory.program):
        pump.raise_alarm("memory_error", now_us, now_us)
    volume_pl, duration_ms, lockout_s, per_day = demand
    pump.refuse_bolus(now_us, volume_pl, duration_ms, AFTER_RESUME)
    waiting_s, why = pump.demands.wait(now_us, lockout_s, per_day)
    if why:
        raise Refused(why, waiting_s)
    return volume_pl, duration_ms


def _helps_s(pump, now_us, refusal):
    """Seconds after which the same request may be granted, WONT_HELP where time alone changes nothing."""
    if refusal.name in ("lockout", "daily_maximum"):
        return refusal.detail
    if refusal.name == "busy_bolus":
        return max(_ceil_s(pump.bolus_left_ms(now_us) * 1000), _wait_s(pump, now_us))
    return WONT_HELP


def ask(firmware, now_us, command_id=None):
    """Somebody wants one: gives it, or logs the refusal and raises it.  ``command_id`` is None for the button."""
    pump = firmware.pump
    try:
        volume_pl, duration_ms = _decide(pump, now_us)
    except Refused as refusal:
        firmware.record.event("demand_refused", now_us, now_us, _helps_s(pump, now_us, refusal))
        raise
    if command_id is not None:
        pump.memory.note(command_id, OUTCOME_STARTED)
    pump.demands.grant(now_us)
    firmware.record.event("demand_granted", now_us, now_us, pump.demands.today(now_us))
    pump.give_bolus(now_us, command_id, volume_pl, duration_ms * 1000, AFTER_RESUME)
