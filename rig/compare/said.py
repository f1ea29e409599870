"""What the command line says of a comparison: plain data for ``--json``, and text for people."""

import math
import shlex
from dataclasses import asdict
from typing import Any

from rig.compare.amounts import span_text
from rig.compare.findings import GROUPS, Against, Comparison, Finding, Verdict
from rig.moments import clock_text

MARKS: dict[Verdict, str] = {"same": "=", "within": "≈", "beyond": "✗", "not judged": "·"}


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain data; times in aligned seconds, with what they are in each run."""
    return {
        "golden": str(comparison.golden),
        "aligned": str(comparison.alignment),
        "tolerance": comparison.tolerance,
        "passed": comparison.passed,
        "runs": [_run(one) for one in comparison.against],
    }


def _run(one: Against) -> dict[str, Any]:
    return {
        "run": str(one.path),
        "passed": one.passed,
        "start_s": one.start_s,
        "end_s": one.end_s,
        "lost_s": [list(stretch) for stretch in one.lost_s],
        "golden_zero_s": one.golden_zero_s,
        "new_zero_s": one.new_zero_s,
        "findings": [_finding(finding) for finding in one.findings],
        "differing_events": [asdict(event) for event in one.differing],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    data = asdict(finding)
    data["values"] = {name: _plain(value) for name, value in finding.values.items()}
    return data


def _plain(value: float | int | str | None) -> float | int | str | None:
    """NaN isn't JSON."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_text(comparison: Comparison) -> str:
    """A table a run, with its verdict and where to look first."""
    return "\n\n".join(_table(comparison, one) for one in comparison.against)


def _table(comparison: Comparison, one: Against) -> str:
    covered = f"{span_text(one.end_s - one.start_s)} compared, aligned {comparison.alignment.words()}"
    lines = [f"{one.path.name} against {comparison.golden.name}: {covered}, tolerance {comparison.tolerance}"]
    rows = [
        (MARKS[finding.verdict], finding.title, finding.golden, finding.new, finding.difference, finding.allowed)
        for finding in one.findings
    ]
    head = ("", "", "golden", "new", "difference", "allowed")
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    for group in GROUPS:
        inside = [row for row, finding in zip(rows, one.findings, strict=True) if finding.group == group]
        if inside:
            lines += ["", _line((" ", group, *head[2:]), widths), *(_line(row, widths) for row in inside)]
    failures = one.failures
    lines.append("")
    lines += [f"{MARKS['beyond']} {finding.what}" for finding in failures]
    lines.append(verdict_text(one))
    first = first_moment(one)
    if first is not None:
        at = clock_text(max(0, math.floor(first + one.new_zero_s)))
        lines.append(f"To look at it: pump-programmer gui {shlex.quote(str(one.path))} --at {at}")
    return "\n".join(lines)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def verdict_text(one: Against) -> str:
    """ "PASSED: 20 compared, …" or "FAILED: 2 of 20 differ by more than is allowed: Flow, …"."""
    failed, count = one.failures, len(one.findings)
    if not failed:
        return f"PASSED: {count} compared, none differs by more than is allowed."
    titles = ", ".join(finding.title for finding in failed[:6]) + (", …" if len(failed) > 6 else "")
    verb = "differs" if len(failed) == 1 else "differ"
    return f"FAILED: {len(failed)} of {count} {verb} by more than is allowed: {titles}."


def first_moment(one: Against) -> float | None:
    """The earliest difference that has a moment, aligned seconds."""
    return min((finding.at_s for finding in one.failures if finding.at_s is not None), default=None)
