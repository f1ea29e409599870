"""Pumps and catheters as data: what a program is for.  Read from ``resources/pumps`` and ``resources/catheters``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pump:
    """A pump's numbers.  Volumes in nl, flows in pl/day."""

    key: str  # the file's name without its suffix, as programs say it
    name: str
    reservoir_nl: int
    low_reservoir_nl: int
    path_nl: int  # from the reservoir's outlet to the catheter
    refill_cap_days: int  # stability of the drug
    flow_low_pl_day: int
    flow_high_pl_day: int
    minimum_pl_day: int  # the minimum rate
    accuracy_permille: int
    tube_compressions: int  # service life of the tube
    stroke_pl: int  # delivered by one compression: a revolution by the number of rollers
    battery_life_numerator_milliyears: int  # life = numerator / (offset + flow in mL/day), capped
    battery_life_offset_ul_day: int
    battery_cap_days: int
    refill_watch_nl: int  # more than this after filling is looked into


@dataclass(frozen=True)
class Catheter:
    """A catheter as made; a program says how much of it was cut off."""

    key: str
    name: str
    length_um: int
    volume_pl_mm: int

    def dead_volume_pl(self, trimmed_um: int) -> int:
        """Volume inside, after ``trimmed_um`` (0 to its length) was cut off."""
        return (self.length_um - trimmed_um) * self.volume_pl_mm // 1000


@dataclass(frozen=True)
class Profiles:
    """All that can be chosen, by key."""

    pumps: dict[str, Pump]
    catheters: dict[str, Catheter]
