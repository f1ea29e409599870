"""Whatever the program: the check never fails, and what it says is about fields that such a file has."""

import re
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from firmware_link.vocabulary import SETTINGS
from programmer_gui.models.document import change
from rig.therapy import files, reading
from rig.therapy.check import SEVERITIES, check
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context
from rig.therapy.program import Program
from rig.therapy.program_file import document_of
from rig.zones import offset_at
from tests.rig.therapy.bench import MONDAY_UTC_S, program
from tests.rig.therapy.programs import PROFILES, programs

USUAL = {row[1]: row[4] for row in SETTINGS}
HELD = compile_program(program(), MONDAY_UTC_S, 0)
PUMP = Context(
    settings=USUAL,
    device_id="00112233aabbccdd",
    held=HELD,
    held_concentration_ng_ml=500_000,
    reservoir_nl=12_000_000,
    charge_permille=500,
    tube_permille=300,
    now_utc_s=MONDAY_UTC_S,
)
contexts = st.sampled_from((Context(), PUMP, replace(PUMP, held=None, held_concentration_ng_ml=None)))


def here(made: Program, context: Context) -> Context:
    return replace(context, offset_at=offset_at(made.time_zone))


def paths(mode: str) -> set[str]:
    known = {field.path for field in files.fields(mode)} | {"", "mode"}
    return known | {path.removesuffix("[]") for path in known}


@given(programs(), contexts)
def test_every_finding_is_a_sentence_about_a_field_of_such_a_file(made: Program, context: Context) -> None:
    document = document_of(made)
    known = paths(document["mode"])
    findings = check(made, PROFILES.limits[made.limits], here(made, context))
    ranks = [SEVERITIES.index(finding.severity) for finding in findings]
    assert ranks == sorted(ranks)
    for finding in findings:
        assert re.sub(r"\[\d+\]", "[]", finding.field).removesuffix("[]") in known, finding
        assert finding.what.endswith(".")
        assert not finding.remedy or finding.remedy.endswith(".")
        assert finding.remedy or finding.severity == "note"
    assert len({(finding.field, finding.what) for finding in findings}) == len(findings)


@given(programs(), contexts)
def test_every_remedy_at_one_click_makes_a_file_that_can_be_read_and_settles_its_finding(
    made: Program, context: Context
) -> None:
    document: dict[str, Any] = document_of(made)
    limit_set = PROFILES.limits[made.limits]
    findings = check(made, limit_set, here(made, context))
    wrong = {finding.field for finding in findings if finding.severity != "note"}
    for finding in findings:
        if finding.fix is None:
            continue
        read = reading.read(change(document, finding.fix.edits), PROFILES)
        if read.program is None:  # one value is right now, and another still wrong: a target above its dose
            assert wrong - {finding.field}, (finding, read.faults)
            continue
        after = check(read.program, limit_set, here(read.program, context))
        assert (finding.field, finding.what) not in {(one.field, one.what) for one in after}
