"""Paths into a document, and edits that leave the one before as it was."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.models.document import change, get, put
from programmer_gui.models.evaluation import Remark
from programmer_gui.models.remarking import by_field

DOCUMENT = {"name": "A", "steps": [{"start": "06:00"}, {"start": "12:00"}], "bolus": {"dose": "5 ug"}}


@pytest.mark.parametrize(
    ("path", "value"),
    [("name", "A"), ("steps[1].start", "12:00"), ("bolus.dose", "5 ug"), ("steps[2]", None), ("name.x", None)],
)
def test_a_path_leads_to_what_stands_there_or_to_nothing(path, value):
    assert get(DOCUMENT, path) == value


def test_edits_make_a_new_document_and_leave_the_old_one():
    before = copy.deepcopy(DOCUMENT)
    after = change(
        DOCUMENT, [("steps[2]", {"start": "18:00"}), ("steps[0]", None), ("bolus.dose", None), ("drug", "x")]
    )
    assert [step["start"] for step in after["steps"]] == ["12:00", "18:00"]
    assert after["bolus"] == {}
    assert after["drug"] == "x"
    assert before == DOCUMENT


@pytest.mark.parametrize("path", ["name.x", "steps[4].start", "bolus[0]"])
def test_an_edit_that_leads_nowhere_is_refused(path):
    with pytest.raises(ValueError, match="leads nowhere"):
        put(DOCUMENT, path, "x")


@given(st.lists(st.sampled_from(["name", "drug", "bolus.dose", "bolus.duration", "steps[0].start", "steps[1].end"])))
def test_what_was_put_is_what_stands_there(paths):
    document = DOCUMENT
    for number, path in enumerate(paths):
        document = put(document, path, f"value {number}")
        assert get(document, path) == f"value {number}"


def remark(field: str) -> Remark:
    return Remark("note", field, "", "")


@pytest.mark.parametrize(
    ("field", "row"),
    [
        ("dose", "dose"),
        ("flow", "dose"),
        ("bolus.duration", "bolus.duration"),
        ("bolus", "bolus.dose"),
        ("paths[0]", "paths"),
        ("", None),
        ("mode", None),
    ],
)
def test_a_remark_stands_beside_its_field_or_the_nearest_one(field, row):
    owned, left = by_field([remark(field)], ("dose", "bolus.dose", "bolus.duration", "paths"))
    assert list(owned) == ([row] if row else [])
    assert left == ([] if row else [remark(field)])
