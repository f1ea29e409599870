"""The lockstep between the plant and a firmware in a process of its own: five messages and their layout.

Both ends import this file, so it keeps to what MicroPython offers.  The firmware's end asks and the plant answers:
``SLEEP``, ``SENSE`` and ``LOAD`` get exactly one answer, the others none.  No time passes but in ``SLEEP``.  While the
answer to that is awaited, the firmware's end sends ``WAKE`` once if the host's bytes come in, and the answer comes at
once.  Both counts of bytes on the host's link go with it, so that the plant lets no time pass while any are on
their way: that is what makes a real process repeat itself to the microsecond.
"""

import struct

REGIONS = ("state", "events")
PAGE = 1024  # flash is loaded in aligned pieces of this size, and kept until written

SLEEP = 1  # due_us, bytes read from the host, bytes written to it
WAKE = 2
STEP = 3  # count, start_us, end_us
SENSE = 4
LOAD = 5  # region, offset, size; answered by so many bytes
STORE = 6  # region, offset, size; so many bytes follow
SOUND = 7  # priority

# op -> layout of the request behind its op byte
REQUESTS = {SLEEP: "<QII", WAKE: "<", STEP: "<qqq", SENSE: "<", LOAD: "<BIH", STORE: "<BIH", SOUND: "<B"}
BEGIN = "<QI"  # sent once before all else: device_id, capabilities
# Answer to SLEEP: now_us, room in the host's link in bytes, whether a host has it open, presses of the button.
AWAKE = "<QHBI"
SENSED = "<qqqqqq"  # answer to SENSE: the fields of Board.sense, with for a balance that is None
NO_BALANCE = -1 << 62


def pack_sensed(sensed: tuple[int, int, int | None, int, int, int]) -> bytes:
    """The answer to SENSE."""
    steps, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc = sensed
    balance_nl = NO_BALANCE if balance_nl is None else balance_nl
    return struct.pack(SENSED, steps, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc)


def unpack_sensed(data: bytes) -> tuple[int, int, int | None, int, int, int]:
    """What ``pack_sensed`` has packed."""
    steps, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc = struct.unpack(SENSED, data)
    balance_nl = None if balance_nl == NO_BALANCE else balance_nl
    return steps, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc
