"""The check of program files, as the command line asks for it: what was found, where it stands, and what to expect."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from firmware_link.clock import SystemClock
from firmware_link.errors import UsageError
from rig import meeting, yamlfile
from rig.targets import open_session
from rig.therapy import profiles, program_file, reading
from rig.therapy.check import check, placed
from rig.therapy.finding import Context, Finding
from rig.therapy.forecast import Forecast, forecast
from rig.therapy.program import Program


@dataclass(frozen=True)
class CheckedFile:
    """One file.  Lines count from 1, 0 for none; without a program ``faults`` say why there is none."""

    path: Path
    program: Program | None = None
    faults: tuple[yamlfile.FileFault, ...] = ()
    findings: tuple[tuple[int, Finding], ...] = ()
    forecast: Forecast | None = None
    context: Context = field(default_factory=Context)

    @property
    def exit_code(self) -> int:
        """4 where it can't be read, 1 where something forbids it, as pytest's wrong use and failed tests."""
        if self.program is None:
            return UsageError.exit_code
        return int(any(finding.severity == "hard" for _, finding in self.findings))


def check_files(paths: Sequence[Path], limits: str = "", target: str = "") -> list[CheckedFile]:
    """Each of ``paths``, against the limit set ``limits`` in the place of its own, and the pump at ``target``.

    Raises UsageError for a limit set that isn't known, PumpError where the pump doesn't answer.
    """
    known = profiles.standard().limits
    if limits and limits not in known:
        raise UsageError(f'"{limits[:40]}" is no limit set.', f"There are: {', '.join(known)}.")
    context = _asked(target) if target else Context(now_utc_s=SystemClock().utc_us() // 1_000_000)
    return [check_file(path, limits, context) for path in paths]


def _asked(target: str) -> Context:
    session = open_session(target)
    try:
        meeting.connect(session)
        return meeting.context_of(session)
    finally:
        session.close()


def check_file(path: Path, limits: str, context: Context) -> CheckedFile:
    """The file at ``path``; never raises for what it says."""
    try:
        tree = yamlfile.parse(program_file.read_text(path), str(path))
        document = yamlfile.plain(tree, str(path))
    except yamlfile.FileFault as fault:
        return CheckedFile(path, faults=(fault,))
    marks = yamlfile.Marks(tree)

    known = profiles.standard()
    read = reading.read(document, known)
    if read.program is None:
        faults = [
            yamlfile.FileFault(str(path), marks.line(fault.field), fault.field, fault.what, fault.remedy)
            for fault in read.faults
        ]
        return CheckedFile(path, faults=tuple(faults))
    program = read.program
    here = meeting.at_home(program, context)
    findings = [placed(document, one) for one in check(program, known.limits[limits or program.limits], here)]
    told = tuple((marks.line(finding.field) or marks.line("mode"), finding) for finding in findings)
    return CheckedFile(path, program, (), told, _forecast(program, here), here)


def _forecast(program: Program, context: Context) -> Forecast | None:
    try:
        return forecast(program, context)
    except UsageError:  # a hard finding says why
        return None
