"""The one table that benchmarks print: what, ours, the peer's in the same run, the ratio, what we want to reach."""

_FORMAT = "{:<46} {:>12} {:>12} {:>9}  {}"


def head() -> None:
    """The line above the rows."""
    print(_FORMAT.format("what", "ours", "peer", "ratio", "to reach"))


def row(name: str, ours: float, peer: float | None, unit: str, target: str) -> None:
    """One measurement in ``unit``, less being better; ``peer`` is None where nothing comparable exists."""
    theirs = "" if peer is None else f"{peer:.3g} {unit}"
    ratio = "" if peer is None else f"{peer / ours:.1f}x"
    print(_FORMAT.format(name, f"{ours:.3g} {unit}", theirs, ratio, target), flush=True)
