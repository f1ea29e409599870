"""A program file that has been checked and confirmed, so that it may be written without anybody at a window."""

from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import UsageError
from rig import writing
from rig.receipt import Confirmed
from rig.therapy import limits, program_file
from rig.therapy.check import check
from rig.therapy.program import Program
from rig.yamlfile import read_text


@dataclass(frozen=True)
class Checked:
    """A program that may be written: its file's text, and the soft limits that were confirmed."""

    program: Program
    text: str
    confirmed: tuple[Confirmed, ...] = ()


def checked(path: Path, confirm: str) -> Checked:
    """The program in ``path``; raises UsageError where it is beyond a hard limit, or a soft one without ``confirm``."""
    text = read_text(path)
    program = program_file.loads(text, str(path))
    findings = check(program, limits.standard(program.limits))

    def refused(severity: str, remedy: str) -> None:
        found = [finding for finding in findings if finding.severity == severity]
        if found:
            what = " ".join(finding.what for finding in found)
            raise UsageError(f"{path}: {what}", f"{found[0].remedy} {remedy}".strip())

    refused("hard", "")
    if not confirm:
        refused("soft", 'Or confirm it: --confirm "the reason".')
    return Checked(program, text, tuple(writing.confirmed(findings, lambda finding: confirm)))
