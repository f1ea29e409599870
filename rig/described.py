"""What the command line says of things: each as plain data for ``--json``, and as text for people."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from firmware_link.ports import PortInfo
from rig.recording.reader import RunReader
from rig.recording.summary import Summary
from rig.therapy import units


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


def of_run(run: Path) -> tuple[dict[str, Any], str]:
    """A run file: the numbers that ``record`` gave, with identity, programs and the events by kind."""
    with RunReader(run) as reader:
        data = reader.info() | {"run": str(run)}
    rows = [
        ("pump", f"{data['device_id'] or 'never answered'}, firmware {data['firmware_version'] or 'unknown'}"),
        ("target", f"{data['target']} ({data['port']})"),
        ("recorded by", f"Pump Programmer {data['program_version']}"),
        *((f"program {i}", program["name"]) for i, program in enumerate(data["programs"], 1)),
        *_totals(data),
        *((f"event {kind}", str(count)) for kind, count in data["events_by_kind"].items()),
    ]
    return data, _table(rows)


def _totals(data: dict[str, Any]) -> list[tuple[str, str]]:
    volumes = [(name, data[f"{name}_nl"]) for name in ("planned", "commanded", "measured")]
    return [
        ("run file", data["run"]),
        ("ended", data["ended"].replace("_", " ")),
        ("samples", f"{data['samples']:,}"),
        ("events", f"{data['events']:,}"),
        ("gaps", f"{data['gaps']:,}"),
        *((name, "unknown" if nl is None else units.volume_text(nl)) for name, nl in volumes),
    ]


def _table(rows: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {text}" for name, text in rows)
