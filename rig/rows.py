"""Rows of one kind that came in parts, as one array."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def joined(parts: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    """(n,) rows of at least one part, all of one dtype, after each other; not to be written to.

    As bytes: numpy would compare the dtypes of all parts, and go through the rows field by field.
    """
    return parts[0] if len(parts) == 1 else np.frombuffer(b"".join(part.tobytes() for part in parts), parts[0].dtype)
