"""What results come to."""

from dataclasses import replace

import pytest

from firmware_link.errors import NoPump, PumpError, UsageError
from rig.measured import CANCELLED
from rig.qa.telling.results import Result, Tally, exit_code, verdict_of
from rig.qa.telling.said import summary
from rig.qa.told import StepBegan
from tests.rig.qa.telling.told_of import mark, result, script


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (["pass", "pass"], 0),
        (["pass", "inconclusive"], 1),
        (["fail", "pass"], 1),
        (["inconclusive", "error", "fail"], 12),  # the link's, of ``told_of``
    ],
)
def test_the_exit_code_is_that_of_the_verdict_of(verdicts: list, code: int) -> None:
    assert exit_code([result(verdict) for verdict in verdicts]) == code


def test_an_error_has_its_own_code_and_ctrl_c_comes_before_all() -> None:
    def broken(error: PumpError | None) -> Result:
        return replace(result("error"), error=error)

    assert exit_code([broken(NoPump("None.")), broken(UsageError("So."))]) == 10
    assert exit_code([broken(UsageError("So."))]) == 4
    assert exit_code([broken(None)]) == 1
    assert exit_code([broken(NoPump("None.")), replace(result("fail"), why=CANCELLED)]) == 2


def test_what_was_not_tried_is_no_pass_and_what_is_under_way_is_an_error() -> None:
    one = script()
    tally = Tally((one, one))
    assert verdict_of(tally.results) == "skipped"
    tally.begin(0, "sim:")
    tally.take(0, StepBegan(0, one.steps[0], mark(0)))
    assert [each.verdict for each in tally.results] == ["error", "skipped"]
    assert not tally.results[0].over
    tally.failed(0, UsageError("It broke.", "Mend it."))
    assert (tally.results[0].over, tally.results[0].sentence) == (True, "It broke. Mend it.")


def test_the_deciding_step_is_the_first_that_ended_as_the_case_did() -> None:
    failed = result("fail", detail="Too little.")
    assert failed.decisive is failed.steps[2]
    assert (failed.sentence, failed.command(failed.steps[2])) == ("Too little.", "")
    assert result("pass").decisive is None


def test_what_was_cancelled_is_not_called_untried() -> None:
    assert summary([result("pass"), replace(result("skipped"), why=CANCELLED), result("skipped")]) == (
        "1 passed, 1 not tried, 1 cancelled"
    )
