"""The check of program and fault files, as the command line asks for it: what was found and where, what to expect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from firmware_link.clock import SystemClock
from firmware_link.errors import UsageError
from rig import meeting, yamlfile
from rig.targets import open_session
from rig.therapy import parsing, profiles, program_file, reading
from rig.therapy.check import check, placed
from rig.therapy.finding import Context, Finding
from rig.therapy.forecast import Forecast, forecast
from rig.therapy.program import Program
from rig.virtual import fault_file
from rig.virtual.fault_file import FaultList


@dataclass(frozen=True)
class CheckedFile:
    """One file.  Lines count from 1, 0 for none; without a program and a list of faults, ``faults`` say why."""

    path: Path
    program: Program | None = None
    to_come: FaultList | None = None
    faults: tuple[yamlfile.FileFault, ...] = ()
    findings: tuple[tuple[int, Finding], ...] = ()
    forecast: Forecast | None = None
    context: Context = field(default_factory=Context)

    @property
    def exit_code(self) -> int:
        """4 where it can't be read, 1 where something forbids it, as pytest's wrong use and failed tests."""
        if self.faults:
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
    if isinstance(document, dict) and "faults" in document:
        to_come, wrong = fault_file.read(document)
        placed_faults = sorted(_placed(path, marks, wrong), key=lambda fault: fault.line)
        return CheckedFile(path, to_come=to_come, faults=tuple(placed_faults))
    known = profiles.standard()
    read = reading.read(document, known)
    if read.program is None:
        return CheckedFile(path, faults=_placed(path, marks, read.faults))
    program = read.program
    here = meeting.at_home(program, context)
    findings = [placed(document, one) for one in check(program, known.limits[limits or program.limits], here)]
    told = tuple((marks.line(finding.field) or marks.line("mode"), finding) for finding in findings)
    return CheckedFile(path, program, findings=told, forecast=_forecast(program, here), context=here)


def _placed(path: Path, marks: yamlfile.Marks, faults: Iterable[parsing.Fault]) -> tuple[yamlfile.FileFault, ...]:
    return tuple(
        yamlfile.FileFault(str(path), marks.line(fault.field), fault.field, fault.what, fault.remedy)
        for fault in faults
    )


def _forecast(program: Program, context: Context) -> Forecast | None:
    try:
        return forecast(program, context)
    except UsageError:  # a hard finding says why
        return None
