"""What the verb ``report`` does: its words become a file."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import UsageError
from rig import atomic
from rig.moments import parse_offset_min
from rig.report import page
from rig.report.blocks import Report
from rig.report.evidence import Options
from rig.report.making import Progress, report_of
from rig.report.page import Paper
from rig.therapy import units

KINDS = (".html", ".pdf")


@dataclass(frozen=True)
class Words:
    """The options as they were typed; "" for those that weren't."""

    limit: str = ""
    offset: str = ""
    truth: bool = False
    verify: bool = True
    force: bool = False

    def options(self) -> Options:
        """Raises UsageError for words that make no sense."""
        limit = units.parse(self.limit, units.PERCENT) / 100 if self.limit else None
        return Options(limit, parse_offset_min(self.offset) if self.offset else None, self.truth, self.verify)


def make(
    run: Path,
    output: Path,
    words: Words,
    progress: Progress,
    clock: Clock | None = None,
    save_pdf: Callable[[Path, Paper], None] | None = None,
) -> Report:
    """Writes the report of ``run`` into ``output``, whole or not at all, and returns it.  ``save_pdf`` sets the type of
    a PDF; by default Qt does, without a window.

    Raises UsageError for a name that is no HTML's or PDF's, for a file that exists and for words that make no sense,
    RunFileError for a run that can't be read.
    """
    check_output(output, words.force)
    report = report_of(run, words.options(), clock or SystemClock(), progress)
    save(report, output, save_pdf)
    return report


def save(report: Report, output: Path, save_pdf: Callable[[Path, Paper], None] | None = None) -> None:
    """``report`` into ``output``, as a page or a PDF by its ending, whole or not at all, over what is there.  Raises
    UsageError where it can't be written."""
    if output.suffix.lower() == ".html":
        atomic.write_text(output, page.web(report))
    else:
        (save_pdf or _without_window)(output, page.paper(report))


def _without_window(output: Path, paper: Paper) -> None:
    # Found by name at run time: the window builds on this package, never the other way round.
    importlib.import_module("programmer_gui.printing").save_paper_without_window(output, paper)


def check_output(output: Path, force: bool) -> None:
    """Raises UsageError where ``output`` isn't a name to write a report under."""
    if output.suffix.lower() not in KINDS:
        raise UsageError(f"{output} is neither a page nor a PDF.", "Give a name that ends in .html or .pdf.")
    if output.exists() and not force:
        raise UsageError(f"{output} exists already.", "Choose another name, or give --force to write over it.")


def of_report(report: Report, output: Path) -> tuple[dict[str, Any], str]:
    """As plain data, and as text."""
    width = max(len(one.title) for one in report.headlines)
    lines = [f"{one.title:<{width}}  {one.words}" for one in report.headlines]
    return report.figures | {"report": str(output)}, "\n".join([*lines, f"{'Report':<{width}}  {output}"])
