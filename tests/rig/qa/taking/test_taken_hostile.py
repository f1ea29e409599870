"""A recording may be anybody's: whatever its frames and strikes say, there are steps or none, and no traceback."""

from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link import wire
from rig.qa.taking.recorded_script import session_of
from rig.qa.taking.recorder import draft
from rig.qa.taking.taken import Taken
from rig.session import Batch, ControlFrame
from rig.truth import Strike
from tests.rig.recording.make import DEVICE, UTC_US, event, samples

_NAMES = ("bolus", "set_config", "clear_alarms", "refill", "stop", "stage_begin", "commit", "ok", "refused", "outcome")
_SIZES = {"B": 8, "H": 16, "h": 15, "I": 32, "i": 31, "Q": 64, "q": 63}


@st.composite
def payloads(draw: st.DrawFn) -> tuple[str, bytes]:
    """A message of the table with any numbers in it, or no message at all."""
    if draw(st.booleans()):
        return "bolus", draw(st.binary(max_size=60))
    layout = wire.BY_NAME[draw(st.sampled_from(_NAMES))]
    head = [draw(st.integers(0, 2 ** _SIZES[code] - 1)) for code in layout.head[1:]]
    records = []
    if layout.record_fields:
        row = st.tuples(*(st.integers(0, 2 ** _SIZES[code] - 1) for code in layout.record[1:]))
        records = draw(st.lists(row, max_size=3))
    return layout.name, wire.pack_payload(layout.name, draw(st.integers(0, 3)), head, records)


_FRAMES = st.lists(st.tuples(st.booleans(), payloads()), max_size=12)
_STRIKES = st.lists(
    st.tuples(st.sampled_from(["occlusion", "unplug", "fill_reservoir", "nonsense", "press_button"]), st.booleans(),
              st.none() | st.floats(allow_nan=True)),
    max_size=6,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(_FRAMES, _STRIKES)
def test_any_frames_and_strikes_become_steps_or_nothing(frames, strikes) -> None:
    taken = Taken(UTC_US, DEVICE, True, "sim:", end_us=UTC_US + 60_000_000)
    taken.add(Batch(samples=samples(0, 300), events=(event(1, "occlusion", 70_000, UTC_US + 20_000_000),)))
    taken.add(
        Batch(
            frames=tuple(
                ControlFrame(UTC_US + at * 3_000_000, outgoing, name, at % 4, payload)
                for at, (outgoing, (name, payload)) in enumerate(frames)
            ),
            strikes=tuple(
                Strike(UTC_US + at * 5_000_000, what, begins, amount)
                for at, (what, begins, amount) in enumerate(strikes)
            ),
        )
    )
    assert len(session_of(taken).draft.steps) == len(draft(taken).steps)
