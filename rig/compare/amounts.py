"""Amounts and moments of a comparison in words."""

import math

MINUS = "\u2212"
NONE = "–"
_IN_ML = 10_000  # µL


def amount_text(value: float | None, unit: str = "", signed: bool = False, digits: int = 5) -> str:
    """ "19.6 mL/day", "−0.4 mL/day", "+2 %", to so many significant ``digits``; "–" for None and NaN."""
    if value is None or math.isnan(value):
        return NONE
    if unit == "µL" and abs(value) >= _IN_ML:
        value, unit = value / 1000, "mL"
    text = f"{abs(value):.{digits}g}"
    if "e" in text:
        text = f"{abs(value):.0f}" if abs(value) >= 1 else f"{abs(value):.9f}".rstrip("0").rstrip(".")
    nothing = not any(digit in text for digit in "123456789")
    sign = "" if nothing else MINUS if value < 0 else "+" if signed else ""
    return f"{sign}{'0' if nothing else text} {unit}".rstrip()


def difference_text(size: float, unit: str, golden: float) -> str:
    """ "−0.4 mL/day (−2 %)": the share where it says something, up to ten times as much."""
    if not size:
        return ""
    rate = f" ({amount_text(100 * size / abs(golden), '%', True, 3)})" if abs(size) <= 10 * abs(golden) else ""
    return amount_text(size, unit, True, 4) + rate


def share_text(share: float) -> str:
    """ "90 %" of 0.9, and never more whole than it is: 99.996 % is "99.99 %"."""
    percent = math.floor(share * 10_000 + 1e-6) / 100
    return f"{percent:.10g} %"


def moment_text(seconds: float) -> str:
    """ "0:12:31", "1 d 4:00:05", "−0:00:02.5": from aligned second 0, to a tenth."""
    tenths = round(abs(seconds) * 10)
    whole, tenth = divmod(tenths, 10)
    days, rest = divmod(whole, 86_400)
    text = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}" + (f".{tenth}" if tenth else "")
    return (MINUS if seconds < 0 and tenths else "") + (f"{days} d {text}" if days else text)


def span_text(seconds: float) -> str:
    """ "2 s", "0.3 s", "12 min 5 s", "3 h 20 min", "2 d 4 h"."""
    size = abs(seconds)
    if size < 60:
        text = f"{size:.3g} s"
    else:
        left = round(size)
        parts = []
        for name, unit in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
            count, left = divmod(left, unit)
            if count:
                parts.append(f"{count} {name}")
        text = " ".join(parts[:2])
    return MINUS + text if seconds < 0 and not text.startswith("0 ") else text
