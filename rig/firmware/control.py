"""What decides how much is delivered, kept twice and computed twice.

Beside the settings and the stretch that is followed there is the complement of each, and the volume and the step at
the end of a stretch are worked out by a second way before the rotor moves.
"""

from firmware_link.vocabulary import BOLUS, RUNNING, SETTING_KEYS

_REVOLUTION_PL = SETTING_KEYS["revolution_pl"]
_STEPS = SETTING_KEYS["steps_per_revolution"]
_MINIMUM_FLOW = SETTING_KEYS["minimum_flow_pl_s"]
KEPT = (
    _REVOLUTION_PL,
    _STEPS,
    _MINIMUM_FLOW,
    SETTING_KEYS["maximum_flow_pl_s"],
    SETTING_KEYS["maximum_bolus_flow_pl_s"],
)


class Control:
    """The second copies."""

    def __init__(self, settings, delivery):
        self._settings = {}
        for key in KEPT:
            self.allow(key, settings[key])
        self.keep(delivery)

    def allow(self, key, value):
        """This setting is meant to be ``value`` from now on."""
        if key in KEPT:
            self._settings[key] = ~value

    def keep(self, delivery):
        """What is followed now is meant to be."""
        self._held = tuple([~value for value in delivery.held()])

    def holds(self, settings, delivery):
        """Whether nothing has changed but by these two."""
        if any(settings[key] != ~complement for key, complement in self._settings.items()):
            return False
        return all(value == ~complement for value, complement in zip(delivery.held(), self._held))

    def mend(self, at_us, settings, saved, delivery):
        """Puts right what no longer ``holds``: settings as they were ``saved`` (a State), and of both copies of the
        stretch the one that goes by them and lies nearer to the saved volume."""
        for key in KEPT:
            settings[key] = saved.settings[key]
            self.allow(key, settings[key])
        calibration = (settings[_REVOLUTION_PL], settings[_STEPS])
        best = None
        for held in (delivery.held(), tuple([~value for value in self._held])):
            delivery.hold(held)
            off_pl = abs(delivery.commanded_pl(at_us) - saved.commanded_pl)
            found = (held[-2:] != calibration, off_pl, held)
            if best is None or found < best:
                best = found
        delivery.hold(best[2][:-2] + calibration)
        self.keep(delivery)

    @staticmethod
    def agrees(pump, at_us, until_us):
        """Whether the volume and the step at ``until_us`` come out the same another way."""
        delivery = pump.delivery
        if until_us is None:
            return delivery.halted
        commanded_pl = delivery.commanded_pl(until_us)
        if pump.doing == RUNNING:
            course = pump.course
            due_pl = delivery.commanded_pl(at_us) + course.volume_pl(until_us) - course.volume_pl(at_us)
        elif pump.doing == BOLUS:
            due_pl = pump.memory.bolus_from_pl + pump.bolus[1]
        else:
            flowed_us = until_us - at_us
            due_pl = delivery.commanded_pl(at_us) + pump.settings[_MINIMUM_FLOW] * flowed_us // 1000000
            if commanded_pl - due_pl == 1:  # rounded in another place
                due_pl = commanded_pl
        if due_pl != commanded_pl:
            return False
        origin_pl, origin_step, _, _ = delivery.held()[-4:]
        turns, rest_pl = divmod(due_pl - origin_pl, pump.settings[_REVOLUTION_PL])
        steps = pump.settings[_STEPS]
        step = origin_step + turns * steps - -rest_pl * steps // pump.settings[_REVOLUTION_PL]
        return step == delivery.step_at(until_us)
