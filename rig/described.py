"""What the command line says of things: each as plain data for ``--json``, and as text for people."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from firmware_link.ports import PortInfo
from rig import forecast_words
from rig.moments import at_text, iso_text
from rig.programs.checking import CheckedFile
from rig.programs.receipt import as_text
from rig.recording.reader import RunReader
from rig.recording.records import Note
from rig.recording.rescue import Rescued
from rig.recording.summary import Summary
from rig.therapy import program_file, units
from rig.therapy.check import SEVERITIES
from rig.therapy.finding import Finding

MOST_NOTES = 100  # that are told in words


def of_ports(ports: Iterable[PortInfo]) -> tuple[list[dict[str, Any]], str]:
    """Serial ports, boards of ours marked."""
    listed = list(ports)
    data = [asdict(port) | {"is_board": port.is_board} for port in listed]
    lines = [f"{'pump?' if port.is_board else '     '}  {port.sentence()}" for port in listed]
    return data, "\n".join(
        lines
    ) or "This computer has no serial port now. Plug the pump in, or use a virtual rig: sim:"


def of_summary(summary: Summary, run: Path) -> tuple[dict[str, Any], str]:
    """A recording that has just ended."""
    data = summary.to_json() | {"run": str(run)}
    return data, _table(_totals(data))


def of_rescued(rescued: Rescued, run: Path) -> tuple[dict[str, Any], str]:
    """A recording made of what could be read of a damaged one."""
    data, text = of_summary(rescued.summary, run)
    return data | {"lost": rescued.lost}, "\n".join([text, *rescued.lost])


def of_run(run: Path, truth: bool = False, verify: bool = False) -> tuple[dict[str, Any], str]:
    """A run file: the numbers that ``record`` gave, with identity, programs and the events by kind; and the ``truth``
    that a virtual rig noted, and whether the evidence is as it was, where asked for."""
    with RunReader(run) as reader:
        notes = [asdict(note) for note in reader.notes()]
        data = reader.info() | {"run": str(run), "doubts": list(reader.doubts()), "notes": notes}
        if verify:
            data["evidence"] = reader.verify().value
        receipts = [as_text(program.receipt) for program in reader.programs() if program.receipt is not None]
        hindsight = reader.hindsight() if truth else None
    rows = [
        ("pump", f"{data['device_id'] or 'never answered'}, firmware {data['firmware_version'] or 'unknown'}"),
        ("target", f"{data['target']} ({data['port']})"),
        ("recorded by", f"Pump Programmer {data['program_version']}"),
        *_weighed(data),
        *((f"test script {i}", _case(case)) for i, case in enumerate(data["cases"], 1)),
        *((f"program {i}", program["name"]) for i, program in enumerate(data["programs"], 1)),
        *_times(data),
        *_totals(data),
        ("pump's clock", _clock(data["clock"])),
        *((f"event {kind}", str(count)) for kind, count in data["events_by_kind"].items()),
        *_notes(data),
        ("digest", data["digest"] or "none kept"),
        *((("evidence", _EVIDENCE[data["evidence"]]),) if verify else ()),
        *(("doubt", sentence) for sentence in data["doubts"]),
    ]
    blocks = [_table(rows), *receipts]
    if hindsight is not None:
        from rig import truth_words  # which knows all of a rig

        data["truth"] = asdict(hindsight)
        blocks.append(_table(truth_words.table(hindsight)))
    return data, "\n\n".join(blocks)


def _weighed(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The laboratory balance, where there was one."""
    if data["weighings"]:
        yield "laboratory balance", f"{data['balance'] or 'unknown'}; {data['weighings']:,} weighings"


def _case(case: dict[str, Any]) -> str:
    title = f"{case['name']} [{case['case']}]" if case["case"] else case["name"]
    return f"{title}: {case['verdict']} ({case['why']})"


def _times(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """When it began, and how long it was recorded."""
    yield "started", iso_text(data["started_us"]) or "no calendar has it"
    if data["ended_us"] is not None:
        yield "recorded for", at_text(data["ended_us"], data["started_us"])


def _notes(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The first ones, each with its moment, and how many there are."""
    yield "notes", f"{len(data['notes']):,}"
    for note in data["notes"][:MOST_NOTES]:
        words = note["text"] or "marker"
        by = f" ({note['author']})" if note["author"] else ""
        yield f"note {at_text(note['host_us'], data['started_us'])}", words + by


_EVIDENCE = {
    "matches": "as it was recorded: it matches the digest",
    "differs": "NOT as it was recorded: it differs from the digest",
    "none kept": "can't be verified: no digest was kept",
}


def of_note(note: Note, started_us: int) -> tuple[dict[str, Any], str]:
    """A note that was added to a recording."""
    return asdict(note), f"Noted at {at_text(note.host_us, started_us)}: {note.text}"


def _clock(clock: dict[str, Any] | None) -> str:
    """ "16.6 ppm fast, to 0.1 ms in 10 min"."""
    if clock is None or clock["drift_ppm"] is None:
        return "recorded for too short a time"
    drift_ppm, span_ms = clock["drift_ppm"], round(clock["span_s"]) * 1000
    way = "fast" if drift_ppm >= 0 else "slow"
    return f"{abs(drift_ppm):.1f} ppm {way}, to {clock['residual_s'] * 1e3:.1f} ms in {units.duration_text(span_ms)}"


def of_check(checked: CheckedFile) -> tuple[dict[str, Any], str]:
    """A program file: its findings, worst first, a line each, and what to expect; or a fault file."""
    program, ahead = checked.program, checked.forecast
    data: dict[str, Any] = {
        "file": str(checked.path),
        "program": program and program_file.document_of(program),
        "faults": [
            {"line": fault.line, "field": fault.field, "what": _sentence(fault.problem), "remedy": fault.remedy}
            for fault in checked.faults
        ],
        "findings": [asdict(finding) | {"line": line} for line, finding in checked.findings],
        "to_come": checked.to_come and [asdict(fault) for fault in checked.to_come.faults],
        "forecast": ahead and forecast_words.data(ahead),
    }
    if checked.to_come is not None:
        count = len(checked.to_come.faults)
        return data, f"{checked.path}: {checked.to_come.name}: {count} fault{'s'[: count > 1]} to come"
    if program is None:
        return data, ""
    lines = [_finding(checked.path, line, finding) for line, finding in checked.findings]
    counts = [f"{sum(one.severity == word for _, one in checked.findings)} {word}" for word in SEVERITIES]
    rows = forecast_words.table(ahead, checked.context) if ahead else []
    heading = f"{checked.path}: {program.name}: {', '.join(counts)}"
    return data, "\n".join([*lines, heading, *([_table(rows)] if rows else [])])


def _sentence(problem: str) -> str:
    """What a file's fault says behind its name, as a sentence of its own."""
    if problem.startswith(("is ", "has ", "holds ", "can't ")):
        return f"The file {problem}"
    return problem[:1].upper() + problem[1:]


def _finding(path: Path, line: int, finding: Finding) -> str:
    """ "a.yaml:7: hard: dose: what is wrong. What to do."."""
    where = f"{path}:{line}" if line else str(path)
    field = f" {finding.field}:" if finding.field else ""
    return f"{where}: {finding.severity}:{field} {finding.what} {finding.remedy}".rstrip()


def _totals(data: dict[str, Any]) -> list[tuple[str, str]]:
    volumes = [(name, data[f"{name}_nl"]) for name in ("planned", "commanded", "measured")]
    return [
        ("run file", data["run"]),
        ("ended", data["ended"].replace("_", " ")),
        ("samples", f"{data['samples']:,}"),
        ("events", f"{data['events']:,}"),
        ("gaps", f"{data['gaps']:,}"),
        *([("lost time", units.duration_text(round(data["lost_us"] / 1000)))] if data.get("lost_us") else []),
        *((name, "unknown" if nl is None else units.volume_text(nl)) for name, nl in volumes),
    ]


def _table(rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join(" ".join(f"{name:<{width}}  {text}".splitlines()) for name, text in rows)
