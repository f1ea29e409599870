"""What the operator, a blinded reviewer and the instrument say of a run: three verdicts that are kept apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from firmware_link.errors import UsageError
from rig.measured import VERDICTS
from rig.recording import annotate
from rig.recording.reader import RunReader
from rig.recording.records import CaseRecord, Review, Verdict
from rig.review.agreement import Agreement, agreement
from rig.review.blinding import Key, is_blinded, key_in, read_key

WORDS = ("pass", "fail", "inconclusive")  #: what somebody may say of a run
JUDGES = ("operator", "blinded", "instrument")
TITLES = {"operator": "Operator", "blinded": "Blinded review", "instrument": "Instrument"}
_MOST_CASES = 10_000


@dataclass(frozen=True)
class Views:
    """Of one run; "" where somebody hasn't said anything.  Of several reviews of a kind the latest counts."""

    name: str  # of the file
    run_id: str
    operator: str
    blinded: str
    instrument: str
    reviews: tuple[Review, ...] = ()

    def of(self, judge: str) -> str:
        """The verdict of one of JUDGES."""
        said: str = getattr(self, judge)
        return said


def views(reader: RunReader) -> Views:
    """All three of the run."""
    reviews = reader.reviews()
    return Views(
        reader.path.name,
        reader.run.run_id,
        _latest(reviews, "operator"),
        _latest(reviews, "blinded"),
        _instrument(reader),
        reviews,
    )


def _latest(reviews: Iterable[Review], kind: str) -> str:
    of_kind = [one for one in reviews if one.kind == kind]
    return max(of_kind, key=lambda one: one.made_us).verdict if of_kind else ""


def _instrument(reader: RunReader) -> str:
    """The worst of the test cases that made the run; of older recordings, of its checks."""
    ended = [one.verdict for one in reader.records(CaseRecord, 0, _MOST_CASES) if one.phase == "end"]
    known = [one for one in VERDICTS if one in ended]
    if known:  # an error says nothing about the pump
        return known[-1] if known[-1] in WORDS else ""
    checks = [one.passed for one in reader.records(Verdict, 0, _MOST_CASES)]
    return "" if not checks else "pass" if all(checks) else "fail"


def review(path: Path, verdict: str, by: str, reason: str, now_us: int) -> Review:
    """Adds somebody's verdict on a run to its file, made at ``now_us`` (UTC): a blinded one where it is a blinded copy,
    else the operator's.  Raises UsageError for another word, RunFileError where the file can't be changed."""
    if verdict not in WORDS:
        raise UsageError(f'"{verdict[:40]}" is no verdict.', f"Say {', '.join(WORDS[:-1])} or {WORDS[-1]}.")
    with RunReader(path) as reader:
        run = reader.run
    kind = "blinded" if is_blinded(run) else "operator"
    return annotate.add_review(path, Review(run.started_us, kind, verdict, by, reason, now_us))


def join(run: Path, copy: Path, keys: Path) -> tuple[Review, ...]:
    """Takes the reviews of the blinded ``copy`` into the ``run`` that it is of, as the key says (a file, or the folder
    where it is kept), each once.  Raises UsageError for a copy of another run, or without a key."""
    with RunReader(copy) as reader:
        copied, reviews = reader.run, reader.reviews()
    if not is_blinded(copied):
        raise UsageError(f"{copy.name} is no blinded copy.", "Name the copy that was reviewed.")
    path = keys if keys.is_file() else key_in(keys, copied.run_id)
    if not path.is_file():
        raise UsageError(f"There is no key of {copy.name} here.", "Name it with --key; it was made with the copy.")
    key: Key = read_key(path)
    with RunReader(run) as reader:
        found, there = reader.run, reader.reviews()
    if (key.copy_id, key.run_id) != (copied.run_id, found.run_id):
        raise UsageError(f"{copy.name} isn't a copy of {run.name}, by its key.", f"It is of {Path(key.run).name}.")
    moved = [Review(found.started_us, "blinded", one.verdict, one.by, one.reason, one.made_us) for one in reviews]
    new = tuple(one for one in moved if one not in there)
    for one in new:
        annotate.add_review(run, one)
    return new


def agreements(all_views: Iterable[Views]) -> dict[tuple[str, str], Agreement]:
    """Of each two judges, over the runs that both have judged."""
    listed = list(all_views)
    return {
        (one, other): agreement(
            (views.of(one), views.of(other)) for views in listed if views.of(one) and views.of(other)
        )
        for one, other in combinations(JUDGES, 2)
    }
