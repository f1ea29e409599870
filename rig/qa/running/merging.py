"""Batches that came one after the other, as one."""

from collections.abc import Sequence
from itertools import chain

from rig.rows import joined
from rig.session import Batch


def merged(batches: Sequence[Batch]) -> Batch:
    """Of at least one batch: samples, events, gaps, links, control messages and weighings of all, and the latest
    status."""
    if len(batches) == 1:
        return batches[0]
    return Batch(
        samples=joined([batch.samples for batch in batches]),
        events=tuple(chain.from_iterable(batch.events for batch in batches)),
        links=tuple(chain.from_iterable(batch.links for batch in batches)),
        gaps=tuple(chain.from_iterable(batch.gaps for batch in batches)),
        frames=tuple(chain.from_iterable(batch.frames for batch in batches)),
        status=next((batch.status for batch in reversed(batches) if batch.status is not None), None),
        weighings=joined([batch.weighings for batch in batches]),
    )
