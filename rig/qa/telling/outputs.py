"""The files that are written of results: JUnit and report, while cases run and at the end, and the history."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import UsageError
from rig import junit as junit_files
from rig.places import state_folder
from rig.qa.telling import history, junit, report
from rig.qa.telling.results import Result, Tally
from rig.report import verb as report_files

_EVERY_S = 5.0  # while a case runs: what a killed runner leaves is so old at most


@dataclass
class Outputs:
    """``junit`` and ``report`` (*.html or *.pdf) are None where nobody wants them.

    Raises UsageError at once where they can't be written, or where something else is there; ``force`` lets a report
    go over another one.
    """

    tally: Tally
    junit: Path | None = None
    report: Path | None = None
    force: bool = False
    clock: Clock = field(default_factory=SystemClock)
    _saved_s: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        if self.junit is not None:
            junit_files.check_output(self.junit)
        if self.report is not None:
            report_files.check_output(self.report, self.force)

    def begin(self) -> None:
        """Before anything: an older report is not to be taken for this one.  Raises UsageError where one can't be
        written, which nobody wants to hear after hours."""
        self._save(finished=False)

    def while_running(self) -> None:
        """Saves what there is, where the last time is a while ago; where it can't, ``finish`` says so."""
        if self.clock.monotonic() - self._saved_s >= _EVERY_S:
            with suppress(UsageError):
                self._save(finished=False)

    def ended(self, result: Result, write: Callable[[str], None]) -> None:
        """A case has ended; ``write`` is told where that can't be remembered, which is no reason to end."""
        try:
            history.add(state_folder(), history.entry_of(result, self.clock.utc_us()))
        except UsageError as error:
            write(error.sentence())
        self.while_running()

    def finish(self) -> None:
        """All have ended."""
        self._save(finished=True)

    def _save(self, finished: bool) -> None:
        if self.junit is not None:
            junit.write(self.junit, self.tally.results, finished)
        if self.report is not None and (finished or self.report.suffix.lower() == ".html"):  # a PDF takes a second
            made = report.report_of(self.tally.results, self.clock.utc_us(), finished)
            report_files.save(made, self.report)
        self._saved_s = self.clock.monotonic()
