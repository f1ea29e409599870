"""What is heard of the alarms: tones, how many, the silence, and the trial of each."""

from firmware_link.vocabulary import ALARM_BITS, HIGH, INFO, LOW, MEDIUM, SETTING_KEYS, SILENCE_S, TONES
from tests.mcu.bench import SESSION, Bench
from tests.rig.firmware.doing import HOUR_US, SECOND_US, log_of, reset, running

MINUTE_US = 60 * SECOND_US
INTERVAL_US = {priority: seconds * SECOND_US for priority, seconds in TONES}
OCCLUSION, LOW_RESERVOIR = ALARM_BITS["occlusion"], ALARM_BITS["low_reservoir"]


def _occluded() -> Bench:
    bench = running(interval_ms=3_600_000)
    bench.must("set_config", records=[(SETTING_KEYS["reminder_min"], 0)])
    _occlude(bench)
    return bench


def _occlude(bench: Bench) -> None:
    bench.board.pressure_pa = 69_000
    bench.firmware.senses.soon(bench.board.t_us)
    for _ in range(4):
        bench.run(SECOND_US)
    bench.board.pressure_pa = 0


def _told(bench: Bench, *kinds: str) -> list[tuple[str, int, int]]:
    bench.run(1)
    return [entry for entry in log_of(bench) if entry[0] in kinds]


def test_an_alarm_sounds_at_once_and_then_each_interval_without_a_poll_for_it() -> None:
    bench = _occluded()
    raised_us, priority = bench.board.sounds[-1]
    assert priority == HIGH
    before = bench.status()["tones"]
    polls = bench.polls
    bench.run_until(raised_us + 50 * INTERVAL_US[HIGH] - 1)
    assert bench.polls - polls < 50
    assert bench.status()["tones"] - before == 49
    bench.run(1)
    assert bench.status()["tones"] - before == 50
    bench.must("clear_alarms", 1 << OCCLUSION)
    ended_us = bench.board.t_us
    assert _told(bench, "tone", "tones_ended") == [("tone", raised_us, OCCLUSION), ("tones_ended", ended_us, 50)]
    assert bench.board.sounds[-1][1] == INFO


def test_the_highest_that_stands_decides_and_what_is_left_goes_on() -> None:
    bench = running(interval_ms=3_600_000)
    bench.run(22 * HOUR_US)
    assert bench.board.sounds[-1][1] == LOW
    _occlude(bench)
    assert bench.board.sounds[-1][1] == HIGH
    bench.must("clear_alarms", 1 << OCCLUSION)
    assert bench.board.sounds[-1] == (bench.board.t_us, LOW)
    bench.must("refill", 1, 0, 20_000_000, 500_000)
    assert bench.board.sounds[-1] == (bench.board.t_us, INFO)


def test_an_acknowledged_alarm_stands_on_unheard() -> None:
    bench = running(interval_ms=3_600_000)
    bench.run(22 * HOUR_US)
    bench.must("clear_alarms", 1 << LOW_RESERVOIR)
    assert bench.board.sounds[-1][1] == INFO
    assert bench.status()["alarms"] == 1 << LOW_RESERVOIR
    assert [entry[0] for entry in _told(bench, "tones_ended", "low_reservoir_over")] == ["tones_ended"]
    tones = bench.status()["tones"]
    bench.run(HOUR_US + HOUR_US // 2)
    assert bench.status()["tones"] == tones


def test_a_reset_lets_what_stands_be_heard_again() -> None:
    bench = running(interval_ms=3_600_000)
    bench.run(22 * HOUR_US)
    again = reset(bench).open()
    again.run(SECOND_US)
    tones = [entry[2] for entry in log_of(again) if entry[0] == "tone" and entry[1] == 0]
    assert sorted(tones) == [LOW_RESERVOIR, ALARM_BITS["safe_state_reset"]]
    assert again.board.sounds[-1][1] == HIGH


# Silence


def test_a_silence_lasts_ten_minutes_and_changes_nothing_else() -> None:
    bench = _occluded()
    bench.must("silence")
    at_us = bench.board.t_us
    assert bench.board.sounds[-1] == (at_us, INFO)
    status = bench.status()
    assert (status["silence_left_s"], status["alarms"]) == (SILENCE_S, 1 << OCCLUSION)
    assert _told(bench, "silenced") == [("silenced", at_us, 1 << OCCLUSION)]
    polls = bench.polls
    bench.run_until(at_us + 10 * MINUTE_US - 1)
    assert bench.polls - polls < 620  # it looks for the link each second
    assert bench.status()["silence_left_s"] == 1
    assert bench.board.sounds[-1] == (at_us, INFO)
    bench.run(1)
    assert bench.status()["silence_left_s"] == 0
    assert bench.board.sounds[-1] == (at_us + 10 * MINUTE_US, HIGH)
    assert _told(bench, "silence_ended") == [("silence_ended", at_us + 10 * MINUTE_US, SILENCE_S)]


def test_a_new_alarm_ends_a_silence() -> None:
    bench = _occluded()
    bench.must("silence")
    silent_us = bench.board.t_us
    bench.must("set_config", records=[(SETTING_KEYS["reminder_min"], 1)])
    bench.run(MINUTE_US)
    assert bench.board.sounds[-1][1] == HIGH
    ended = _told(bench, "silence_ended")
    assert [entry[2] for entry in ended] == [(ended[0][1] - silent_us) // SECOND_US]
    assert [entry[0] for entry in _told(bench, "stopped_reminder", "silence_ended", "tone")][-3:] == [
        "stopped_reminder",
        "silence_ended",
        "tone",
    ]


def test_a_silence_ends_when_the_link_drops() -> None:
    def drop_by_hello(bench: Bench) -> None:
        bench.hello(SESSION + 1)

    def drop_by_cable(bench: Bench) -> None:
        bench.board.host_gone = True
        bench.run(2 * SECOND_US)
        bench.board.host_gone = False

    def drop_by_deafness(bench: Bench) -> None:
        bench.board.writable = False
        bench.run(30 * SECOND_US)
        bench.board.writable = True

    for drop in (drop_by_hello, drop_by_cable, drop_by_deafness):
        bench = running()
        _occlude(bench)
        bench.must("silence")
        assert bench.board.sounds[-1][1] == INFO
        drop(bench)
        bench.run(SECOND_US)
        assert bench.board.sounds[-1][1] == HIGH, drop.__name__
        bench.hello(SESSION + 2)
        assert _told(bench, "silence_ended")[-1][2] <= 15, drop.__name__


def test_a_silence_can_be_asked_for_again() -> None:
    bench = _occluded()
    bench.must("silence")
    bench.run(5 * MINUTE_US)
    bench.must("silence")
    bench.run(9 * MINUTE_US)
    assert bench.board.sounds[-1][1] == INFO
    bench.run(MINUTE_US)
    assert bench.board.sounds[-1][1] == HIGH
    assert [entry[2] for entry in _told(bench, "silence_ended")] == [300, 600]


# The trial


def test_a_self_test_sounds_each_tone_once() -> None:
    bench = running()
    before = len(bench.board.sounds)
    bench.must("self_test")
    bench.run(10 * SECOND_US)
    assert [priority for _, priority in bench.board.sounds[before:]] == [LOW, MEDIUM, HIGH, INFO]
    assert bench.status()["tones"] == 3
    assert "tone" not in bench.kinds()


def test_an_alarm_is_heard_again_after_a_trial_which_is_no_repeat_of_it() -> None:
    bench = _occluded()
    bench.must("self_test")
    bench.run(10 * SECOND_US)
    assert bench.board.sounds[-1][1] == HIGH
    bench.must("clear_alarms", 1 << OCCLUSION)
    assert _told(bench, "tones_ended")[-1][2] == 0
