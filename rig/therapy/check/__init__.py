"""The check of a program before it is written: a table of rules, each of which says what it finds, in words."""

from collections.abc import Callable, Iterable

from rig.therapy.check import ranges
from rig.therapy.check.case import Case
from rig.therapy.check.edits import located as located
from rig.therapy.finding import Context, Finding
from rig.therapy.limits import LimitSet
from rig.therapy.program import Program

SEVERITIES = ("hard", "soft", "note")  # worst first
RULES: tuple[Callable[[Case], Iterable[Finding]], ...] = (ranges.beyond_limits,)


def check(program: Program, limits: LimitSet, context: Context | None = None) -> list[Finding]:
    """All findings, worst first.  What ``context`` doesn't tell of the pump isn't checked."""
    case = Case(program, limits, context or Context())
    findings = [finding for rule in RULES for finding in rule(case)]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
