"""The messages of the wire: one table that both sides import; ``firmware_link.wire`` makes frames of it.

Host and board import this same file, so it keeps to what MicroPython offers.  A message has a fixed head and as many
records of one fixed layout as fit.  ``hello`` and the first two fields of ``welcome`` never change, so that two
versions that differ can still say so.
"""

# (field, struct code) of one telemetry row, in order.
SAMPLE = (
    ("t_offset_us", "I"),  # since t_us of the block
    ("commanded_nl", "q"),  # since the pump was made
    ("measured_nl", "q"),  # by the balance, since it was tared; wire.MISSING without one
    ("flow_pl_s", "i"),  # commanded now
    ("pressure_pa", "i"),
    ("reservoir_nl", "i"),  # by integration
    ("battery_mv", "H"),
    ("charge_permille", "H"),
    ("temperature_cc", "h"),  # hundredths of a degree Celsius
    ("state", "B"),  # vocabulary.STATES
    ("flags", "B"),  # bit 0: the clock is set
    ("alarms", "I"),  # bits of vocabulary.ALARMS
)

# (field, struct code) of one event, in order.  With a CRC-32 behind it this is also the record in flash.
EVENT = (
    ("number", "I"),  # 1, 2, 3 … without gaps over the pump's life
    ("kind", "B"),  # vocabulary.EVENTS
    ("repeats", "B"),  # how often it came again before it was read; 255 means "or more"
    ("boot", "H"),  # which boot's microseconds the times are
    ("occurred_us", "Q"),
    ("detected_after_ms", "I"),
    ("value", "i"),  # its meaning and unit stand in vocabulary.EVENTS
    ("utc_s", "I"),  # 0 while the clock is unset
)

SEGMENT = (("volume_pl", "Q"), ("duration_ms", "I"))
PROGRAM_HEAD = (
    ("anchor_utc_s", "I"),  # a moment at which the cycle begins
    ("utc_offset_min", "h"),
    ("prelude_count", "H"),
    ("cycle_count", "H"),
    ("demand_pl", "Q"),  # volume of an on-demand bolus; 0 for none, and then the next three are 0 too
    ("demand_ms", "I"),  # its duration
    ("demand_lockout_s", "I"),  # from the begin of one to the begin of the next, at least
    ("demand_per_day", "B"),  # at most so many in any 24 h
    ("reminder_min", "H"),  # while stopped, remind so often; 0: as the setting says
)
_NONE = ()
_SESSION = (("session", "I"),)
_COMMAND = _SESSION + (("command_id", "Q"),)  # commands that must not act twice

# (id, name, fields of the head, fields of the repeated record)
MESSAGES = (
    # host to pump
    (1, "hello", (("protocol", "H"), ("table_crc", "I"), ("session", "I")), _NONE),
    (2, "get_status", _SESSION, _NONE),
    (3, "set_clock", _SESSION + (("utc_s", "I"), ("utc_offset_min", "h")), _NONE),
    (4, "get_config", _SESSION, _NONE),
    (5, "set_config", _SESSION, (("key", "B"), ("value", "q"))),  # all or none
    (6, "stage_begin", _SESSION + PROGRAM_HEAD, _NONE),
    (7, "stage_chunk", _SESSION + (("offset", "H"),), SEGMENT),
    (8, "read_program", _SESSION + (("which", "B"), ("offset", "H")), _NONE),  # vocabulary.WHICH
    (9, "commit", _COMMAND + (("digest", "Q"),), _NONE),
    (10, "start", _SESSION, _NONE),
    (11, "stop", _SESSION + (("reason", "B"),), _NONE),  # vocabulary.STOP_REASONS
    (12, "bolus", _COMMAND + (("volume_pl", "Q"), ("duration_ms", "I"), ("after", "B")), _NONE),  # vocabulary.AFTER
    (
        13,
        "refill",
        _COMMAND + (("withdrawn_nl", "I"), ("filled_nl", "I"), ("concentration_ng_ml", "I")),
        _NONE,
    ),
    (14, "battery_replaced", _COMMAND, _NONE),
    (15, "get_events", _SESSION + (("first", "I"),), _NONE),  # send on from this number
    (16, "ack_events", _SESSION + (("last", "I"),), _NONE),  # the host has all up to and with it
    (17, "get_outcome", _COMMAND, _NONE),
    (18, "clear_alarms", _SESSION + (("alarms", "I"),), _NONE),
    (19, "demand", _COMMAND, _NONE),  # an on-demand bolus, as a press of the pump's own button asks for it
    (20, "silence", _SESSION, _NONE),  # no tone for vocabulary.SILENCE_S, or until the link drops
    (21, "self_test", _SESSION, _NONE),  # sounds each tone and tests vocabulary.SELF_TESTS
    (22, "tube_replaced", _COMMAND, _NONE),
    # pump to host
    (
        64,
        "welcome",
        (
            ("protocol", "H"),
            ("table_crc", "I"),
            ("session", "I"),
            ("device_id", "Q"),
            ("firmware_version", "I"),  # major << 16 | minor << 8 | patch
            ("capabilities", "I"),  # bits of vocabulary.CAPABILITIES
            ("boot_count", "I"),
            ("t_us", "Q"),
            ("utc_s", "I"),
            ("utc_offset_min", "h"),
            ("clock_set", "B"),
        ),
        _NONE,
    ),
    (65, "ok", _SESSION, _NONE),
    (66, "refused", _SESSION + (("code", "B"), ("detail", "q")), _NONE),  # vocabulary.ERRORS
    (
        67,
        "status",
        _SESSION
        + (
            ("t_us", "Q"),
            ("utc_s", "I"),
            ("clock_set", "B"),
            ("state", "B"),
            ("alarms", "I"),
            ("commanded_pl", "Q"),
            ("reservoir_nl", "i"),
            ("battery_mv", "H"),
            ("charge_permille", "H"),
            ("digest", "Q"),  # of the active program; 0 for none
            ("program_start_us", "Q"),  # when its prelude began, this boot; 0 while not begun
            ("bolus_left_ms", "I"),
            ("first_event", "I"),  # oldest kept
            ("last_event", "I"),
            ("acked_event", "I"),
            ("anchor_us", "q"),  # when the cycle's anchor was or will be, in t_us; 0 while the clock is unset
            ("demands_day", "B"),  # on-demand boluses granted in the last 24 h
            ("demand_wait_s", "I"),  # until another may be given; 0 for now, or where time won't help
            ("silence_left_s", "H"),
            ("tones", "I"),  # sounded since this boot, repeats included
            ("tube_permille", "H"),  # of the tube's life that is used
            ("self_test", "H"),  # bits of vocabulary.SELF_TESTS that failed last
        ),
        _NONE,
    ),
    (68, "config", _SESSION, (("key", "B"), ("value", "q"))),
    (
        69,
        "program",
        _SESSION + (("which", "B"), ("digest", "Q"), ("offset", "H")) + PROGRAM_HEAD,
        SEGMENT,
    ),
    (70, "telemetry", (("first_index", "I"), ("t_us", "Q")), SAMPLE),
    (71, "events", (("last_event", "I"),), EVENT),
    (72, "outcome", _COMMAND + (("state", "B"), ("code", "B")), _NONE),  # vocabulary.OUTCOMES, ERRORS
    (73, "trace", (("t_us", "Q"), ("text", "96s")), _NONE),  # what the firmware has to say of itself
)
