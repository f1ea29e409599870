"""What can go wrong on a virtual rig: the one table that scripts, files, the window and tests read."""

from dataclasses import dataclass

DRIVE = "Drive and tube"
CATHETER = "Catheter"
RESERVOIR = "Reservoir"
POWER = "Battery and power"
MEMORY = "Memory and clock"
SENSORS = "Sensors"
LINK = "Link"
BY_HAND = "By hand"
GROUPS = (DRIVE, CATHETER, RESERVOIR, POWER, MEMORY, SENSORS, LINK, BY_HAND)


@dataclass(frozen=True)
class Amount:
    """What a fault's ``amount`` means, and its range, ends included; ``whole``: nothing between whole numbers."""

    title: str
    unit: str  # "" where it is a mere number
    low: float
    high: float
    default: float
    whole: bool = False


@dataclass(frozen=True)
class FaultKind:
    """One fault, for people and for checking.  One that ``lasts`` has a duration, or goes on until ended.

    Two that take up one of the same ``places`` can't be in force at once.
    """

    name: str
    title: str
    what: str  # what happens, in a sentence
    group: str
    lasts: bool
    amount: Amount | None = None
    places: tuple[str, ...] = ()


_SENSED = {
    "pressure": "pressure sensor",
    "balance": "balance",
    "battery": "battery gauge",
    "temperature": "temperature sensor",
}
_OF_BYTES = Amount("Of the bytes", "%", 0.001, 100, 0.1)
_AMOUNTS = {
    "missed_steps": Amount("Lost", "%", 1, 90, 20),
    "tube_tear": Amount("Escapes", "%", 1, 100, 30),
    "free_flow": Amount("Flow", "mL/h", 0.1, 60, 5),
    "worn_tube": Amount("Compressions", "", 0, 100_000_000, 200_000, whole=True),
    "occlusion": Amount("Blocked", "%", 1, 100, 100),
    "kink": Amount("Resistance", "times", 2, 100_000, 2_000),
    "leak": Amount("Escapes", "%", 1, 99, 50),
    "back_pressure": Amount("Pressure", "mmHg", -100, 300, 100),
    "wrong_fill": Amount("Difference", "mL", -40, 40, -5),
    "wrong_concentration": Amount("Concentration", "µg/mL", 0, 4_000, 50),
    "battery_step": Amount("Charge left", "%", 0, 100, 5),
    "passivated_battery": Amount("Dip", "V", 0.05, 2, 0.8),
    "brown_out": Amount("Supply", "V", 0, 3.5, 1.5),
    "power_cut_in_write": Amount("After", "bytes", 0, 100_000, 40, whole=True),
    "memory_corruption": Amount("Copies", "", 1, 2, 1, whole=True),
    "clock_drift": Amount("Drift", "ppm", -5_000, 5_000, 200),
    "clock_jump": Amount("Jump", "s", 0.001, 3_600, 60),
    **{f"{name}_noisy": Amount("Noise", "times", 2, 1_000, 30) for name in _SENSED},
    "vibration": Amount("Shakes by", "mg", 1, 5_000, 300),
    "room": Amount("Temperature", "°C", 5, 45, 15),
    "link_drop": _OF_BYTES,
    "link_flip": _OF_BYTES,
    "link_duplicate": _OF_BYTES,
    "link_reorder": Amount("Burst", "bytes", 2, 256, 16, whole=True),
    "link_delay": Amount("Delay", "ms", 1, 60_000, 200),
    "link_split": Amount("Pieces of", "bytes", 1, 512, 1, whole=True),
    "link_merge": Amount("Gathered over", "ms", 1, 10_000, 500),
    "fill_reservoir": Amount("Volume", "mL", 0.1, 40, 20),
}
#: what only one at a time can take up
_PLACES = {
    "rotor": ("stall", "missed_steps"),
    "tube": ("tube_tear", "free_flow"),
    "outlet": ("occlusion", "kink", "disconnect"),
    "catheter's wall": ("leak", "disconnect"),
    "power": ("brown_out", "power_cut", "power_cut_in_write"),
    **{called: (f"{name}_dead", f"{name}_stuck", f"{name}_noisy") for name, called in _SENSED.items()},
    "way to the host": ("unplug", "link_cut", "link_stall_in"),
    "way to the pump": ("unplug", "link_cut", "link_stall_out"),
    "pieces on the line": ("link_split", "link_merge"),
}


def _lasts(group: str, name: str, title: str, what: str) -> FaultKind:
    places = tuple(place for place, taken_by in _PLACES.items() if name in taken_by)
    return FaultKind(name, title, what, group, True, _AMOUNTS.get(name), places)


def _once(group: str, name: str, title: str, what: str) -> FaultKind:
    return FaultKind(name, title, what, group, False, _AMOUNTS.get(name))


def _sensor(name: str, called: str) -> tuple[FaultKind, ...]:
    """What can be wrong with any sensor that shows a quantity."""
    return (
        _lasts(SENSORS, f"{name}_dead", f"Dead {called}", f"The {called} shows nothing, or what can't be."),
        _lasts(SENSORS, f"{name}_stuck", f"Stuck {called}", f"The {called} shows its last reading again and again."),
        _lasts(SENSORS, f"{name}_noisy", f"Noisy {called}", f"The {called} has so many times its noise."),
    )


KINDS = (
    _lasts(DRIVE, "stall", "Stalled rotor", "The rotor is held; the steps it is told to turn are lost."),
    _lasts(DRIVE, "missed_steps", "Missed steps", "The rotor misses this share of the steps it is told to turn."),
    _lasts(DRIVE, "tube_tear", "Torn tube", "This share of what the rotor moves escapes at the pump head."),
    _lasts(DRIVE, "free_flow", "Free flow", "Liquid runs through the tube by itself, whatever the rotor does."),
    _once(DRIVE, "worn_tube", "Worn tube", "The tube is at once as worn as after this many compressions."),
    _lasts(
        CATHETER,
        "occlusion",
        "Blocked outlet",
        "The catheter lets less through, or nothing; pressure builds up behind it.",
    ),
    _lasts(CATHETER, "kink", "Kinked catheter", "The catheter resists the flow so many times as much."),
    _lasts(CATHETER, "leak", "Leak", "This share of the flow leaves beside the catheter and doesn't reach the cup."),
    _lasts(
        CATHETER,
        "disconnect",
        "Disconnected catheter",
        "Everything runs onto the bench; the pressure falls to the air's.",
    ),
    _lasts(CATHETER, "back_pressure", "Back-pressure", "The outlet works against this pressure."),
    _once(RESERVOIR, "empty_reservoir", "Empty reservoir", "The reservoir has nothing left; the rotor draws air."),
    _once(
        RESERVOIR,
        "wrong_fill",
        "Wrong fill",
        "The reservoir holds so much more or less than before, and nobody tells the pump.",
    ),
    _once(
        RESERVOIR,
        "wrong_concentration",
        "Wrong concentration",
        "What the reservoir holds has this concentration from now on.",
    ),
    _once(
        POWER,
        "battery_step",
        "Battery step",
        "The cell's charge is at once this much; with nothing left the board is off.",
    ),
    _once(
        POWER, "passivated_battery", "Passivated battery", "The next load makes the cell's voltage dip, for seconds."
    ),
    _lasts(POWER, "brown_out", "Brown-out", "The supply is held at this voltage; below 2.0 V the board is off."),
    _lasts(POWER, "power_cut", "Power cut", "Everything is off; then the pump boots."),
    _lasts(
        POWER,
        "power_cut_in_write",
        "Power cut in a write",
        "The power fails when so many more bytes are in the memory.",
    ),
    _once(POWER, "reset", "Reset", "The board boots again without losing power for long."),
    _once(MEMORY, "memory_corruption", "Memory corruption", "One bit flips in so many copies of the saved state."),
    _lasts(MEMORY, "clock_drift", "Clock drift", "The pump's clock goes wrong by so much more than its crystal does."),
    _once(MEMORY, "clock_jump", "Clock jump", "The pump's clock jumps forward by so much."),
    *(kind for sensed in _SENSED.items() for kind in _sensor(*sensed)),
    _lasts(SENSORS, "rotor_dead", "Dead rotor sensor", "The rotor sensor sees no step more."),
    _lasts(SENSORS, "vibration", "Vibration", "The bench shakes; the balance shows it."),
    _lasts(SENSORS, "room", "Room temperature", "The room goes to this temperature, as slowly as rooms do."),
    _lasts(LINK, "unplug", "Unplugged cable", "The link is gone; the pump goes on with what it does."),
    _lasts(LINK, "link_cut", "Cut line", "The port stays open, but nothing comes through, and all of it is lost."),
    _lasts(LINK, "link_stall_in", "Stall to the host", "What the pump sends is held, and comes when this ends."),
    _lasts(LINK, "link_stall_out", "Stall to the pump", "What the host sends is held, and comes when this ends."),
    _lasts(LINK, "link_drop", "Dropped bytes", "This share of the bytes is lost."),
    _lasts(LINK, "link_flip", "Flipped bits", "This share of the bytes has a wrong bit."),
    _lasts(LINK, "link_duplicate", "Duplicated bytes", "This share of the bytes comes twice."),
    _lasts(LINK, "link_reorder", "Reordered bytes", "Now and then so many bytes change places."),
    _lasts(LINK, "link_delay", "Slow line", "Every byte comes so much later."),
    _lasts(LINK, "link_split", "Split pieces", "Everything comes in pieces of so many bytes."),
    _lasts(LINK, "link_merge", "Merged pieces", "What comes within this time comes at once."),
    _once(LINK, "link_reset", "Lost port", "The port is lost, and can be opened again at once."),
    _once(BY_HAND, "fill_reservoir", "Fill reservoir", "The reservoir then holds this much, whatever was in it."),
    _once(BY_HAND, "new_battery", "New battery", "A full cell takes the old one's place."),
    _once(BY_HAND, "new_tube", "New tube", "A tube that was never compressed takes the old one's place."),
    _once(BY_HAND, "press_button", "Press the button", "The on-demand button is pressed; the pump decides alone."),
)
BY_NAME = {kind.name: kind for kind in KINDS}
