"""The comparison shows each changed field and only those as changed, for every field of every mode."""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import vocabulary
from firmware_link.errors import UsageError
from rig.firmware.program import Program as DeviceProgram
from rig.programs.comparison import (
    DEMAND,
    DOES,
    FIRST,
    GROUPS,
    IDENTITY,
    NONE,
    SCHEDULE,
    SETTINGS,
    TIME,
    WRITTEN,
    Row,
    Side,
    changes,
    compare,
)
from rig.programs.written import WrittenPrograms
from rig.resources import resource
from rig.setting_words import setting_title
from rig.therapy import profiles, units
from rig.therapy.compile import compile_program
from rig.therapy.fields import Field, fields_of
from rig.therapy.files import MODES
from rig.therapy.program import Program
from rig.therapy.program_file import document_of, load_document
from rig.therapy.reading import read

NOW_S = 1_799_049_600  # 2027-01-04 08:00 UTC, a Monday after all examples
DAY_MS = 86_400_000
KNOWN = {row[1]: row[4] for row in vocabulary.SETTINGS}
EXAMPLES = sorted(resource("programs").glob("*.yaml"))
#: Said otherwise than it is kept: mode and field -> the field of the same thing that is kept.
KEPT = {("simple continuous", "Flow"): "Dose", ("titration", "Change"): "Target"}


def side(program: Program) -> Side:
    return Side(compile_program(program, NOW_S, 60), program.concentration_ng_ml, program)


def program_of(document: Mapping[str, Any]) -> Program | None:
    return read(document, profiles.standard()).program


def changed(rows: list[Row]) -> set[tuple[str, str]]:
    return {(row.group, row.title) for row in rows if row.changed}


def leaves(document: Any, fields: tuple[Field, ...], title: str = "", path: tuple[Any, ...] = ()) -> Iterator[Any]:
    """(path, title as the comparison has it, Field) of all that ``document`` says."""
    for field in fields:
        here = (*path, field.key)
        if field.key in ("pump-program", "mode") or field.key not in document:
            continue
        if field.part is not None and field.form == "list":
            for i, item in enumerate(document[field.key]):
                yield from leaves(item, fields_of(field.part), f"{title}{field.title} {i + 1}: ", (*here, i))
        elif field.part is not None:
            yield from leaves(document[field.key], fields_of(field.part), f"{title}{field.title}: ", here)
        else:
            yield here, title + field.title, field


def other_values(value: Any, field: Field) -> list[Any]:
    """What the field could say instead; some of it may not fit the rest of the program."""
    if field.choices and isinstance(value, list):
        return [[one] for one in field.choices]
    if field.choices:
        return list(field.choices)
    if isinstance(value, int):
        return [value + 1, value - 1]
    if field.source:
        return {"pumps": ["bench-40ml"], "catheters": [], "drugs": ["water", "baclofen"], "limits": ["spinal"]}[
            field.source
        ]
    if field.kind is None:
        return ["Europe/Paris", "e661640843a1b2c3", "Another"]
    if field.kind in (units.TIME, units.END):
        return ["05:55", "06:05", "12:05", "23:55"]
    base = units.parse(value, field.kind)
    step = {units.MOMENT: 60}.get(field.kind, max(1, base // 10))
    return [units.write(base + step, field.kind), units.write(max(0, base - step), field.kind)]


def put(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    edited = copy.deepcopy(document)
    at = edited
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return edited


def with_defaults(document: dict[str, Any]) -> dict[str, Any]:
    """Each field of the header said, so that each can be changed."""
    said = {"pump": "bench-20ml", "trimmed": "10 cm", "limits": "bench", "time-zone": "+01:00"}
    return said | document


def test_each_example_has_a_mode_of_its_own() -> None:
    assert {load_document(path)[0]["mode"] for path in EXAMPLES} == set(MODES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_program_beside_itself_changes_nothing(path: Path) -> None:
    document = load_document(path)[0]
    program = program_of(document)
    assert program is not None
    rows = compare(side(program), side(program), KNOWN)
    assert not changed(rows)
    assert {row.mark for row in rows} == {"same"}
    assert {row.title for row in rows if row.group == SETTINGS} == {
        setting_title(row[1]) for row in vocabulary.SETTINGS
    }
    assert all(row.pump == row.draft != "" for row in rows)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_field_that_changes_is_marked_and_nothing_else_that_was_written(path: Path) -> None:
    document = with_defaults(load_document(path)[0])
    before = program_of(document)
    assert before is not None
    fields = fields_of(MODES[document["mode"]].struct)
    tried = set()
    for where, title, field in leaves(document, fields):
        for value in other_values(_at(document, where), field):
            after = program_of(put(document, where, value))
            if after is None or after == before:
                continue
            try:
                rows = compare(side(before), side(after), KNOWN)
            except UsageError:  # it can be read, but not made
                continue
            kept = KEPT.get((document["mode"], field.title), field.title)
            wanted = {(WRITTEN, title.removesuffix(field.title) + kept)}
            if field.key == "concentration" and "flow" in document and document["mode"] == "simple continuous":
                wanted |= {(WRITTEN, "Dose")}  # of the same flow
            written = {one for one in changed(rows) if one[0] == WRITTEN}
            assert written == wanted, (where, value)
            _judge_the_rest(rows, before, after)
            tried.add(where)
    said = {where for where, _, _ in leaves(document, fields)}
    assert len(said - tried) <= 2, said - tried  # what the rest of the program leaves no room to change


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        document = document[part]
    return document


def _judge_the_rest(rows: list[Row], before: Program, after: Program) -> None:
    """What the pump would do is marked where it differs, and only then."""
    ours, theirs = side(before).device, side(after).device
    assert ours is not None
    assert theirs is not None
    rest = {one for one in changed(rows) if one[0] not in (WRITTEN, SETTINGS)}
    diluted = before.concentration_ng_ml != after.concentration_ng_ml
    if ours.digest() == theirs.digest() and not diluted:
        assert not rest
        return
    assert ((IDENTITY, "Digest") in rest) == (ours.digest() != theirs.digest())
    assert ((DOES, "Concentration") in rest) == diluted
    assert rest != {(IDENTITY, "Digest")}  # nothing hidden: what changes the digest shows somewhere
    assert any(group == DEMAND for group, _ in rest) or (ours.demand, ours.reminder_min) == (
        theirs.demand,
        theirs.reminder_min,
    )
    if (ours.prelude, bool(ours.cycle)) == (theirs.prelude, bool(theirs.cycle)) and not diluted:
        assert not any(group == FIRST for group, _ in rest)
    if ours.cycle == theirs.cycle and ours.anchor_utc_s == theirs.anchor_utc_s and not diluted:
        assert not any(group == SCHEDULE for group, _ in rest)


BASE = DeviceProgram(
    NOW_S,
    60,
    [(20_000_000, 600_000)],
    [(10_000_000, DAY_MS // 4), (20_000_000, DAY_MS // 4), (5_000_000, DAY_MS // 2)],
    (10_000_000, 600_000, 7200, 4),
    60,
)
DIGEST = (IDENTITY, "Digest")


def of_base(**fields: Any) -> DeviceProgram:
    names = ("anchor_utc_s", "utc_offset_min", "prelude", "cycle", "demand", "reminder_min")
    return DeviceProgram(*(fields.get(name, getattr(BASE, name)) for name in names))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"anchor_utc_s": NOW_S + 86_400}, {(TIME, "Cycle counted from")}),
        (
            {"utc_offset_min": 120, "anchor_utc_s": NOW_S - 3600},
            {(TIME, "Offset from UTC"), (TIME, "Cycle counted from")},
        ),
        ({"reminder_min": 61}, {(DEMAND, "Reminder while stopped")}),
        ({"demand": (10_000_001, 600_000, 7200, 4)}, {(DEMAND, "Bolus of the button")}),
        ({"demand": (10_000_000, 600_001, 7200, 4)}, {(DEMAND, "lasting")}),
        ({"demand": (10_000_000, 600_000, 7201, 4)}, {(DEMAND, "Lockout")}),
        ({"demand": (10_000_000, 600_000, 7200, 5)}, {(DEMAND, "Most in 24 h")}),
        (
            {"demand": None},
            {(DEMAND, title) for title in ("Bolus of the button", "lasting", "Lockout", "Most in 24 h")},
        ),
        ({"prelude": [(20_000_001, 600_000)]}, {(FIRST, "Part 1")}),
        ({"prelude": [(20_000_000, 600_001)]}, {(FIRST, "Part 1")}),
        (
            {"prelude": []},
            {(FIRST, "Part 1"), (FIRST, "Afterwards"), (DOES, "Delivers"), (IDENTITY, "Segments")},
        ),
        (
            {"cycle": [(10_000_000, DAY_MS // 4), (21_000_000, DAY_MS // 4), (5_000_000, DAY_MS // 2)]},
            {(SCHEDULE, "15:00–21:00"), (DOES, "A day of the cycle")},
        ),
        (
            {"cycle": [(20_000_000, DAY_MS // 4), (10_000_000, DAY_MS // 4), (5_000_000, DAY_MS // 2)]},
            {(SCHEDULE, "09:00–15:00"), (SCHEDULE, "15:00–21:00")},
        ),
    ],
)
def test_each_field_of_the_pump_s_program_marks_its_own_rows(
    fields: dict[str, Any], wanted: set[tuple[str, str]]
) -> None:
    rows = compare(Side(BASE, 500_000), Side(of_base(**fields), 500_000), KNOWN)
    assert changed(rows) == wanted | {DIGEST}
    for row in rows:
        assert not row.changed or row.pump != row.draft  # what is marked looks different


def test_another_concentration_changes_every_dose_and_no_volume() -> None:
    rows = compare(Side(BASE, 500_000), Side(BASE, 1_000_000), KNOWN)
    assert (DOES, "Concentration") in changed(rows)
    assert {group for group, _ in changed(rows)} == {DOES, SCHEDULE, FIRST, DEMAND}
    assert DIGEST not in changed(rows)


def test_a_pump_without_a_program_and_a_program_that_can_not_be_read() -> None:
    empty = compare(Side(None, 500_000), Side(BASE, 500_000), KNOWN)
    assert all(row.changed and row.pump == NONE for row in empty if row.group in (SCHEDULE, FIRST, IDENTITY))
    unread = compare(Side(BASE, 500_000), Side(None, 0), {})
    assert not changed(unread)
    assert {row.mark for row in unread} == {"unknown"}


def test_a_program_of_unknown_origin_says_so_field_by_field() -> None:
    program = program_of(load_document(EXAMPLES[0])[0])
    assert program is not None
    here = side(program)
    rows = compare(Side(here.device, here.concentration_ng_ml), here, KNOWN)
    assert {row.mark for row in rows if row.group == WRITTEN} == {"unknown"}
    assert not changed(rows)


def test_the_rows_come_group_by_group_and_changes_are_what_is_marked() -> None:
    rows = compare(Side(BASE, 500_000), Side(of_base(reminder_min=5), 500_000), KNOWN)
    order = [GROUPS.index(row.group) for row in rows]
    assert order == sorted(order)
    reminder, digest = changes(rows)
    assert (reminder.title, reminder.before, reminder.after) == ("Reminder while stopped", "after 1 h", "after 5 min")
    assert digest.title == "Digest"


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_two_rates_are_marked_exactly_where_they_are_more_than_a_rounding_apart(one: int, other: int) -> None:
    sides = [Side(DeviceProgram(0, 0, [], [(volume, DAY_MS)]), 500_000) for volume in (one, other)]
    rows = compare(sides[0], sides[1], KNOWN)
    assert ((SCHEDULE, "All the time") in changed(rows)) == (abs(one - other) > 1)
    assert ((DOES, "A day of the cycle") in changed(rows)) == (one != other)


def test_what_this_computer_wrote_is_found_by_its_digest(tmp_path: Path) -> None:
    written = WrittenPrograms(tmp_path / "programs")
    assert written.program(7) is None
    text = EXAMPLES[0].read_text(encoding="utf-8")
    written.keep(7, text)
    assert written.text(7) == text
    found = written.program(7)
    assert found is not None
    assert document_of(found)["name"] == load_document(EXAMPLES[0])[0]["name"]
    written.keep(8, "no program: 1")
    assert written.program(8) is None
