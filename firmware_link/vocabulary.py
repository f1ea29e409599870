"""The words on the wire: states, events, alarms, errors and settings, each a table.

Host and board import this same file, so it keeps to what MicroPython offers.  Words for people (titles,
remedies) stay on the host, in ``firmware_link.errors`` and the views.
"""

STATES = ("stopped", "running", "bolus", "minimum_rate")
STOPPED, RUNNING, BOLUS, MINIMUM_RATE = range(4)


def state_name(state: int) -> str:
    """Of STATES, or "state_9" where the other side knows more than this one."""
    return STATES[state] if state < len(STATES) else "state_%d" % state


WHICH = ("active", "staged")
ACTIVE, STAGED = range(2)

STOP_REASONS = ("operator", "update", "script", "alarm", "bolus_end", "link", "program")
AFTER = ("resume", "stop")  # what follows a bolus
AFTER_RESUME, AFTER_STOP = range(2)

OUTCOMES = ("unknown", "started", "done", "refused")
OUTCOME_UNKNOWN, OUTCOME_STARTED, OUTCOME_DONE, OUTCOME_REFUSED = range(4)

CAPABILITIES = ("balance", "pressure", "clock_backup", "virtual")  # bit 0, 1 …

INFO, LOW, MEDIUM, HIGH = range(4)
PRIORITIES = ("info", "low", "medium", "high")

# (priority, seconds between two tones while an alarm of it stands); informational ones have none
TONES = ((HIGH, 600), (MEDIUM, 1800), (LOW, 3600))
SILENCE_S = 600  # so long a silence lasts

SENSORS = ("rotor", "pressure", "balance", "battery", "temperature")  # bit 0, 1 …

SELF_TESTS = ("memory", "program", "sensors", "control")  # bit 0, 1 …

UNCHANGED, TO_MINIMUM_RATE, TO_STOP = range(3)
ACTIONS = ("unchanged", "minimum rate", "stopped")

# (bit, name, priority, pump action, latching: stays until somebody clears it)
ALARMS = (
    (0, "low_reservoir", LOW, UNCHANGED, False),
    (1, "empty_reservoir", HIGH, TO_STOP, False),
    (2, "battery_eri", LOW, UNCHANGED, False),
    (3, "battery_eos", HIGH, TO_STOP, False),
    (4, "motor_stall", HIGH, TO_STOP, True),
    (5, "occlusion", HIGH, TO_STOP, True),
    (6, "stopped_long", HIGH, UNCHANGED, False),
    (7, "memory_corrected", LOW, UNCHANGED, True),
    (8, "memory_error", HIGH, TO_MINIMUM_RATE, True),
    (9, "safe_state_reset", HIGH, TO_MINIMUM_RATE, True),
    (10, "start_stop_cycling", HIGH, TO_STOP, True),
    (11, "tube_service", LOW, UNCHANGED, False),
    (12, "free_flow", HIGH, TO_STOP, True),
    (13, "stopped_reminder", LOW, UNCHANGED, False),
    (14, "no_flow", HIGH, TO_STOP, True),
    (15, "flow_tolerance", MEDIUM, UNCHANGED, False),
    (16, "sensor_fault", MEDIUM, UNCHANGED, False),
)
ALARM_BITS = {name: bit for bit, name, _, _, _ in ALARMS}

# (kind, name, priority, what `value` is)
EVENTS = (
    (1, "boot", INFO, "reset cause"),
    (2, "clock_set", INFO, "off time, s, -1 unknown"),
    (3, "config_changed", INFO, "setting"),
    (4, "program_committed", INFO, "low 31 bits of the digest"),
    (5, "started", INFO, "state"),
    (6, "stopped", INFO, "reason"),
    (7, "bolus_started", INFO, "volume, nl"),
    (8, "bolus_ended", INFO, "delivered, nl"),
    (9, "bolus_cut_short", LOW, "delivered, nl"),
    (10, "refilled", INFO, "filled, nl"),
    (11, "refill_discrepancy", MEDIUM, "expected minus withdrawn, nl"),
    (12, "battery_replaced", INFO, "voltage before, mV"),
    (13, "prelude_ended", INFO, ""),
    (14, "events_lost", MEDIUM, "how many"),
    (15, "command_refused", LOW, "error code"),
    (16, "session_opened", INFO, "low 31 bits of the session"),
    (17, "minimum_rate", MEDIUM, "alarm bit"),
    (19, "alarms_cleared", INFO, "bits"),
    (20, "bolus_duration", INFO, "ms"),  # just before its bolus_started, at the same moment
    (21, "demand_granted", INFO, "granted in 24 h"),  # just before its bolus_duration, at the same moment
    (22, "demand_refused", LOW, "s until it may, -1 unknown"),
    (23, "silenced", INFO, "bits"),
    (24, "silence_ended", INFO, "s"),
    (25, "tone", INFO, "alarm bit"),  # the first of each alarm; the others are counted
    (26, "tones_ended", INFO, "repeats"),
    (27, "self_test_passed", INFO, "self-tests"),
    (28, "self_test_failed", HIGH, "self-tests"),
    (29, "tube_replaced", INFO, "compressions"),
    (30, "refill_suspect", MEDIUM, "difference after filling, nl"),
    (31, "stall_recovered", INFO, "steps lost"),  # the rotor follows again, since it occurred
) + tuple(
    # Each alarm is two entries: raised, and over.  `value` is what was sensed, in the sensor's unit.
    row
    for bit, name, priority, _, _ in ALARMS
    for row in ((64 + 2 * bit, name, priority, "sensed"), (65 + 2 * bit, name + "_over", INFO, "sensed"))
)
EVENT_KINDS = {name: kind for kind, name, _, _ in EVENTS}
EVENT_NAMES = {kind: name for kind, name, _, _ in EVENTS}
EVENT_PRIORITIES = {kind: priority for kind, _, priority, _ in EVENTS}

# (code, name); the host adds text and remedy
ERRORS = (
    (1, "stale"),
    (2, "wrong_session"),
    (3, "malformed"),
    (4, "out_of_range"),
    (5, "no_program"),
    (6, "not_staged"),
    (7, "digest_mismatch"),
    (8, "too_fast"),
    (9, "too_large"),
    (10, "busy_bolus"),
    (11, "alarm_active"),
    (12, "clock_unset"),
    (13, "not_running"),
    (14, "reservoir_too_low"),
    (15, "storage"),
    (16, "unknown_command"),
    (17, "version"),
    (18, "not_stopped"),
    (19, "lockout"),
    (20, "daily_maximum"),
    (21, "no_demand"),
    (22, "self_test"),
)
ERROR_CODES = {name: code for code, name in ERRORS}
ERROR_NAMES = {code: name for code, name in ERRORS}

# (key, name, smallest, largest, default)
SETTINGS = (
    (1, "sample_interval_ms", 20, 3_600_000, 100),
    (2, "revolution_pl", 100_000, 2_000_000_000, 19_438_991),  # 0.51 mm tube, six rollers
    (3, "steps_per_revolution", 200, 102_400, 3200),
    (4, "rollers", 2, 24, 6),
    (5, "reservoir_nl", 1_000_000, 100_000_000, 20_000_000),
    (6, "low_reservoir_nl", 0, 50_000_000, 2_000_000),
    (7, "occlusion_pa", 10_000, 300_000, 69_000),
    (8, "minimum_flow_pl_s", 0, 10_000, 69),  # 0.006 mL/day
    (9, "maximum_flow_pl_s", 1, 20_000_000, 277_778),  # 24 mL/day
    (10, "maximum_bolus_flow_pl_s", 1, 20_000_000, 8_333_333),  # 0.5 mL/min
    (11, "eri_permille", 0, 500, 80),
    (12, "eri_mv", 2000, 4000, 3300),
    (13, "eos_mv", 1500, 4000, 2800),
    (14, "eos_days", 1, 365, 90),
    (15, "stopped_alarm_h", 1, 720, 48),
    (16, "concentration_ng_ml", 0, 4_000_000_000, 500_000),
    (17, "reminder_min", 0, 10_080, 60),  # while stopped; 0 for none
    (18, "tube_life_compressions", 1000, 100_000_000, 200_000),
    (19, "refill_watch_nl", 0, 10_000_000, 1_000_000),  # 0: don't watch
    (20, "tolerance_permille", 0, 1000, 145),  # 0: don't judge
    (21, "balance_uncertainty_nl", 100, 10_000_000, 5000),  # what it may be off over a window
    (22, "evaporation_nl_day", 0, 10_000_000, 2400),
    (23, "battery_life_days", 1, 7305, 2557),  # at that age it is at its end
)
SETTING_KEYS = {row[1]: row[0] for row in SETTINGS}

# What a program may ask for.
MAX_SEGMENTS = 256
MAX_DEMANDS_DAY = 24
MAX_LOCKOUT_S = 86_400

#: Everything that both sides must agree on beside the messages.
TABLES = (
    STATES,
    WHICH,
    STOP_REASONS,
    AFTER,
    OUTCOMES,
    CAPABILITIES,
    PRIORITIES,
    TONES,
    SILENCE_S,
    SENSORS,
    SELF_TESTS,
    ACTIONS,
    ALARMS,
    EVENTS,
    ERRORS,
    SETTINGS,
    MAX_SEGMENTS,
    MAX_DEMANDS_DAY,
    MAX_LOCKOUT_S,
)
