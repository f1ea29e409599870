"""From picolitres to steps: what is commanded at any moment, and the motor kept within one step of it."""


class Delivery:
    """Follows one stretch of even flow at a time.

    At the end of a stretch the rotor stands at the step *at or above* the exact volume.  With steps spread evenly
    between two such ends it is always less than one step away from what is commanded, either side.
    """

    def __init__(self, board, commanded_pl, revolution_pl, steps_per_revolution):
        self._board = board
        self._from_us = 0
        self._base_pl = commanded_pl
        self._volume_pl = 0
        self._duration_us = 1
        self.flow_pl_s = 0
        # The move under way: steps ``_move_from`` + 1 … + ``_move_count`` between two moments.
        self._move_from = 0
        self._move_count = 0
        self._move_start_us = 0
        self._move_end_us = 0
        self.due_us = None  # when ``drive`` must be called though no stretch ends
        # A volume at which the rotor stood exactly on a step, and that step.
        self._origin_pl = commanded_pl
        self._origin_steps = 0
        self._revolution_pl = revolution_pl
        self._steps = steps_per_revolution

    def calibrate(self, now_us, revolution_pl, steps_per_revolution):
        """From now on a turn of ``steps_per_revolution`` moves ``revolution_pl``.  May differ only while halted."""
        if (revolution_pl, steps_per_revolution) == (self._revolution_pl, self._steps):
            return
        self._origin_pl = self.commanded_pl(now_us)
        self._origin_steps = self.position(now_us)
        self._revolution_pl = revolution_pl
        self._steps = steps_per_revolution

    def commanded_pl(self, now_us):
        """Picolitres commanded since the pump was made."""
        return self._base_pl + self._volume_pl * (now_us - self._from_us) // self._duration_us

    @property
    def halted(self):
        """Whether nothing flows; the flow itself, in whole picolitres a second, may round to 0 before that."""
        return not self._volume_pl

    def position(self, now_us):
        """Steps commanded since boot, by the same rule as ``Board.step``."""
        if now_us >= self._move_end_us or not self._move_count:
            return self._move_from + self._move_count
        elapsed_us = now_us - self._move_start_us + 1
        return self._move_from + (elapsed_us * self._move_count - 1) // (self._move_end_us - self._move_start_us)

    def driven_pl(self, now_us):
        """What of ``commanded_pl`` the rotor was told to turn: less where somebody polled late, until it has caught
        up."""
        owed = self._steps_at(self.commanded_pl(now_us)) - self.position(now_us) - 1
        return self.commanded_pl(now_us) - max(owed, 0) * self._revolution_pl // self._steps

    def moment_of(self, position):
        """When the move under way brought the rotor to ``position``; its start or end where that lies outside."""
        done = position - self._move_from
        if done <= 0:
            return self._move_start_us
        if done >= self._move_count:
            return self._move_end_us
        return self._move_start_us + done * (self._move_end_us - self._move_start_us) // self._move_count

    def follow(self, at_us, from_us, volume_pl, duration_us):
        """From ``at_us`` on the flow is ``volume_pl`` over ``duration_us``, in the rounding of a stretch that began
        at ``from_us``.  What was commanded until then stays; a volume of 0 halts."""
        commanded_pl = self.commanded_pl(at_us)
        self._base_pl = commanded_pl - volume_pl * (at_us - from_us) // duration_us
        self._from_us = from_us
        self._volume_pl = volume_pl
        self._duration_us = duration_us
        self.flow_pl_s = volume_pl * 1000000 // duration_us

    def held(self):
        """Everything that decides what is commanded and which step belongs to it, the calibration last."""
        return (
            self._from_us,
            self._base_pl,
            self._volume_pl,
            self._duration_us,
            self._origin_pl,
            self._origin_steps,
            self._revolution_pl,
            self._steps,
        )

    def hold(self, held):
        """Takes ``held`` back."""
        self._from_us, self._base_pl, self._volume_pl, self._duration_us = held[:4]
        self._origin_pl, self._origin_steps, self._revolution_pl, self._steps = held[4:]

    def step_at(self, t_us):
        """The step at or above what is commanded at ``t_us`` in this stretch."""
        return self._steps_at(self.commanded_pl(t_us))

    def reaches(self, level_pl):
        """The first moment at which ``commanded_pl`` is at least ``level_pl`` in this stretch, None for never."""
        if not self._volume_pl:
            return None
        return self._from_us - (self._base_pl - level_pl) * self._duration_us // self._volume_pl

    def drive(self, now_us, until_us, catch_up_pl_s):
        """Moves the rotor with the stretch up to ``until_us`` (None: for ever, only without flow).

        A rotor that has fallen behind, because somebody polled late, catches up at ``catch_up_pl_s`` or at twice the
        flow; with neither it stays behind until something flows again.
        """
        position = self.position(now_us)
        self.due_us = None
        behind = self._steps_at(self.commanded_pl(now_us)) - position
        speed_pl_s = max(catch_up_pl_s, 2 * self.flow_pl_s)
        if behind > 1 and speed_pl_s:
            self.due_us = now_us + behind * self._revolution_pl * 1000000 // (self._steps * speed_pl_s) + 1
            self._move(position, behind, now_us, self.due_us)
        elif not self._volume_pl:
            self._move(position, 0, now_us, now_us)
        elif behind > 0:
            # Halted between two steps: first get onto a step at the moment that is exactly its.
            moment_us = max(self._moment_before(position + 1), now_us + 1)
            if moment_us < until_us:
                self.due_us = moment_us
                self._move(position, 1, now_us, moment_us)
            else:
                self._move(position, 0, now_us, now_us)
        else:
            self._move(position, self._steps_at(self.commanded_pl(until_us)) - position, now_us, until_us)

    def _steps_at(self, commanded_pl):
        """The step at or above this volume."""
        return self._origin_steps - (self._origin_pl - commanded_pl) * self._steps // self._revolution_pl

    def _moment_before(self, position):
        """The last microsecond at which the volume is not yet past this step."""
        missing = (position - self._origin_steps) * self._revolution_pl + (
            self._origin_pl - self._base_pl
        ) * self._steps
        return self._from_us + missing * self._duration_us // (self._volume_pl * self._steps)

    def _move(self, position, count, start_us, end_us):
        if not count and not self._move_count:
            return  # stands already
        self._move_from = position
        self._move_count = max(count, 0)
        self._move_start_us = start_us
        self._move_end_us = end_us
        self._board.step(self._move_count, start_us, end_us)
