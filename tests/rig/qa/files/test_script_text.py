"""What is written of a script reads back equal, and nothing that a file says breaks the reader."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig import yamlfile
from rig.qa.files import checking, help, script_file, script_text
from rig.qa.script import Script, Step
from rig.qa.words import body_text
from tests.rig.qa.bodies import steps

HERE = Path("/")
HEAD = """\
qa: 1
name: Try
duration: 300 d
interval: 100 s
steps:
  - wait: 1 min
    as: a
  - wait: 1 min
    as: b
"""
SHIPPED = script_file.library()


def said(step: Step) -> tuple[Any, ...]:
    """All that a file says of a step."""
    return step.title, step.body, step.label, step.on_fail, step.refused


def again(script: Script, text: str) -> None:
    """``text`` reads as ``script`` does."""
    (read,) = script_file.loads(text, HERE / "a.qa.yaml")
    assert [said(step) for step in read.steps] == [said(step) for step in script.steps]
    assert [said(step) for step in read.cleanup] == [said(step) for step in script.cleanup]
    for part in ("name", "about", "tags", "duration_ms", "interval_ms", "needs", "on_fail"):
        assert getattr(read, part) == getattr(script, part)


@given(steps())
def test_any_step_that_is_written_reads_back_equal(step: Step) -> None:
    (script,) = script_file.loads(HEAD, HERE / "a.qa.yaml")
    step = replace(step, title=step.title or body_text(step.body))
    whole = replace(script, steps=(*script.steps, step))
    again(whole, script_text.dump(whole, HERE))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_each_case_of_the_shipped_scripts_reads_back_equal(path: Path) -> None:
    for script in script_file.load(path):
        again(replace(script, steps=script_text.once_labelled(script.steps)), script_text.dump(script, HERE))


def test_a_label_of_a_repetition_is_told_apart_when_each_time_is_written() -> None:
    steps = "  - repeat: 2\n    steps:\n      - wait: 1 min\n        as: a\n      - expect: volume\n        during: a\n"
    head = HEAD.partition("  - ")[0]
    (script,) = script_file.loads(head + steps + "        at-least: 1 uL\n", HERE / "a.qa.yaml")
    written = script_text.document_of(script, HERE)["steps"]
    assert [step.get("as") or step["during"] for step in written] == ["a", "a", "a-2", "a-2"]


def test_a_golden_run_is_written_as_it_lies_beside(tmp_path: Path) -> None:
    (tmp_path / "good.run.duckdb").write_bytes(bytes(8) + b"DUCK")
    golden = "  - expect: golden\n    run: good.run.duckdb\n    tolerance: bench\n"
    (script,) = script_file.loads(HEAD + golden, tmp_path / "a.qa.yaml")
    written = script_text.document_of(script, tmp_path)["steps"][-1]
    assert written == {"expect": "golden", "run": "good.run.duckdb", "tolerance": "bench"}
    beyond = script_text.document_of(script, tmp_path / "sub")["steps"][-1]
    assert beyond["run"] == "../good.run.duckdb"


def test_what_says_the_same_keeps_its_comments() -> None:
    text = HEAD.replace("name:", "# of the evening\nname:") + "  - wait: 1 h   # long\n  - do: stop\n"
    (script,) = script_file.loads(text, HERE / "a.qa.yaml")
    changed = replace(script, steps=(*script.steps[:2], script.steps[3]), duration_ms=60_000_000)
    written = script_text.dump(changed, HERE, text)
    assert "# of the evening" in written
    assert "long" not in written
    again(changed, written)
    assert script_text.dump(script, HERE, text) == text


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for whole in (text, HEAD + text):
        _told(whole)


_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=10),
    st.sampled_from(
        ("${x}", "${", "$${", "5 min", "100 uL", "event", "field", "a", "yes", "-3 %", "1 to 2", "planned")
    ),
)
_KEYS = sorted({field.key for one in help.steps() for field in one.fields} | {"do", "expect", "repeat", "steps"})
_keys = st.sampled_from(_KEYS) | st.text(max_size=5)
_trees = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4), max_leaves=8
)
_EXAMPLES = [yamlfile.plain(yamlfile.parse(one.example, ""), "") for one in help.steps()]
_DOCUMENT = yamlfile.plain(yamlfile.parse(HEAD, ""), "") | {
    "needs": {"capabilities": ["balance"], "settings": {"tolerance": "5 %"}},
    "parameters": {"x": "5 min"},
    "table": [{"y": "1"}],
    "tags": ["slow"],
    "on-fail": "stop",
    "cleanup": [{"do": "stop"}],
}


@st.composite
def _broken(draw: st.DrawFn) -> Any:
    """A script with something else at one place."""
    document = copy.deepcopy(_DOCUMENT)
    document["steps"] += copy.deepcopy(draw(st.lists(st.sampled_from(_EXAMPLES), min_size=1, max_size=3)))
    node, key = document, draw(st.sampled_from(["steps", *document]))
    while isinstance(node[key], dict | list) and node[key] and draw(st.integers(0, 4)):
        node = node[key]
        key = draw(st.sampled_from([*node] if isinstance(node, dict) else range(len(node))))
    node[key] = draw(_trees)
    if isinstance(node, dict) and draw(st.booleans()):
        node[draw(_keys)] = draw(_trees)
    return document


@given(_broken())
def test_no_document_breaks_the_reader(document: Any) -> None:
    _told(json.dumps(document))


def _told(text: str) -> None:
    """A script, or at least one thing that is wrong with it, each with a sentence and a line that there is."""
    read = script_file.read_text(text, HERE / "a.qa.yaml")
    problems = checking.check_text(text, HERE / "a.qa.yaml")
    assert bool(read.scripts) != bool(problems)
    for problem in problems:
        assert problem.what.endswith((".", "?"))
        assert problem.remedy
        assert problem.line <= len(text.splitlines()) + 1
        assert problem.sentence().isprintable()
