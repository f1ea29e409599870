"""The buzzer: a tone at once and again each interval, by the board's own timer, so that nobody wakes up for it."""

from machine import PWM, Pin, Timer

from firmware_link.vocabulary import HIGH, INFO, LOW, MEDIUM, TONES

_HALF = 32768
_IDLE_HZ = 1000
_TONES = {LOW: (440, 200), MEDIUM: (880, 400), HIGH: (1760, 1000)}  # Hz, ms
_INTERVAL_MS = {priority: interval_s * 1000 for priority, interval_s in TONES}


class Buzzer:
    """``sound`` is that of ``Board``."""

    def __init__(self, pin):
        self._pwm = PWM(Pin(pin), freq=_IDLE_HZ, duty_u16=0)
        self._repeat = Timer()
        self._end = Timer()
        self._ms = 0

    def sound(self, priority):
        """From now on this priority's tone; INFO is silence."""
        self._repeat.deinit()
        self._end.deinit()
        self._pwm.duty_u16(0)
        if priority == INFO:
            return
        hz, self._ms = _TONES[priority]
        self._pwm.freq(hz)
        self._beep()
        self._repeat.init(period=_INTERVAL_MS[priority], mode=Timer.PERIODIC, callback=self._beep)

    def _beep(self, timer=None):
        self._pwm.duty_u16(_HALF)
        self._end.init(period=self._ms, mode=Timer.ONE_SHOT, callback=self._hush)

    def _hush(self, timer):
        self._pwm.duty_u16(0)
