"""The refill rule: does what was withdrawn agree with what the pump says it delivered?  Pure."""

from dataclasses import dataclass

from rig.therapy import units

ALWAYS_EVALUATE_NL = 2_000_000
ACCURACY_PERMILLE = 145  # of the imitated pump


@dataclass(frozen=True)
class Discrepancy:
    """Expected minus withdrawn; positive where the pump delivered more than it said."""

    difference_nl: int
    allowed_nl: int
    to_evaluate: bool
    sentence: str


def discrepancy(
    expected_nl: int, withdrawn_nl: int, delivered_nl: int, accuracy_permille: int = ACCURACY_PERMILLE
) -> Discrepancy:
    """Judges a refill.  ``delivered_nl`` since the last one sets how far the pump's accuracy explains a difference."""
    difference_nl = expected_nl - withdrawn_nl
    allowed_nl = min(ALWAYS_EVALUATE_NL, max(0, delivered_nl) * accuracy_permille // 1000)
    to_evaluate = abs(difference_nl) > allowed_nl
    more_or_less = "more" if difference_nl > 0 else "less"
    amount, allowed = units.volume_text(abs(difference_nl)), units.volume_text(allowed_nl)
    if not difference_nl:
        sentence = "Exactly as expected."
    elif to_evaluate:
        sentence = (
            f"It delivered {amount} {more_or_less} than it counted; {allowed} would be explained. To be evaluated."
        )
    else:
        sentence = (
            f"It delivered {amount} {more_or_less} than it counted, within the {allowed} that its accuracy explains."
        )
    return Discrepancy(difference_nl, allowed_nl, to_evaluate, sentence)
