"""The verbs that make scripts of recordings, blinded copies and reviews, as people type them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rig.cli import app
from rig.places import RUN_SUFFIX
from rig.recording.writer import RunWriter
from tests.rig.qa.taking.taken_bench import FAST, Bench


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(here: Path) -> Path:
    """A short session with a stalled rotor."""
    bench = Bench()
    path = here / f"stall{RUN_SUFFIX}"
    writer = RunWriter(path, bench.session.clock, bench.session.info)
    bench.take = lambda batch: (bench.taken.add(batch), writer.add(batch))
    compiled, receipt = bench.program()
    writer.program(receipt.name, FAST, compiled, receipt)
    bench.wait(120)
    bench.fault("stall", lasts_s=20)
    bench.wait(60)
    bench.send("stop", reason=0)
    bench.end()
    writer.finish("finished", None)
    return path


def invoke(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    if code:
        assert result.exit_code or result.exception
        return str(getattr(result.exception, "what", result.output))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def test_a_script_of_a_recording_passes_and_says_what_differs_when_made_again(run: Path, here: Path) -> None:
    told = json.loads(invoke("script", str(run), "-o", "stall.qa.yaml", "--json"))
    assert told["files"] == ["stall.qa.yaml", "stall-fast.yaml"]
    assert told["changes"] == []
    assert invoke("qa", "stall.qa.yaml", "--target", "sim:?seed=3").rstrip().endswith("1 passed")
    script = here / "stall.qa.yaml"
    script.write_text(script.read_text("utf-8").replace("wait: 2 min", "wait: 1 min"), "utf-8")
    assert "exists already" in invoke("script", str(run), "-o", "stall.qa.yaml", code=4)
    assert "wait 2 min, was 1 min" in invoke("script", str(run), "-o", "stall.qa.yaml", "--force")


def test_a_name_that_is_no_scripts_is_refused_before_anything_is_read() -> None:
    assert "isn't called as a script is" in invoke("script", "no.run.duckdb", "-o", "stall.yaml", code=4)


def test_copy_review_take_over_and_report(run: Path, here: Path) -> None:
    made = json.loads(invoke("blind", str(run), "-o", "copy.run.duckdb", "--json"))
    assert Path(made["key"]).is_file()
    invoke("review", "copy.run.duckdb", "--verdict", "pass", "--by", "<b>R</b>", "--reason", "steady")
    invoke("review", str(run), "--verdict", "fail", "--by", "O")
    told = invoke("review", str(run), "--take", "copy.run.duckdb", "--report", "reviews.html")
    assert "0 of 1 alike, 0.0 % (95 %: 0.0 to 97.5)" in told
    assert "a small sample" in told
    page = (here / "reviews.html").read_text("utf-8")
    assert "Cohen" in page
    assert "fewer than 30 runs" in page
    invoke("report", str(run), "-o", "run.html")
    report = (here / "run.html").read_text("utf-8")
    assert "Blinded review" in report
    assert "&lt;b&gt;R&lt;/b&gt;" in report
    assert "<b>R</b>" not in report


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--by", "O"), "no verdict"),
        (("--verdict", "good"), "no verdict"),
        (("--verdict", "pass", "--take", "copy.run.duckdb"), "A verdict and a copy"),
    ],
)
def test_half_a_review_is_refused_before_anything_is_read(words: tuple[str, ...], why: str) -> None:
    assert why in invoke("review", "no.run.duckdb", *words, code=4)
