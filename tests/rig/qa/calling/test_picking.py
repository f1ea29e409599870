"""Which cases are meant."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.qa.calling.picking import picked
from tests.rig.qa.telling.told_of import script

SCRIPTS = (
    script("Occlusion and release", "rate 24 mL/day", Path("occlusion.qa.yaml")),
    script("Occlusion and release", "rate 1 mL/day", Path("occlusion.qa.yaml")),
    script("Battery", "", Path("eos.qa.yaml")),
)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", [0, 1, 2]),
        ("OCCLUSION", [0, 1]),
        ("eos", [2]),
        ("occlusion and 24", [0]),
        ("rate 1 mL/day or battery", [1, 2]),
        ("not occlusion", [2]),
        ("not (battery or 24 mL)", [1]),
        ("release and not 24 or battery", [1, 2]),
        ("orange", []),
    ],
)
def test_an_expression_picks_by_title_and_file(words: str, meant: list[int]) -> None:
    assert picked(SCRIPTS, words) == tuple(SCRIPTS[number] for number in meant)


@pytest.mark.parametrize("words", ["and", "a and", "a or or b", "(a", "a)", "not", "()", "( " * 5000])
def test_what_is_no_expression_is_said(words: str) -> None:
    with pytest.raises(UsageError, match="is no expression"):
        picked(SCRIPTS, words)


@given(st.lists(st.sampled_from(["and", "or", "not", "(", ")", "a", "é b"]), max_size=300))
def test_whatever_is_typed_it_picks_or_says_why_not(tokens: list[str]) -> None:
    with suppress(UsageError):
        assert all(one in SCRIPTS for one in picked(SCRIPTS, " ".join(tokens)))


def test_by_tag_and_by_row() -> None:
    assert picked(SCRIPTS, tags="soak, STANDARD") == SCRIPTS
    assert picked(SCRIPTS, tags="soak") == ()
    assert picked(SCRIPTS, case="24 ml") == SCRIPTS[:1]
