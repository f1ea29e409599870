"""The check of a program before it is written: a table of rules, each of which says what it finds, in words."""

from collections.abc import Callable, Iterable

from rig.therapy.check import boluses, changes, concentration, device, procedures, ranges, supply, times
from rig.therapy.check.case import Case
from rig.therapy.check.edits import located as located
from rig.therapy.check.edits import placed as placed
from rig.therapy.finding import Context, Finding
from rig.therapy.limits import LimitSet
from rig.therapy.program import Program

SEVERITIES = ("hard", "soft", "note")  # worst first
Rule = Callable[[Case], Iterable[Finding]]
RULES: tuple[Rule, ...] = (
    device.identity,
    ranges.beyond_limits,
    device.own_limits,
    concentration.reservoir_label,
    concentration.unbridged,
    concentration.bridge,
    times.step_rules,
    times.stage_rules,
    times.gaps,
    boluses.periodic,
    boluses.on_demand,
    boluses.reservoir,
    changes.abrupt_stop,
    changes.against_held,
    changes.bridged,
    changes.titration,
    changes.taper,
    procedures.screening_gate,
    procedures.trial_pace,
    procedures.prime,
    times.local_time,
    times.counted,
)
FOLLOWING = (supply.lasting, device.unmakeable)  # told only of what nothing forbids yet


#: Told also where no pump says whether there is an infusion; who asks a pump later can leave it out before.
UNTIL_CONNECTED = (changes.abrupt_stop,)


def check(
    program: Program, limits: LimitSet, context: Context | None = None, without: tuple[Rule, ...] = ()
) -> list[Finding]:
    """All findings, worst first, but those of the rules ``without``.

    What ``context`` doesn't tell of the pump isn't checked.
    """
    case = Case(program, limits, context or Context())
    findings = [finding for rule in RULES if rule not in without for finding in rule(case)]
    if all(finding.severity != "hard" for finding in findings):
        findings += [finding for rule in FOLLOWING for finding in rule(case)]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
