"""What the firmware needs from below, and nothing more.

Runs on the board, so it keeps to what MicroPython offers.  Time is ``t_us``: microseconds since this boot, a whole
number that doesn't wrap (boards whose ticks wrap extend them, see ``ticks.py``).
"""

SLEEP_MAX_US = 300_000_000  # ticks of the boards wrap after minutes: never sleep longer


class Board:
    """The pump's motor, sensors, sleep and memory.  A port is a subclass; a simulator too."""

    device_id = 0  # u64, for ever the same for one pump
    capabilities = 0  # bits of vocabulary.CAPABILITIES

    def now(self):
        """t_us."""
        raise NotImplementedError

    def step(self, count, start_us, end_us):
        """Turn the rotor by ``count`` steps, evenly spread from ``start_us`` to ``end_us``, and then stand still.

        Replaces what is under way, at ``start_us``, which is never before the last ``now``.  A count of 0 halts.
        The k-th step (from 1) happens at ``start_us + k * (end_us - start_us) // count``.
        """
        raise NotImplementedError

    def sense(self):
        """(rotor_steps, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc), whole numbers.

        ``rotor_steps`` counts what the rotor really turned since boot; ``balance_nl`` is None without a balance.
        """
        raise NotImplementedError

    def sound(self, priority):
        """Sounds the tone of this priority at once, and again each so many seconds as vocabulary.TONES says, until
        told otherwise; INFO is silence."""
        raise NotImplementedError

    def presses(self):
        """How often the button has been pressed since boot; a board without one never says more than 0."""
        return 0

    def load(self, region, offset, size):
        """``size`` bytes of ``region`` ("state" or "events"); what was never written reads as 0xFF."""
        raise NotImplementedError

    def store(self, region, offset, data):
        """Writes them.  Power may fail in between: any prefix may then be new and the rest old."""
        raise NotImplementedError

    def read(self):
        """What the host has sent, b"" when nothing; at most 512 bytes a call."""
        raise NotImplementedError

    def write(self, data):
        """Hands a whole frame to the link and returns True, or False where it doesn't fit now.  Never blocks."""
        raise NotImplementedError

    def linked(self):
        """Whether a host has the link open, as far as the board can tell: True where it can't."""
        return True

    def sleep_until(self, due_us):
        """Rests until ``due_us``, the host has sent something or the button is pressed, ``SLEEP_MAX_US`` at most."""
        raise NotImplementedError
