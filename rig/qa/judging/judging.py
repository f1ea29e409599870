"""The verdict on what a script expects, by what has come in of the run and nothing else: the same live, and of a
recording.

A value within its uncertainty of a limit is inconclusive.  Arithmetic is in ``rig.accuracy``.
"""

from rig.measured import Measurement
from rig.qa.deeds import Ask, Blank, Deed, Wait, WaitEvent, WaitField, Waiting
from rig.qa.expectations import (
    ExpectAccuracy,
    Expectation,
    ExpectBackPressure,
    ExpectBoluses,
    ExpectEvent,
    ExpectField,
    ExpectFlow,
    ExpectGolden,
    ExpectNoEvent,
    ExpectOcclusion,
    ExpectVolume,
)
from rig.qa.judging import (
    judge_accuracy,
    judge_boluses,
    judge_events,
    judge_fields,
    judge_flow,
    judge_measured,
    judge_occlusion,
    judge_pressure,
    judge_volumes,
)
from rig.qa.judging.judge_blank import blank_ug_s as blank_ug_s
from rig.qa.judging.judge_live import curves_so_far as curves_so_far
from rig.qa.judging.judge_moments import JudgeContext as JudgeContext
from rig.qa.judging.judge_moments import patience_ms as patience_ms
from rig.qa.judging.judge_moments import stretch_of as stretch_of
from rig.qa.judging.material import Material
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
        case ExpectAccuracy():
            return judge_accuracy.accuracy(body, material, stretch, context)
        case ExpectBoluses():
            return judge_boluses.boluses(body, material, stretch)
        case ExpectOcclusion():
            return judge_occlusion.occlusion(body, material, stretch)
        case ExpectBackPressure():
            return judge_pressure.back_pressure(body, material)
        case ExpectGolden():
            if context.golden is None:
                return judge_measured.nothing("there is no recording to lay beside the golden one.")
            return context.golden(body)


def so_far(body: Deed | Waiting | Expectation | Ask, material: Material, stretch: Stretch) -> tuple[Measurement, ...]:
    """What can be said while ``body`` goes on, from its begin until now; nothing hangs on it, and it is quick."""
    match body:
        case WaitField() | ExpectField():
            return judge_fields.so_far(body, material)
        case Wait() | WaitEvent() | Blank() | ExpectEvent() | ExpectNoEvent():
            return judge_flow.so_far(judge_volumes.of_stretch(material, stretch, ends=True))
    return ()
