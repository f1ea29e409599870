"""What a value isn't known to, part by part, and the verdict on it (domain.md section 4)."""

from rig.measured import Verdict

#: (what it comes from, by how much the value may be off for it): the parts add up, which is never too little.
Budget = tuple[tuple[str, float], ...]


def total(budget: Budget) -> float:
    """By how much the value may be off in all."""
    return sum((amount for _, amount in budget), 0.0)


def joined(*budgets: Budget) -> Budget:
    """One of several; parts of one name are one, and what is nothing is left out."""
    parts: dict[str, float] = {}
    for name, amount in (part for budget in budgets for part in budget):
        parts[name] = parts.get(name, 0.0) + amount
    return tuple((name, amount) for name, amount in parts.items() if amount)


def scaled(budget: Budget, by: float) -> Budget:
    """In another unit; ``by`` is taken without its sign."""
    return tuple((name, amount * abs(by)) for name, amount in budget)


def verdict(value: float, uncertainty: float, low: float | None, high: float | None) -> Verdict:
    """Of what should be from ``low`` to ``high``, ends included, None for no limit: "pass" and "fail" hold wherever
    within ``uncertainty`` (0 or more) the truth is; else nobody can say."""
    low = float("-inf") if low is None else low
    high = float("inf") if high is None else high
    if value + uncertainty < low or value - uncertainty > high:
        return "fail"
    return "pass" if low <= value - uncertainty and value + uncertainty <= high else "inconclusive"
