"""What a refusal says to people."""

import pytest

from firmware_link import vocabulary
from firmware_link.errors import FAULT_TEXTS, DeviceFault


def refusal(name: str, detail: int) -> str:
    return DeviceFault(vocabulary.ERROR_CODES[name], detail, "start").sentence()


@pytest.mark.parametrize(
    ("name", "detail", "said"),
    [
        ("alarm_active", vocabulary.ALARM_BITS["start_stop_cycling"], "stopped: start stop cycling."),
        ("alarm_active", 31, "stopped: alarm 31."),
        ("not_stopped", vocabulary.SETTING_KEYS["revolution_pl"], "(revolution pl)"),
        ("self_test", 0b101, f"({vocabulary.SELF_TESTS[0]}, {vocabulary.SELF_TESTS[2]})"),
        ("lockout", 4320, "(1 h 12 min to wait)"),
        ("daily_maximum", 61, "(1 min 1 s to wait)"),
        ("too_fast", 8_333_333, "its hard limit of 720 mL/day."),
        ("reservoir_too_low", 1_234_567, "(1.235 mL left)"),
    ],
)
def test_a_refusal_names_what_it_is_about(name: str, detail: int, said: str) -> None:
    assert said in refusal(name, detail)


def test_every_refusal_has_its_words_and_its_remedy() -> None:
    assert set(FAULT_TEXTS) == {name for _, name in vocabulary.ERRORS}
    for _, name in vocabulary.ERRORS:
        assert "{" not in refusal(name, 1)
    assert "unknown error code 250" in DeviceFault(250).sentence()
