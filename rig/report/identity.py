"""What the run is of, what the pump was told to do with the proof, and how the numbers of a report were made."""

from rig.programs import receipt as receipts
from rig.recording.digest import Verified
from rig.recording.records import ProgramRecord
from rig.report import saying
from rig.report.blocks import Block, Code, Facts, Headline, Section, Table, Text
from rig.report.evidence import Evidence
from rig.therapy import units

MOST_PROGRAMS = 20
_MOST_SOURCE = 20_000  # characters
_VERIFIED = {
    Verified.MATCHES: ("good", "Evidence unchanged", "Read again as a whole, it has the digest that was kept."),
    Verified.DIFFERS: ("high", "Evidence changed", "It isn't what was recorded: its digest differs from the one kept."),
    Verified.NONE_KEPT: ("muted", "No digest", "The recording keeps none: nobody can say whether it was changed."),
}


def evidence_headline(verified: Verified | None) -> Headline:
    """Whether the evidence is what was recorded; None where nobody looked."""
    if verified is None:
        return Headline("muted", "Digest not verified", "Verifying was not asked for.")
    return Headline(*_VERIFIED[verified])


def section(evidence: Evidence) -> Section:
    """Pump, time, target, versions, digest."""
    run, moments = evidence.run, evidence.moments
    ended = saying.UNKNOWN if run.ended_us is None else moments.full(run.ended_us)
    why = (run.ended or "cut short: nobody finished it").replace("_", " ")
    samples, events = saying.grouped(evidence.summary.samples), saying.grouped(evidence.summary.events)
    rows = [
        ("Run", run.run_id[:80]),
        ("File", evidence.reader.path.name),
        ("Pump", f"{run.device_id or 'never answered'}{' (virtual rig)' if run.virtual else ''}"),
        ("Began", f"{moments.full(run.started_us)}, {moments.iso(run.started_us)}"),
        ("Ended", f"{ended}: {why[:120]}"),
        ("Recorded", f"{saying.span(evidence.end_us - evidence.start_us)}: {samples} samples, {events} log entries"),
        ("Target", f"{run.target[:160]} ({run.port[:80]})"),
        ("Can", ", ".join(sorted(one.replace("_", " ")[:40] for one in run.capabilities)) or saying.NONE),
        ("Firmware", f"{run.firmware_version or saying.UNKNOWN}, boot {_boots(evidence)}"),
        (
            "Wire",
            f"protocol {run.protocol}, table {run.table_crc:08x}" if run.table_crc is not None else saying.UNKNOWN,
        ),
        ("Recorded by", f"Pump Programmer {run.program_version[:40]}, file format {run.schema_version}"),
        ("Digest", run.digest[:64] if run.digest else "none kept"),
    ]
    return Section("Identity", (Facts(tuple(rows)),))


def _boots(evidence: Evidence) -> str:
    seen = [str(boot.boot) for boot in evidence.boots[:10]] or [str(evidence.run.boot_count or saying.UNKNOWN)]
    return ", ".join(seen) + (" …" if len(evidence.boots) > 10 else "")


def programs_section(evidence: Evidence) -> Section:
    """Each program with its receipt, and its file's text."""
    if not evidence.programs:
        return Section("Programs and receipts", (Text("The pump was given none, and held none.", "muted"),))
    blocks: list[Block] = []
    for number, program in enumerate(evidence.programs[:MOST_PROGRAMS], 1):
        blocks += _program(evidence, number, program)
    if len(evidence.programs) > MOST_PROGRAMS:
        rest = saying.grouped(len(evidence.programs) - MOST_PROGRAMS)
        blocks.append(Text(f"{rest} more are in the run file.", "muted"))
    return Section("Programs and receipts", tuple(blocks))


def _program(evidence: Evidence, number: int, program: ProgramRecord) -> list[Block]:
    since = evidence.moments.full(program.host_us)
    rows = [("In force since", since)]
    if program.receipt is None:
        segments = len(program.prelude) + len(program.cycle)
        rows += [("Receipt", "none: the pump was found with it"), ("Digest", program.digest[:16])]
        rows += [("Segments", str(segments))]
    else:
        rows += receipts.rows(program.receipt)
    blocks: list[Block] = [Text(f"Program {number}: {program.name[:120]}", "heading"), Facts(tuple(rows))]
    if program.receipt is not None and program.receipt.confirmed:
        confirmed = tuple((f"▲ {one.what}", one.reason) for one in program.receipt.confirmed)
        blocks.append(Table(("Soft limit", "Confirmed because"), "ll", confirmed))
    if program.receipt is not None and program.receipt.changes:
        changes = tuple((one.group, one.title, one.before, one.after) for one in program.receipt.changes)
        head = ("Changed", "", "Before", "After")
        blocks.append(Table(head, "llll", changes, "", (), (20, 24, 28, 28)))
    if program.source.strip():
        blocks.append(Code(program.source.strip()[:_MOST_SOURCE]))
    return blocks


def method_section(evidence: Evidence) -> Section:
    """How each number was made, so that another can make it again."""
    settings = evidence.settings
    given = evidence.options.limit_percent
    limit = f"±{evidence.limit_percent:g} %, as asked for" if given is not None else "the pump's own setting"
    known = (
        f"balance {units.volume_text(settings['balance_uncertainty_nl'])}, a quarter of the evaporation "
        f"({units.volume_text(settings['evaporation_nl_day'])}/day), 2 µL for each °C; as the pump itself takes it"
    )
    rows = (
        ("Time", "device time, set on UTC once for each boot of the pump; lost time is a gap, never interpolated"),
        ("Planned", "the programs and boluses in the pump's own log, by the firmware's own arithmetic"),
        ("Commanded", "the pump's counter: the last sample less the first, carried over restarts"),
        ("Delivered", "the balance, as volume of water, with the evaporation that is set added; no other correction"),
        ("Known to", known),
        ("Limit", limit if evidence.limit_percent > 0 else "none"),
        ("Verdict", "within or outside the limit; inconclusive where the limit lies within what isn't known"),
        ("Dose", f"planned volume × {units.concentration_text(evidence.concentration_ng_ml)}; mixing is left out"),
    )
    return Section("How these numbers were made", (Facts(rows),))
