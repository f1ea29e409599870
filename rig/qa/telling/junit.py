"""Results as JUnit XML: a suite a script, a case a case, and every measurement of it among the case's properties."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from rig import junit
from rig.measured import Measurement
from rig.moments import iso_text
from rig.qa.telling.results import NOT_BEGUN, Result
from rig.qa.telling.said import step_lines
from rig.qa.told import StepEnded
from rig.targets import is_virtual, parse_virtual

#: verdict -> the element that says so; "inconclusive" is a failure of its own type, so that nobody takes it for a pass
_ELEMENTS = {"fail": "failure", "inconclusive": "failure", "error": "error", "skipped": "skipped"}


def report(results: Sequence[Result], finished: bool = True) -> str:
    """The XML.  Unless ``finished``, cases that weren't begun are errors: whoever reads it must not take it for all."""
    suites = (_suite(path, tuple(group), finished) for path, group in groupby(results, key=lambda one: one.script.path))
    return junit.document("pump-programmer qa", suites)


def write(path: Path, results: Sequence[Result], finished: bool = True) -> None:
    """The report into ``path``, whole or not at all, over an older report but over nothing else.

    Raises UsageError where it can't be written, or where another kind of file is there.
    """
    junit.write(path, report(results, finished))


def properties(result: Result) -> Iterator[tuple[str, str]]:
    """(name, value): what was tested, on what, and each measurement as "step.7.delivered.value", ".unit" …"""
    script, device = result.script, result.device
    yield "script", script.path.name
    yield "digest", script.digest
    for name, value in script.parameters.items():
        yield f"parameter.{name}", value
    yield "interval_ms", str(script.interval_ms)
    yield "verdict", result.verdict
    yield "why", result.why
    yield "target", result.target
    yield "rig", _rig(result.target)
    if result.replayed:
        yield "judged", "from its recording"
    if device is not None:
        yield "serial_number", device.device_id
        yield "firmware", device.firmware_version
        yield "protocol", str(device.protocol)
    if result.seed is not None:
        yield "seed", str(result.seed)
    if result.run is not None:
        yield "run", str(result.run)
        yield "run_digest", result.run_digest
    if result.ended_us and result.began_us:
        yield "pump_time_s", f"{(result.ended_us - result.began_us) / 1e6:.3f}"
    for step in result.steps:
        yield from _step(result, step)


def _rig(target: str) -> str:
    if not is_virtual(target):
        return "real"
    said = parse_virtual(target)
    return f"virtual, {said.rig or 'bench'}{', faults ' + said.faults if said.faults else ''}"


def _step(result: Result, step: StepEnded) -> Iterator[tuple[str, str]]:
    judged, under = step.judged, f"step.{step.step.number}"
    if not judged.measurements and judged.verdict in ("pass", "skipped"):
        return
    yield f"{under}.title", step.step.title
    yield f"{under}.verdict", judged.verdict
    if judged.verdict != "pass" and result.run is not None:
        yield f"{under}.moment", result.moment(step)
    seen: Counter[str] = Counter()
    for measurement in judged.measurements:
        seen[measurement.name] += 1
        again = f" ({seen[measurement.name]})" if seen[measurement.name] > 1 else ""
        yield from _measurement(f"{under}.{measurement.name}{again}", measurement)


def _measurement(name: str, measurement: Measurement) -> Iterator[tuple[str, str]]:
    yield f"{name}.value", measurement.detail if measurement.value is None else _number(measurement.value)
    yield f"{name}.unit", measurement.unit
    yield f"{name}.low", _number(measurement.low)
    yield f"{name}.high", _number(measurement.high)
    yield f"{name}.uncertainty", _number(measurement.uncertainty)
    yield f"{name}.verdict", measurement.verdict
    if measurement.detail and measurement.value is not None:
        yield f"{name}.detail", measurement.detail
    for part, size in measurement.budget:
        yield f"{name}.uncertainty.{part}", _number(size)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"


def _suite(path: Path, results: tuple[Result, ...], finished: bool) -> Element:
    suite = Element("testsuite", name=junit.fit(results[0].script.name))
    facts = [("script", str(path)), ("finished", "yes" if finished else "no")]
    junit.properties(suite, facts)
    cases = [_case(result, finished) for result in results]
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for name, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(element) is not None for case in cases)))
    suite.set("time", f"{sum(one.took_s for one in results):.3f}")
    began_us = next((one.began_us for one in results if one.began_us), 0)
    if began_us:
        suite.set("timestamp", iso_text(began_us)[:19])
    return suite


def _case(result: Result, finished: bool) -> Element:
    script = result.script
    step = result.decisive.step if result.decisive else None
    case = Element(
        "testcase",
        classname=junit.fit(script.stem),
        name=junit.fit(script.title),
        file=junit.fit(step.file if step and step.file else str(script.path)),
        line=str(step.line if step else 0),
        time=f"{result.took_s:.3f}",
    )
    junit.properties(case, properties(result))
    verdict = "error" if result.why == NOT_BEGUN and not finished else result.verdict
    element = _ELEMENTS.get(verdict)
    if element is not None:
        kind = type(result.error).__name__ if result.error else verdict
        told = ElementTree.SubElement(case, element, type=kind, message=junit.fit(result.sentence))
        told.text = junit.fit("\n".join(_details(result)))
    ElementTree.SubElement(case, "system-out").text = junit.fit("\n".join(_lines(result)))
    return case


def _details(result: Result) -> Iterator[str]:
    yield result.sentence
    step = result.decisive
    if step is not None:
        yield f"step {step.step.number}, {step.step.title}: {step.step.file}:{step.step.line}"
        if result.run is not None:
            yield result.command(step)


def _lines(result: Result) -> Iterator[str]:
    for step in result.steps:
        yield from step_lines(step)
