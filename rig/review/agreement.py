"""How far two judges of the same runs agree: per cent with its interval, and Cohen's kappa, from exact counts.

Kappa: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46.  Interval: Clopper-Pearson, 95 %
(domain.md, sections 1 and 6).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

SMALL = 30  # fewer runs than that get a note (domain.md section 1)
_TAIL = 0.025
_HALVINGS = 60


@dataclass(frozen=True)
class Agreement:
    """Of ``n`` runs that both judged, ``same`` alike.  ``counts`` are ((one's verdict, the other's), how many)."""

    n: int
    same: int
    counts: tuple[tuple[tuple[str, str], int], ...]
    kappa: Fraction | None  # exact; None where chance alone would agree always, or there is no run

    @property
    def percent(self) -> float | None:
        """None without a run."""
        return 100 * self.same / self.n if self.n else None

    @property
    def interval_percent(self) -> tuple[float, float]:
        """The exact 95 % interval of ``percent``; all of it without a run."""
        low, high = interval(self.same, self.n)
        return 100 * low, 100 * high

    @property
    def small(self) -> bool:
        """Whether there are so few runs that the numbers say little."""
        return self.n < SMALL


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Of (one's verdict, the other's) for each run that both have judged."""
    counts = Counter(pairs)
    n = sum(counts.values())
    same = sum(many for (one, other), many in counts.items() if one == other)
    return Agreement(n, same, tuple(sorted(counts.items())), _kappa(counts, n, same))


def _kappa(counts: Counter[tuple[str, str]], n: int, same: int) -> Fraction | None:
    if not n:
        return None
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), many in counts.items():
        first[one] += many
        second[other] += many
    by_chance = Fraction(sum(first[word] * second[word] for word in first), n * n)
    return None if by_chance == 1 else (Fraction(same, n) - by_chance) / (1 - by_chance)


def interval(successes: int, n: int) -> tuple[float, float]:
    """The exact (Clopper-Pearson) 95 % interval of a share, 0 to 1."""
    if not n:
        return 0.0, 1.0
    low = 0.0 if successes == 0 else _where(lambda p: 1 - _at_most(successes - 1, n, p), _TAIL, rising=True)
    high = 1.0 if successes == n else _where(lambda p: _at_most(successes, n, p), _TAIL, rising=False)
    return low, high


def _at_most(k: int, n: int, p: float) -> float:
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def _where(of: Callable[[float], float], level: float, rising: bool) -> float:
    """The p from 0 to 1 at which ``of``, which rises or falls, reaches ``level``."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (of(middle) < level) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
