"""A program file that has been checked and confirmed, so that it may be written without anybody at a window."""

from dataclasses import dataclass, replace
from pathlib import Path

from firmware_link.errors import UsageError
from rig import meeting, yamlfile
from rig.programs import writing
from rig.programs.receipt import Confirmed
from rig.therapy import limits, program_file
from rig.therapy.check import UNTIL_CONNECTED, check, placed
from rig.therapy.finding import Context, Finding
from rig.therapy.program import Program


@dataclass(frozen=True)
class Checked:
    """A program that may be written: its file's text, and the soft limits that were confirmed."""

    program: Program
    text: str
    confirmed: tuple[Confirmed, ...] = ()


def checked(path: Path, confirm: str) -> Checked:
    """The program in ``path``; raises UsageError where it is beyond a hard limit, or a soft one without ``confirm``.

    What depends on a pump is asked by ``against``, once there is one.
    """
    text = program_file.read_text(path)
    program = program_file.loads(text, str(path))
    findings = check(program, limits.standard(program.limits), without=UNTIL_CONNECTED)
    return Checked(program, text, _confirmed(str(path), text, findings, confirm))


def against(made: Checked, confirm: str, context: Context) -> Checked:
    """``made``, checked against what the connected pump holds; raises UsageError as ``checked``."""
    here = meeting.at_home(made.program, context)
    findings = check(made.program, limits.standard(made.program.limits), here)
    return replace(made, confirmed=_confirmed(made.program.name, made.text, findings, confirm))


def _confirmed(name: str, text: str, findings: list[Finding], confirm: str) -> tuple[Confirmed, ...]:
    """The soft findings with their reason; raises UsageError where there is none, or something is forbidden."""
    document = yamlfile.plain(yamlfile.parse(text, name), name)
    findings = [placed(document, finding) for finding in findings]
    for severity in ("hard", "soft"):
        found = [finding for finding in findings if finding.severity == severity]
        if found and not (severity == "soft" and confirm):
            what = " ".join(f"{one.field}: {one.what}" if one.field else one.what for one in found)
            raise UsageError(f"{name}: {what}", _remedy(found[0]))
    return tuple(writing.confirmed(findings, lambda finding: confirm))


def _remedy(finding: Finding) -> str:
    """What to do about it, as the command line can: its confirmation is an option."""
    if finding.severity == "hard":
        return finding.remedy
    said, option = "onfirm it with a reason", 'onfirm it: --confirm "the reason"'
    remedy = finding.remedy.replace(said, option)
    return remedy if remedy != finding.remedy else f"{remedy} Or c{option}.".strip()
