"""What the terminal shows while cases run: a line a step, a bar for what is under way, and the operator's questions."""

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import typer

from firmware_link.errors import UsageError
from rig.measured import Verdict
from rig.qa.deeds import Ask
from rig.qa.telling import said
from rig.qa.telling.results import Result, Tally
from rig.qa.telling.verdict_words import WORDS
from rig.qa.told import CaseBegan, StepBegan, StepEnded, StepEvent, StepProgress
from rig.terminal import Bar, plain

_COLOURS: dict[Verdict, str] = {
    "pass": "green",
    "fail": "red",
    "error": "red",
    "inconclusive": "yellow",
    "skipped": "bright_black",
}


def coloured(line: str) -> str:
    """``line``, which begins with a verdict, with that in its colour; as it is where nobody wants colours."""
    line = plain(line)
    if os.environ.get("NO_COLOR"):
        return line
    for verdict, words in WORDS.items():
        if line.startswith(words.word):
            return typer.style(words.word, fg=_COLOURS[verdict], bold=True) + line[len(words.word) :]
    return line


@dataclass
class Live:
    """Tells lines to ``write``, and how far a case is to ``bar``."""

    tally: Tally
    write: Callable[[str], None]
    bar: Bar
    _began_us: int = field(default=0, init=False)
    _at_s: float = field(default=0.0, init=False)
    _title: str = field(default="", init=False)

    def take(self, index: int, event: StepEvent) -> None:
        """Something of the case ``index`` was told."""
        script = self.tally.scripts[index]
        match event:
            case CaseBegan():
                self._began_us, self._at_s = event.at_us, 0.0
                where = f"{event.target}, pump {event.device.device_id}"
                self.write(plain(f"{script.title}  ({where})"))
            case StepBegan():
                self._at_s = (event.mark.host_us - self._began_us) / 1e6
                self._title = f"{event.step.number} {event.step.title}"
                self._tell(index, 0.0)
            case StepProgress():
                self._tell(index, event.done_s)
            case StepEnded():
                self._lines(said.step_lines(event))

    def ended(self, result: Result) -> None:
        """A case is over."""
        self._lines(said.case_lines(result))
        self.write("")

    def _tell(self, index: int, done_s: float) -> None:
        script = self.tally.scripts[index]
        what = f"{script.name}: {self._title}"
        self.bar(round(self._at_s + done_s), max(1, script.duration_ms // 1000), plain(what)[:80])

    def _lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(coloured(line))


class Operator:
    """Asks on the terminal and waits in a thread of its own, so that the pump is listened to meanwhile."""

    def __init__(self, bar: Bar | None = None) -> None:
        self._bar = bar  # makes room for a question
        self._asked: Ask | None = None
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    def answer(self, ask: Ask) -> str | None:
        """What was answered to ``ask``; None while nobody has.  Raises UsageError where nobody is there any more."""
        if self._asked is not ask:
            self._asked = ask
            self._ask(ask)
        try:
            said = self._answers.get_nowait()
        except queue.Empty:
            return None
        self._asked = None
        if self._bar is not None:
            self._bar.start()
        if not said:  # not even the end of a line
            raise UsageError(f"Nobody answers “{ask.question}”: the input has ended.", "Run it with somebody there.")
        return said

    def _ask(self, ask: Ask) -> None:
        if self._bar is not None:
            self._bar.stop()
        wanted = {"done": "Enter when it is done", "yes or no": "yes or no", "number": "a number", "text": "words"}
        unit = f" in {ask.limits.unit}" if ask.limits and ask.limits.unit else ""
        typer.echo(plain(f"\n? {ask.question}  [{wanted[ask.answer]}{unit}] "), err=True, nl=False)
        threading.Thread(target=self._listen, name="operator", daemon=True).start()

    def _listen(self) -> None:
        self._answers.put(sys.stdin.readline())
