"""The colours of the window, each with a name that says what it is for.  Free of Qt."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """One theme.  Every colour is "#rrggbb"; text on its surface has a contrast of at least 4.5 to 1."""

    name: str
    window: str  # behind everything
    surface: str  # cards, tables, fields
    raised: str  # the device bar, the rail, headers of tables
    hover: str
    border: str
    border_strong: str  # of fields and buttons
    text: str
    muted: str  # captions, units
    accent: str
    accent_text: str  # on accent
    accent_soft: str  # selection
    stop: str
    stop_hover: str
    stop_text: str
    good: str
    alarm_high: str  # IEC 60601-1-8: high red, medium yellow, low cyan
    alarm_high_soft: str
    alarm_medium: str
    alarm_medium_soft: str
    alarm_low: str
    alarm_low_soft: str
    broken: str  # of a test that couldn't be carried out
    grid: str
    plan: str  # the four series are also told apart by line style and by name
    delivered: str
    band: str
    flow: str
    pressure: str
    battery: str
    reservoir: str


LIGHT = Tokens(
    name="light",
    window="#eef0f3",
    surface="#ffffff",
    raised="#f7f8fa",
    hover="#e7eaef",
    border="#dadee5",
    border_strong="#b4bcc8",
    text="#171c24",
    muted="#566070",
    accent="#0b5fb0",
    accent_text="#ffffff",
    accent_soft="#dceafa",
    stop="#c22a21",
    stop_hover="#a8211a",
    stop_text="#ffffff",
    good="#1a7a49",
    alarm_high="#c22a21",
    alarm_high_soft="#fdeceb",
    alarm_medium="#8a6100",
    alarm_medium_soft="#fff4d1",
    alarm_low="#00707f",
    alarm_low_soft="#e0f5f8",
    broken="#6a3fb5",
    grid="#e6e9ee",
    plan="#566070",
    delivered="#0b5fb0",
    band="#cfe2f5",
    flow="#00776a",
    pressure="#a8470b",
    battery="#6a4fb0",
    reservoir="#0b5fb0",
)

DARK = Tokens(
    name="dark",
    window="#12151a",
    surface="#1a1e25",
    raised="#20252d",
    hover="#2a303a",
    border="#2d343f",
    border_strong="#4b5563",
    text="#e7eaf0",
    muted="#9aa5b5",
    accent="#62adf2",
    accent_text="#0b1118",
    accent_soft="#1d334b",
    stop="#d63a30",
    stop_hover="#e4544b",
    stop_text="#ffffff",
    good="#56c48a",
    alarm_high="#ff7b72",
    alarm_high_soft="#3a1b1b",
    alarm_medium="#f0c24a",
    alarm_medium_soft="#352b10",
    alarm_low="#4fcbdc",
    alarm_low_soft="#0f3038",
    broken="#c3a6ff",
    grid="#272d36",
    plan="#9aa5b5",
    delivered="#62adf2",
    band="#22384f",
    flow="#3fc1ae",
    pressure="#f0955a",
    battery="#b39cf0",
    reservoir="#62adf2",
)
