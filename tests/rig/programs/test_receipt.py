"""The receipt of an update: what it says, where it is kept, and how it is shown."""

import json
from pathlib import Path

import pytest

from firmware_link.errors import UsageError
from rig import described
from rig.programs.checked import checked
from rig.programs.programming import Procedure
from rig.programs.receipt import NOTICE, Changed, Confirmed, Order, Receipt, as_text, moment, offset_text, rows
from rig.programs.receipt_page import page
from rig.programs.update import STOPPED
from rig.programs.writing import Writing, confirmed, notes, write
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.resources import resource
from rig.session import Session, execute
from rig.targets import open_session
from rig.therapy.finding import Finding
from rig.therapy.program_file import loads
from rig.zones import offset_at

TARGET = "sim:?seed=7&speed=max"
TEXT = resource("programs/flex-day.yaml").read_text(encoding="utf-8")
ORDER = Order(confirmed=(Confirmed("base", "The base rate is above the soft limit.", "Bench <test>"),))


def connected() -> Session:
    session = open_session(TARGET)
    while session.info.device is None:
        session.poll(0.2)
    return session


def written(session: Session, text: str = TEXT, order: Order = ORDER) -> tuple[Writing, Receipt]:
    """Writes a program, and gives the receipt."""
    device = session.info.device
    assert device is not None
    writing = Writing(loads(text), text, order, device, offset_at("+01:00"))
    return writing, execute(session, _write(session, writing))


def _write(session: Session, writing: Writing) -> Procedure[Receipt]:
    compiled = writing.compiled(session.clock.utc_us() // 1_000_000)
    return (yield from write(writing, compiled, session.clock))


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    session = connected()
    try:
        return written(session)[1]
    finally:
        session.close()


def test_it_says_who_when_what_and_what_was_proven(receipt: Receipt) -> None:
    said = dict(rows(receipt))
    assert said["Program"] == "Evening and night"
    assert said["Mode"] == "flex day"
    assert said["Pump"] == receipt.device_id
    assert len(receipt.device_id) == 16
    assert said["Proven at"].endswith("(UTC+01:00)")
    assert "runs with it" in said["Proof"]
    assert said["Digest"] == f"{receipt.digest:016x}"
    assert said["Digest before"] == "no program"
    assert receipt.refill_utc_s is not None
    assert 0 < (receipt.refill_utc_s - receipt.utc_s) / 86_400 <= 180
    assert ("Identity", "Digest") in {(one.group, one.title) for one in receipt.changes}


def test_a_pump_left_stopped_says_why() -> None:
    session = connected()
    try:
        order = Order(STOPPED, "The catheter is changed first.")
        _, receipt = written(session, order=order)
    finally:
        session.close()
    said = dict(rows(receipt))
    assert "deliberately left stopped" in said["Proof"]
    assert said["Left stopped because"] == "The catheter is changed first."
    assert notes(order) == ["Left stopped on purpose: The catheter is changed first."]
    assert "left stopped on purpose" in page(receipt, TEXT)


def test_a_second_write_lists_only_what_it_changed() -> None:
    session = connected()
    try:
        writing, _ = written(session)
        other = TEXT.replace("100 ug/day", "110 ug/day", 1)
        device = session.info.device
        assert device is not None
        again = Writing(loads(other), other, ORDER, device, offset_at("+01:00"), writing.program)
        receipt = execute(session, _write(session, again))
    finally:
        session.close()
    written_changes = [one for one in receipt.changes if one.group == "The program as written"]
    assert written_changes == [Changed("The program as written", "Base rate", "100 µg/day", "110 µg/day")]
    assert receipt.digest_before != 0


def test_text_and_page_carry_all_of_it_and_the_notice(receipt: Receipt) -> None:
    text, html = as_text(receipt), page(receipt, TEXT)
    for title, said in rows(receipt):
        assert f"{title} " in text
        assert said in text
    assert NOTICE in text
    assert "Not a medical device" in html
    assert "Because: Bench <test>" in text
    assert "Bench &lt;test&gt;" in html
    assert "<test>" not in html
    assert "22:30" in html  # the program itself


def test_the_run_file_keeps_it_and_info_prints_it(receipt: Receipt, tmp_path: Path) -> None:
    session = connected()
    path = tmp_path / "a.run.duckdb"
    try:
        writing, receipt = written(session)
        compiled = writing.compiled(session.clock.utc_us() // 1_000_000)
        with RunWriter(path, session.clock, session.info) as writer:
            writer.program(writing.program.name, TEXT, compiled, receipt)
            writer.finish("closed")
    finally:
        session.close()
    with RunReader(path) as reader:
        (kept,) = reader.programs()
        assert kept.receipt == receipt
        assert kept.source == TEXT
    data, text = described.of_run(path)
    assert json.loads(json.dumps(data))["programs"][0]["receipt"]["confirmed"][0]["reason"] == "Bench <test>"
    assert as_text(receipt) in text


def test_each_soft_limit_needs_its_reason_and_a_hard_one_has_none() -> None:
    soft = [Finding("soft", "dose", "High.", "Lower it."), Finding("soft", "flow", "Fast.", "Slow down.")]
    reasons = {"dose": "a", "flow": "b"}
    assert confirmed(soft, lambda finding: reasons[finding.field]) == [
        Confirmed("dose", "High.", "a"),
        Confirmed("flow", "Fast.", "b"),
    ]
    with pytest.raises(UsageError, match=r"Fast\."):
        confirmed(soft, lambda finding: "a" if finding.field == "dose" else " ")
    with pytest.raises(UsageError, match="Never"):
        confirmed([Finding("hard", "dose", "Never.", "")], lambda finding: "because")
    assert not confirmed([Finding("note", "dose", "So it is.", "")], lambda finding: "")


def test_a_program_for_another_pump_is_refused_before_anything_is_sent() -> None:
    session = connected()
    try:
        with pytest.raises(UsageError, match="is for the pump 00000000c0ffee07"):
            written(session, TEXT.replace("\nmode:", "\ndevice: 00000000c0ffee07\nmode:", 1))
    finally:
        session.close()


def test_moments_name_their_offset() -> None:
    assert moment(0, 345) == "1970-01-01 05:45:00 (UTC+05:45)"
    assert moment(0, -210) == "1969-12-31 20:30:00 (UTC-03:30)"
    assert offset_text(0) == "UTC+00:00"


def test_a_file_without_confirmation_has_none(tmp_path: Path) -> None:
    assert checked(resource("programs/continuous-100ug.yaml"), "").confirmed == ()
