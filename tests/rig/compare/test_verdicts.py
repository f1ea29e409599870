"""Checks that both runs have are compared by how they ended."""

from pathlib import Path

import duckdb
import pytest

from rig.compare.comparing import compare
from tests.rig.compare.runs import record


def checked(path: Path, *checks: tuple[str, str]) -> Path:
    """A run with checks that ended so."""
    record(path)
    with duckdb.connect(str(path)) as connection:
        for name, outcome in checks:
            connection.execute("INSERT INTO verdicts VALUES (0, ?, ?, '', ?)", [name, outcome == "pass", outcome])
    return path


@pytest.mark.parametrize(
    ("before", "after", "judged"),
    [
        ("pass", "pass", "same"),
        ("pass", "fail", "beyond"),
        ("inconclusive", "error", "beyond"),
        ("fail", "pass", "not judged"),
    ],
)
def test_a_check_that_ended_worse_is_told(tmp_path: Path, before: str, after: str, judged: str) -> None:
    golden = checked(tmp_path / "g.run.duckdb", ("Occlusion [1]", before), ("Only here", "pass"))
    new = checked(
        tmp_path / "n.run.duckdb", ("Only there", "fail"), ("Occlusion [1]", "error"), ("Occlusion [1]", after)
    )
    (against,) = compare(golden, [new]).against
    (found,) = [finding for finding in against.findings if finding.name.startswith("check:")]
    assert (found.title, found.golden, found.new, found.verdict) == ("Occlusion [1]", before, after, judged)
    assert bool(found.what) is (before != after)
