"""Commands that look after the pump: silence, self-test, a new tube; and what the status says of them."""

from firmware_link.vocabulary import OUTCOME_DONE

OK = ("ok", (), ())


def status(firmware, now_us):
    """The last fields of the message: silence_left_s, tones, tube_permille, self_test."""
    pump = firmware.pump
    return (
        -(-pump.tones.silence_left_us(now_us) // 1000000),
        pump.tones.count(now_us) & 0xFFFFFFFF,
        pump.tube.permille(pump.commanded_pl(now_us)),
        pump.test_failed,
    )


def _silence(firmware, now_us, values, records):
    firmware.pump.tones.silence(now_us, firmware.pump.alarms)
    return OK


def _self_test(firmware, now_us, values, records):
    firmware.pump.tones.try_each(now_us)
    firmware.self_test.run(now_us, True)
    return OK


def _tube_replaced(firmware, now_us, values, records):
    firmware.pump.memory.note(values[1], OUTCOME_DONE)
    firmware.pump.tube_replaced(now_us)
    return OK


HANDLERS = {"silence": _silence, "self_test": _self_test, "tube_replaced": _tube_replaced}
ONCE = ("tube_replaced",)
