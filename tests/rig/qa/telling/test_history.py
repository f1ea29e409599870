"""What is remembered of cases, whatever is in the file."""

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.qa.telling import history
from tests.rig.qa.telling.told_of import T0, result, script

WHEN_US = T0 + 5_000_000


def test_an_entry_says_which_step_failed_and_where_to_look(tmp_path: Path) -> None:
    run = tmp_path / "a b.run.duckdb"
    failed = result("fail", script(case="rate 24 mL/day"), run=run, detail="24 µL, at least 25.")
    history.add(tmp_path, history.entry_of(failed, WHEN_US))
    (entry,) = history.entries(tmp_path)
    assert (entry.verdict, entry.case, entry.device) == ("fail", "rate 24 mL/day", "0123456789abcdef")
    assert (entry.step, entry.detail) == ("3 The volume is 25 µL", "24 µL, at least 25.")
    assert (entry.run, entry.moment, entry.moment_us) == (str(run), "00:12:31.250", T0 + 751_250_000)
    assert failed.decisive is not None
    assert failed.command(failed.decisive) == f"pump-programmer gui '{run}' --at 00:12:31.250"


def test_a_pass_has_no_step(tmp_path: Path) -> None:
    entry = history.entry_of(result("pass"), WHEN_US)
    assert (entry.step, entry.detail, entry.run, entry.moment) == ("", "", "", "")


def test_the_latest_comes_first_and_each_script_has_its_own(tmp_path: Path) -> None:
    one, other = tmp_path / "one.qa.yaml", tmp_path / "other.qa.yaml"
    for second, (path, verdict) in enumerate(((one, "pass"), (other, "fail"), (one, "error"))):
        history.add(tmp_path, history.entry_of(result(verdict, script(path=path)), WHEN_US + second))
    assert [entry.verdict for entry in history.entries(tmp_path)] == ["error", "fail", "pass"]
    assert [entry.verdict for entry in history.of(tmp_path, one)] == ["error", "pass"]
    assert {Path(path).name: entry.verdict for (path, _), entry in history.latest(tmp_path).items()} == {
        "one.qa.yaml": "error",
        "other.qa.yaml": "fail",
    }


def test_the_file_is_shortened_and_keeps_the_latest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 4_000)
    monkeypatch.setattr(history, "KEPT", 5)
    for second in range(40):
        history.add(tmp_path, history.entry_of(result("pass"), WHEN_US + second))
    assert (tmp_path / history.NAME).stat().st_size <= 4_000
    entries = history.entries(tmp_path)
    assert 5 <= len(entries) < 40
    assert [entry.when_us for entry in entries] == [WHEN_US + 39 - n for n in range(len(entries))]


@given(st.lists(st.one_of(st.binary(max_size=60), st.just(b'{"script": 7}'), st.just(b'{"verdict":"pass"}'))))
def test_whatever_is_in_the_file_what_can_be_read_is(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    history.add(folder, history.entry_of(result("pass"), WHEN_US))
    with (folder / history.NAME).open("ab") as file:
        file.write(b"\n".join(lines) + b"\n")
    history.add(folder, history.entry_of(result("fail"), WHEN_US))
    assert [entry.verdict for entry in history.entries(folder)] == ["fail", "pass"]


def test_a_line_cut_short_by_a_crash_costs_only_itself(tmp_path: Path) -> None:
    history.add(tmp_path, history.entry_of(result("pass"), WHEN_US))
    with (tmp_path / history.NAME).open("ab") as file:
        file.write(json.dumps({"script": "x"})[:6].encode())
    history.add(tmp_path, history.entry_of(result("fail"), WHEN_US))
    history.add(tmp_path, history.entry_of(result("error"), WHEN_US))
    assert [entry.verdict for entry in history.entries(tmp_path)] == ["error", "fail", "pass"]


def test_a_name_that_is_no_text_is_kept_as_well_as_it_goes(tmp_path: Path) -> None:
    path = Path(b"/tmp/\xff.qa.yaml".decode("utf-8", "surrogateescape"))
    history.add(tmp_path, history.entry_of(result("pass", script(path=path)), WHEN_US))
    assert [entry.script for entry in history.of(tmp_path, path)] == ["/tmp/\ufffd.qa.yaml"]


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be kept"):
        history.add(tmp_path / "file", history.entry_of(result("pass"), WHEN_US))
    assert history.entries(tmp_path / "file") == ()
    assert not stat.S_ISDIR((tmp_path / "file").stat().st_mode)
