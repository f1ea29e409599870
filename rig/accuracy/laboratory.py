"""What a laboratory balance that shows 0.1 mg may be off on the difference of two of its readings."""


def parts_ug(span_s: float, warmer_c: float) -> tuple[tuple[str, float], ...]:
    """What for, and by how much."""
    return ("readability", 100.0), ("repeatability", 283.0), ("drift", 100.0 * abs(warmer_c) + span_s / 36)
