"""What a pump needs somebody for, as procedures: bolus, refill, new parts, alarms, tones, self-test.  Free of Qt."""

from dataclasses import dataclass
from datetime import UTC, datetime

from firmware_link import vocabulary
from firmware_link.errors import DeviceFault, UsageError
from programmer_gui.messages import Desk, Procedure
from rig import ledger
from rig.session import Command
from rig.therapy import compile as compiling
from rig.therapy import refill as rule
from rig.therapy import units
from rig.therapy.modes import Bolus

BOLUS, DEMAND, REFILL, BATTERY, TUBE, CLEAR, SILENCE, SELF_TEST, INTERROGATE = ALL = (
    "Bolus",
    "On-demand bolus",
    "Refill",
    "Battery replaced",
    "Tube replaced",
    "Clear alarms",
    "Silence",
    "Self-test",
    "Read the status",
)


@dataclass(frozen=True)
class RefillOrder:
    """What the operator did and said.  ``filled_before_nl`` is what the refill before left in the reservoir."""

    withdrawn_nl: int
    filled_nl: int
    concentration_ng_ml: int
    filled_before_nl: int
    evaluation: str = ""
    reason: str = ""  # for another concentration without a bridge
    lasts: str = ""  # until when it lasts, in words
    device_id: str = ""


@dataclass(frozen=True)
class Refilled:
    """What the pump confirmed, for its ledger, and the receipt."""

    refill: ledger.Refill
    receipt: tuple[tuple[str, str], ...]


def interrogate(desk: Desk) -> Procedure:
    """The pump's word on itself, afresh."""
    return (yield Command("get_status")).values


def give_bolus(desk: Desk, bolus: Bolus, concentration_ng_ml: int, reason: str) -> Procedure:
    """Gives ``bolus``; what it carries depends on the concentration."""
    values = {
        "volume_pl": compiling.bolus_volume_pl(bolus, concentration_ng_ml),
        "duration_ms": bolus.duration_ms,
        "after": vocabulary.AFTER.index(bolus.after),
    }
    yield Command("bolus", values)
    if reason:
        desk.note(f"Bolus beyond a soft limit, confirmed: {reason}")
    return (yield Command("get_status")).values


def demand(desk: Desk) -> Procedure:
    """Asks for an on-demand bolus; raises UsageError in words where it is too early for one."""
    try:
        yield Command("demand")
    except DeviceFault as fault:
        what = _too_early(fault)
        if not what:
            raise
        raise UsageError(what, "The pump gave nothing, and logged the request.") from fault
    return (yield Command("get_status")).values


def _too_early(fault: DeviceFault) -> str:
    wait = units.duration_text(fault.detail * 1000)
    if fault.name == "lockout":
        return f"Too early: {wait} of the lockout left."
    if fault.name == "daily_maximum":
        return f"All on-demand boluses of these 24 h are given; the next may be given in {wait}."
    if fault.name == "busy_bolus":
        return "Another bolus is being delivered."
    return ""


def refill(desk: Desk, order: RefillOrder) -> Procedure:
    """Tells the pump what was withdrawn and filled; once it has accepted, a virtual rig's reservoir holds that."""
    expected_nl = max(0, (yield Command("get_status")).values["reservoir_nl"])
    values = {
        "withdrawn_nl": order.withdrawn_nl,
        "filled_nl": order.filled_nl,
        "concentration_ng_ml": order.concentration_ng_ml,
    }
    yield Command("refill", values)
    desk.on_the_rig("fill_reservoir", order.filled_nl / 1e6)
    after = (yield Command("get_status")).values
    done = recorded(order, expected_nl, after["utc_s"] or desk.clock.utc_us() // 1_000_000)
    desk.note(refill_note(done))
    return done


def refill_note(done: Refilled) -> str:
    """What the recording says of it."""
    return "Refill: " + "; ".join(f"{title} {text}" for title, text in done.receipt)


def recorded(order: RefillOrder, expected_nl: int, utc_s: int) -> Refilled:
    """What is kept of a refill that the pump has taken."""
    done = ledger.Refill(
        utc_s=utc_s,
        expected_nl=expected_nl,
        withdrawn_nl=order.withdrawn_nl,
        delivered_nl=max(0, order.filled_before_nl - expected_nl),
        filled_nl=order.filled_nl,
        concentration_ng_ml=order.concentration_ng_ml,
        evaluation=ledger.one_line(order.evaluation),
        reason=ledger.one_line(order.reason),
    )
    return Refilled(done, _receipt(done, order))


def _receipt(done: ledger.Refill, order: RefillOrder) -> tuple[tuple[str, str], ...]:
    """(title, words) of what is kept about a refill."""
    found = rule.discrepancy(done.expected_nl, done.withdrawn_nl, done.delivered_nl)
    moment = datetime.fromtimestamp(done.utc_s, UTC).strftime("%Y-%m-%d %H:%M:%S")
    rows = [
        ("Recorded", f"{moment} UTC"),
        ("Pump", order.device_id),
        ("Expected", units.volume_text(done.expected_nl)),
        ("Withdrawn", units.volume_text(done.withdrawn_nl)),
        ("Discrepancy", difference_text(found)),
        ("Evaluation", done.evaluation),
        ("Filled", units.volume_text(done.filled_nl)),
        ("Concentration", units.concentration_text(done.concentration_ng_ml)),
        ("Without a bridge, because", done.reason),
        ("Reservoir low", order.lasts),
    ]
    return tuple((title, text) for title, text in rows if text)


def difference_text(found: rule.Discrepancy) -> str:
    """ "+3 mL, 60 % of what was delivered: to be evaluated" """
    if not found.difference_nl:
        return "none"
    sign = "+" if found.difference_nl > 0 else "−"
    text = f"{sign}{units.volume_text(abs(found.difference_nl))}"
    if found.permille is not None:
        text += f", {abs(found.permille) / 10:.0f} % of what was delivered"
    return f"{text}: {'to be evaluated' if found.to_evaluate else 'explained by the accuracy'}"


def battery_replaced(desk: Desk) -> Procedure:
    """Tells the pump that its battery is new; once it has accepted, a virtual rig has a full cell."""
    yield Command("battery_replaced")
    desk.on_the_rig("new_battery")
    return (yield Command("get_status")).values


def tube_replaced(desk: Desk) -> Procedure:
    """Tells the pump that its tube is new."""
    yield Command("tube_replaced")
    return (yield Command("get_status")).values


def clear_alarms(desk: Desk, bits: int) -> Procedure:
    """Clears the alarms ``bits``; those whose cause is still there come back."""
    yield Command("clear_alarms", {"alarms": bits})
    return (yield Command("get_status")).values


def silence(desk: Desk) -> Procedure:
    """No tone for a while; returns for how many seconds."""
    yield Command("silence")
    return (yield Command("get_status")).values["silence_left_s"]


def self_test(desk: Desk) -> Procedure:
    """Sounds each tone and tests what can be; returns the bits of vocabulary.SELF_TESTS that failed."""
    try:
        yield Command("self_test")
    except DeviceFault as fault:
        if fault.name != "self_test":
            raise
        return fault.detail or (yield Command("get_status")).values["self_test"]
    return (yield Command("get_status")).values["self_test"]
