"""The verdict on what a script expects, by what has come in of the run and nothing else: the same live, and of a
recording.

A value within its uncertainty of a limit is inconclusive.  Arithmetic is in ``rig.accuracy``.
"""

from rig.qa import judge_events, judge_fields, judge_flow
from rig.qa.expectations import (
    Expectation,
    ExpectEvent,
    ExpectField,
    ExpectFlow,
    ExpectNoEvent,
    ExpectVolume,
)
from rig.qa.judge_moments import JudgeContext as JudgeContext
from rig.qa.judge_moments import patience_ms as patience_ms
from rig.qa.judge_moments import stretch_of as stretch_of
from rig.qa.material import Material
from rig.qa.told import Judged, Stretch


def judge(body: Expectation, material: Material, stretch: Stretch, final: bool, context: JudgeContext) -> Judged | None:
    """How ``body`` ended over ``stretch`` (``stretch_of``); None while that isn't certain, unless ``final``."""
    match body:
        case ExpectVolume():
            return judge_flow.volume(body, material, stretch, context)
        case ExpectFlow():
            return judge_flow.flow(body, material, stretch, context)
        case ExpectEvent():
            return judge_events.event(body, material, stretch, final, context)
        case ExpectNoEvent():
            return judge_events.no_event(body, material, stretch, final, context)
        case ExpectField():
            return judge_fields.field(body, material, stretch, final)
    raise NotImplementedError(type(body).__name__)
