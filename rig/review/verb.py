"""What the verbs ``blind`` and ``review`` do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from firmware_link.clock import Clock
from firmware_link.errors import UsageError
from rig.places import state_folder
from rig.recording.reader import RunReader
from rig.review.blinding import Blinded, blind
from rig.review.views import JUDGES, TITLES, Views, agreements, join, review, views


def keys_folder() -> Path:
    """Where keys of blinded copies are kept on this computer."""
    return state_folder() / "blinded"


@dataclass(frozen=True)
class Words:
    """The options of ``review`` as they were typed."""

    verdict: str = ""
    by: str = ""
    reason: str = ""
    copy: Path | None = None
    key: Path | None = None


def make_copy(run: Path, output: Path, key: Path | None, force: bool, clock: Clock) -> Blinded:
    """The blinded copy of ``run``; raises as ``blinding.blind``."""
    return blind(run, output, key or keys_folder(), clock.utc_us(), force)


def of_copy(made: Blinded) -> tuple[dict[str, Any], str]:
    """What was made."""
    data = {"copy": str(made.path), "copy_id": made.key.copy_id, "key": str(made.key_path)}
    return data, f"Made {made.path}, to be reviewed. Its key stays here: {made.key_path}"


def do(runs: Sequence[Path], words: Words, clock: Clock) -> list[Views]:
    """Adds what was said, or takes over what was said of a copy; then what all say of ``runs``.  Raises UsageError
    where several runs are given for what is said of one."""
    if (words.verdict or words.copy is not None) and len(runs) != 1:
        raise UsageError("This is said of one run.", "Name a single recording.")
    if words.verdict and words.copy is not None:
        raise UsageError("A verdict and a copy are given.", "Add the one, then take over the other.")
    if words.verdict:
        review(runs[0], words.verdict, words.by, words.reason, clock.utc_us())
    elif words.copy is not None:
        join(runs[0], words.copy, words.key or keys_folder())
    return [_of(run) for run in runs]


def _of(run: Path) -> Views:
    with RunReader(run) as reader:
        return views(reader)


def told(found: Sequence[Views]) -> tuple[dict[str, Any], str]:
    """The verdicts, and how far they agree."""
    pairs = {pair: one for pair, one in agreements(found).items() if one.n}
    data = {
        "runs": [asdict(one) for one in found],
        "agreement": [
            {
                "between": pair,
                "n": one.n,
                "same": one.same,
                "percent": one.percent,
                "interval_percent": one.interval_percent,
                "kappa": None if one.kappa is None else float(one.kappa),
                "counts": [{"verdicts": verdicts, "runs": many} for verdicts, many in one.counts],
            }
            for pair, one in pairs.items()
        ],
    }
    wide = max(len(one.name) for one in found)
    lines = [f"{'':<{wide}}  " + "  ".join(f"{TITLES[judge]:<14}" for judge in JUDGES)]
    lines += [f"{one.name:<{wide}}  " + "  ".join(f"{one.of(judge) or '–':<14}" for judge in JUDGES) for one in found]
    for (one, other), agreed in pairs.items():
        kappa = "undefined" if agreed.kappa is None else f"{float(agreed.kappa):.3f}"
        low, high = agreed.interval_percent
        small = ", a small sample" if agreed.small else ""
        lines.append(
            f"{TITLES[one]} and {TITLES[other].lower()}: {agreed.same} of {agreed.n} alike, {agreed.percent:.1f} % "
            f"(95 %: {low:.1f} to {high:.1f}), kappa {kappa}{small}"
        )
    return data, "\n".join(line.rstrip() for line in lines)
