"""Keeps a screening's course in its program file: each bolus when it was given, and the verdict on it.

The file is the protocol's record, so that the next step is refused by whoever opens it next.
"""

from dataclasses import replace
from pathlib import Path

from firmware_link.clock import SystemClock
from firmware_link.errors import UsageError
from rig import atomic, yamlfile
from rig.resources import resource
from rig.therapy import program_file, screening, units
from rig.therapy.modes import Response, Screening
from rig.therapy.program import Program
from rig.therapy.program_file import Document

_WHOLE = 0.99  # of a bolus: what is less was cut off


def of(program: Program) -> Screening:
    """The screening that ``program`` is; raises UsageError for another mode."""
    if not isinstance(program.mode, Screening):
        raise UsageError(f"{program.name} is no screening.", "Choose a program of mode screening.")
    return program.mode


def is_one(program: Program) -> bool:
    """Whether ``program`` is a screening, whose file keeps its course."""
    return isinstance(program.mode, Screening)


def check_own(path: Path) -> None:
    """Raises UsageError for an example that comes with this program."""
    if path.resolve().is_relative_to(resource("programs").resolve()):
        raise UsageError(
            f"{path.name} is an example, and keeps no course of a screening.", "Copy it, and use the copy."
        )


def check_writable(path: Path) -> None:
    """Raises UsageError where the course can't be kept in the file at ``path``: to be asked before a bolus."""
    check_own(path)
    atomic.write_text(path, yamlfile.read_text(path), "A screening's course is kept there: make it writable.")


def check_duration(program: Program, duration_us: int | None) -> None:
    """Raises UsageError where a recording of ``duration_us`` (None: without an end) would cut the test bolus off."""
    bolus_ms = of(program).duration_ms
    if duration_us is not None and duration_us <= bolus_ms * 1000:
        recorded, takes = units.duration_text(duration_us // 1000), units.duration_text(bolus_ms)
        what = f"A recording of {recorded} would stop the test bolus, which takes {takes}."
        raise UsageError(what, "Record for longer, or say --keep-running.")


def cut_off(path: Path, planned_pl: int, delivered_nl: int) -> UsageError | None:
    """What to say where a test bolus was stopped after ``delivered_nl``; None where all of it was given."""
    if delivered_nl * 1000 >= planned_pl * _WHOLE:
        return None
    said, whole = units.volume_text(delivered_nl), units.volume_text(planned_pl / 1000)
    what = f"The test bolus was cut off: {said} of {whole} were given, but {path} notes all of it."
    return UsageError(what, "Correct the dose there to what was given, and ask who decides on the next.")


def given(document: Document, program: Program, now_utc_s: int) -> Document:
    """``document``, which says ``program``, with its next bolus given now.  Raises UsageError where it may not be."""
    return _with(document, program, screening.record_given(of(program), now_utc_s))


def judged(document: Document, program: Program, verdict: Response, effect_ms: int, now_utc_s: int) -> Document:
    """``document`` with the verdict on its last bolus.  Raises UsageError where there is nothing to judge."""
    return _with(document, program, screening.record_verdict(of(program), verdict, effect_ms, now_utc_s))


def _with(document: Document, program: Program, course: Screening) -> Document:
    return document | {"given": program_file.document_of(replace(program, mode=course))["given"]}


def note_given(path: Path, now_utc_s: int) -> str:
    """The program file at ``path`` says that its next bolus was given now; its comments stay.  Returns that in words.

    Raises UsageError where that can't be, or can't be written.
    """
    check_own(path)
    document, text = program_file.load_document(path)
    new = given(document, program_file.load(path), now_utc_s)
    atomic.write_text(path, program_file.dumps(new, text))
    return f"Noted in {path.name}: {new['given'][-1]['dose'].replace('u', 'µ')} given at {new['given'][-1]['at']}."


def note_verdict(path: Path, verdict: Response, effect_ms: int, now_utc_s: int) -> screening.Outcome:
    """The program file at ``path`` says what was seen after its last bolus; returns what that comes to.

    Raises UsageError as ``screening.record_verdict`` does, and where the file can't be read or written.
    """
    check_own(path)
    document, text = program_file.load_document(path)
    program = program_file.load(path)
    new = judged(document, program, verdict, effect_ms, now_utc_s)
    atomic.write_text(path, program_file.dumps(new, text))
    return screening.outcome(of(program_file.load(path)))


def verdict_from_words(path: Path, seen: str, effect: str, early: bool, now_utc_s: int | None = None) -> str:
    """``note_verdict`` as the command line says it: ``seen`` is "response" or "no response", ``effect`` like "6 h".

    Returns what it comes to, in a sentence.  Raises UsageError also for a verdict before the bolus was observed for
    4 h, unless ``early``.
    """
    if now_utc_s is None:
        now_utc_s = SystemClock().utc_us() // 1_000_000
    if seen not in ("response", "no response"):
        raise UsageError(f'"{seen[:40]}" is no verdict.', 'Say "response" or "no response".')
    if (seen == "response") != bool(effect):
        what = screening.EFFECT_MISSING if seen == "response" else "Nothing was seen to last."
        raise UsageError(what, 'For example: response --effect "6 h".')
    hasty = screening.early_verdict(of(program_file.load(path)), now_utc_s)
    if hasty and not early:
        raise UsageError(hasty.what, f"{hasty.remedy.rstrip('.').split(', or')[0]}, or say --early.")
    effect_ms = units.parse(effect, units.DURATION) if effect else 0
    verdict: Response = "response" if seen == "response" else "no response"
    return note_verdict(path, verdict, effect_ms, now_utc_s).sentence
