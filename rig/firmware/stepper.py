"""Step pulses by a PIO state machine: evenly spaced to the microsecond, without a thought from Python."""

# ruff: noqa: F821  (the words of PIO assembly are rp2's)
import rp2
from machine import Pin

FREQUENCY = 1000000  # so that a cycle is a microsecond
# Cycles of the program around its waiting loop, for the first pulse after a start and for each one after that.
_BEFORE_FIRST = 7
_AROUND = 15
_COUNTER = 0xFFFFFFFF


@rp2.asm_pio(set_init=rp2.PIO.OUT_LOW)
def _pulses():
    # Steps, cycles until the first, cycles between them; the last stays in the OSR, so that the ISR can carry y out.
    pull(block)
    mov(y, osr)
    pull(block)
    mov(x, osr)
    pull(block)
    label("wait")
    jmp(x_dec, "wait")
    jmp(y_dec, "step")  # counts before it steps, and ends at 0xFFFFFFFF
    label("done")
    jmp("done")
    label("step")
    set(pins, 1)[9]
    set(pins, 0)
    mov(x, osr)
    jmp("wait")


class Stepper:
    """One motor driver's step input."""

    def __init__(self, machine_id, step_pin):
        self._machine = rp2.StateMachine(machine_id, _pulses, freq=FREQUENCY, set_base=Pin(step_pin))
        self._count = 0
        self._made_before = 0

    def move(self, count, delay_us, duration_us):
        """``count`` pulses evenly over ``duration_us``, which begins in ``delay_us``; ends what was under way."""
        machine = self._machine
        machine.active(0)  # no pulse may slip in while they are counted
        self._made_before = self.made()
        self._count = count
        machine.restart()
        machine.exec("set(pins, 0)")
        if not count:
            return
        period_us = duration_us // count
        machine.put(count)
        machine.put(min(max(delay_us + period_us - _BEFORE_FIRST, 0), _COUNTER))
        machine.put(min(max(period_us - _AROUND, 0), _COUNTER))
        machine.active(1)

    def made(self):
        """Pulses since power-on."""
        return self._made_before + (self._count - self._left() if self._count else 0)

    def _left(self):
        machine = self._machine
        machine.exec("mov(isr, y)")
        machine.exec("push(noblock)")
        left = machine.get()
        return 0 if left == _COUNTER else left
