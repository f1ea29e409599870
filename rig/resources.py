"""Where the files under ``resources/`` are: in the checkout, or inside the installed package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent / "resources"
_ROOT = _CHECKOUT if _CHECKOUT.is_dir() else _PACKAGE / "_resources"


def resource(relative: str = "") -> Path:
    """The file or folder ``relative`` (with "/") of ``resources/``; raises FileNotFoundError where there is none."""
    path = _ROOT / relative
    if not path.exists():
        raise FileNotFoundError(f"resources/{relative} is missing from this installation")
    return path
