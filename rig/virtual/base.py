"""What every virtual rig is, whatever runs its firmware: a plant, a pace, faults, and the turns between them."""

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import NoPump, PortLost
from firmware_link.transport import Transport
from rig.truth import Strike, Truth, TruthLog
from rig.virtual import strikes
from rig.virtual.board import LINK_ROOM, Cable, device_id_of
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault, check
from rig.virtual.flash import Flash
from rig.virtual.pace import MAX_SPEED, Pace, RigClock
from rig.virtual.parameters import RigParameters, load
from rig.virtual.plant import Plant
from rig.virtual.relay import Relay
from rig.virtual.schedule import NEVER_US, Schedule, Scheduled

#: where a rig's calendar begins when nothing says otherwise, so that equal seeds make equal bytes: 2026-01-05 08:00 UTC
START_UTC_US = 1_767_600_000_000_000
_GATHERED = LINK_ROOM // 2  # bytes that are read without gathering more, so that none find the link full


class RigLink:
    """What every transport to a rig's pump does: waiting on it is what lets time pass."""

    def __init__(self, name: str, rig: "Rig") -> None:
        self.name = name
        self.lost = False  #: its other end is gone
        self._rig = rig

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        self._check()
        self._rig.run(timeout_s, gather_s, self)
        self._check()

    def wake(self) -> None:
        self._rig.wake()

    def close(self) -> None:
        if not self.lost:
            self._rig.drop_link()

    def _check(self) -> None:
        if self.lost:
            raise PortLost(f"{self.name} is gone.", "The pump was unplugged or lost power, or somebody else connected.")


class Rig:
    """One rig.  One thread owns it; ``wake`` is for all.

    Time passes while somebody waits on its transport, or in ``rest``.  With ``MAX_SPEED`` it then jumps from event to
    event, and deadlines are in virtual seconds.  ``real`` and ``pause`` (rests for so many real seconds, or until
    ``wake``) are where real time comes in.  At a finite speed the calendar starts at the real time.
    """

    name = "virtual rig"

    def __init__(
        self,
        seed: int = 1,
        speed: float = 1.0,
        *,
        parameters: RigParameters | None = None,
        start_utc_us: int | None = None,
        real: Clock | None = None,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        real = real or SystemClock()
        self.plant: Plant = Plant(parameters or load(), seed)
        self.flash = Flash()
        self.cable = Cable()
        self.device_id = device_id_of(seed)
        self.powered = False
        self._awake = threading.Event()
        self.pause = pause or self._awake.wait
        self._pace = Pace(speed, real, self.plant)
        self.relay = Relay(seed, self._pace)
        if start_utc_us is None:
            start_utc_us = START_UTC_US if speed == MAX_SPEED else real.utc_us()
        self.clock = RigClock(self._pace, self.plant, start_utc_us)
        self.truths = TruthLog(start_utc_us)
        self._schedule = Schedule()
        self._due_us = NEVER_US  # when the firmware wants its next turn by itself

    # What a rig adds: who runs the firmware, and what the link is

    def power_on(self) -> None:
        """Starts the firmware from what the flash holds."""
        raise NotImplementedError

    def power_off(self) -> None:
        """The firmware is gone, and the motor stands."""
        raise NotImplementedError

    def connect(self) -> Transport:
        """Opens the pump's link, ending one that was open; raises NoPump where none can be found."""
        raise NotImplementedError

    def drop_link(self) -> None:
        """The transport in use finds its other end gone."""
        raise NotImplementedError

    def due_us(self) -> int:
        """When the firmware wants its next turn, in the rig's time; at once where the host has sent something."""
        raise NotImplementedError

    def turn(self) -> None:
        """Gives the firmware its turn at the present moment."""
        raise NotImplementedError

    def unread(self) -> int:
        """How many bytes the host has to read."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the rig; may be called twice."""
        raise NotImplementedError

    # Time

    def run(self, timeout_s: float, gather_s: float = 0.0, link: RigLink | None = None) -> None:
        """Lets time pass: until there is something to read and ``gather_s`` more, ``link`` is lost, ``wake``, or the
        time."""
        pace = self._pace
        plant = self.plant
        deadline = pace.deadline(timeout_s)
        gathering = False
        while not (self._awake.is_set() or (link and link.lost)):
            unread = self.unread() if link else 0
            if unread > _GATHERED or (unread and not gather_s):
                break
            if unread and not gathering:
                gathering = True
                deadline = min(deadline, pace.gathered(gather_s))
            due_us = min(self.due_us(), self._schedule.due_us())
            limit_us = max(pace.limit_us(deadline), plant.now_us)
            if due_us <= limit_us:
                plant.advance(max(due_us, plant.now_us))
                if not (self._strike() or self._starve()):
                    self.turn()
                if pace.overdue(deadline):
                    break
                continue
            plant.advance(limit_us)
            if pace.passed(deadline):
                break
            if not pace.jumps:
                self.pause(pace.rest_s(due_us, deadline))
        self._awake.clear()

    def rest(self, timeout_s: float) -> None:
        """Lets time pass with no transport open, up to ``timeout_s`` or until ``wake``."""
        self.run(timeout_s)

    def wake(self) -> None:
        """Ends a wait under way, or else the next.  Safe from any thread."""
        self._awake.set()

    @property
    def now_us(self) -> int:
        """The rig's own time, which its faults are in.  Safe from any thread."""
        return self.plant.now_us

    def truth(self) -> Truth:
        """What really is, now."""
        return self.plant.truth()

    # The link

    def check_plugged(self) -> None:
        """Raises NoPump where a host that looks for a pump finds none."""
        if not self.powered:
            remedy = "Wait until it is back, end the fault, or give it a new battery."
            raise NoPump("The virtual pump has no power.", remedy)
        if not self.cable.plugged:
            raise NoPump("The virtual pump is unplugged.", "Wait until it is plugged in again, or end the fault.")

    # Faults

    def inject(self, fault: Fault) -> None:
        """Makes the fault happen or end, now or when it says; raises faults.Refused where it makes no sense, where
        what the rig holds doesn't allow it, and where it contradicts another one."""
        fault = check(fault, self.plant.now_us * 1e-6)
        at_us = self.plant.now_us if fault.at_s is None else round(fault.at_s * 1e6)
        if at_us <= self.plant.now_us and not fault.ends:
            strikes.check_now(self, fault)
        self._schedule.add(fault, at_us)
        self._strike()

    def faults(self) -> tuple[Scheduled, ...]:
        """Those in force and those to come, by when they next change.  Safe from any thread."""
        return self._schedule.faults

    def in_force(self) -> tuple[str, ...]:
        """The lasting faults that are on now, in the order in which they began.  Safe from any thread."""
        return self._schedule.in_force

    def take_truth(self) -> NDArray[np.void]:
        """(n,) truth.TRUTH_DTYPE: a row for each time the pump has sensed since the last call."""
        return self.truths.take_truth()

    def take_strikes(self) -> tuple[Strike, ...]:
        """The faults that began or ended since the last call."""
        return self.truths.take_strikes()

    def lose_power(self) -> None:
        """The supply fails, at whatever point of its turn the firmware is; the link goes with it."""
        self.power_off()
        self.drop_link()

    def _starve(self) -> bool:
        """The board goes off where nothing feeds it any more; False where it didn't."""
        if not self.powered or self.plant.power.feeds():
            return False
        self.lose_power()
        return True

    def rouse(self) -> None:
        """The firmware gets its turn at once."""
        if self.powered:
            self._due_us = self.plant.now_us

    def _strike(self) -> bool:
        """Makes all changes that are due; False where there are none."""
        struck = False
        while (change := self._schedule.take(self.plant.now_us)) is not None:
            change = strikes.strike(self, change)
            amount = change.amount if change.begins and BY_NAME[change.what].amount else None
            self.truths.strike(self.plant.now_us, change.what, change.begins, amount)
            struck = True
        return struck
