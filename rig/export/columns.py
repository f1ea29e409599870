"""What an export says: its tables and their columns, each with its unit in its name.

The three formats follow from this one table.  A column is an expression over the fields of a block of rows, which
``rig.export.blocks`` makes; that of a quantity is the whole number of the run file times an exact fraction, so that
CSV, Parquet and MCAP show the same number, correctly rounded.
"""

from dataclasses import dataclass
from fractions import Fraction

from firmware_link import wire
from firmware_link.telemetry import CHANNELS, Channel
from firmware_link.vocabulary import ALARMS, EVENTS, PRIORITIES, STATES
from rig.words import HOST_VALUES

# The kinds of a column, by what MCAP's JSON schemas call them; a moment is microseconds of UTC within a block.
MOMENT, TEXT, NUMBER, INTEGER, BOOLEAN = "moment", "string", "number", "integer", "boolean"


@dataclass(frozen=True)
class Column:
    """One column of an export."""

    name: str
    kind: str
    sql: str  # over the fields of a block
    says: str  # for people


@dataclass(frozen=True)
class Table:
    """One table of an export, its rows in order of the recording."""

    name: str
    says: str
    columns: tuple[Column, ...]


_PARTS_OF_NAME = (("µ", "u"), ("/", "_"), ("%", "percent"), ("°", ""), (" ", "_"))


def column_name(channel: Channel) -> str:
    """What a channel is called in an export: "Flow" in "mL/day" is flow_ml_day."""
    name = f"{channel.title} {channel.unit}"
    for piece, instead in _PARTS_OF_NAME:
        name = name.replace(piece, instead)
    return name.lower()


#: Column of an export -> the channel that it shows.
CHANNEL_OF = {column_name(channel): channel for channel in CHANNELS}


_NOTED = {
    "commanded_nl": ": the pump's own counter, which may begin lower after a restart",
    "measured_nl": ": what the balance holds, which goes back where its cup is emptied",
}


def _quantity(channel: Channel) -> Column:
    scale = Fraction(channel.scale).limit_denominator(10**9)
    raw = f"CAST(nullif({channel.field}, {wire.MISSING}) AS DOUBLE)"
    says = f"{channel.title}, {channel.unit}{_NOTED.get(channel.field, '')}"
    return Column(column_name(channel), NUMBER, f"{raw} * {scale.numerator} / {scale.denominator}", says)


def _word(field: str, words: dict[int, str], other: str) -> str:
    cases = " ".join(f"WHEN {number} THEN '{word}'" for number, word in words.items())
    return f"CASE {field} {cases} ELSE {other} END"


_ALARM_WORDS = ", ".join(f"CASE WHEN (alarms >> {bit}) & 1 = 1 THEN '{name}' END" for bit, name, *_ in ALARMS)
_STATE = _word("state", dict(enumerate(STATES)), "'state_' || state")
_TIME = Column("time", MOMENT, "at_us", "When, on the run's axis: the pump's time set on UTC once a boot")
_SINCE = "CASE WHEN moment(at_us) IS NOT NULL THEN (CAST(at_us AS HUGEINT) - zero_us) / 1000000 END"
_ELAPSED = Column("elapsed_s", NUMBER, _SINCE, "Since the run's first sample, s")
TIMES = (_TIME, _ELAPSED)
RUN = "run"  # the column of a dataset that says which run
#: All that is known of lost time: when it began, and in which run.
OF_LOST_TIME = (*(column.name for column in TIMES), RUN)
_HOST_TIME = Column("host_time", MOMENT, "host_us", "When it reached the computer")
_BY_HOST = Column("time", MOMENT, "at_us", "When, by the computer's clock")
_PLACE = (
    Column("boot", INTEGER, "boot", "Which boot of the pump, counted from 1"),
    Column("sample_index", INTEGER, '"index"', "Counts the samples of one boot; a jump is lost time"),
    Column("device_time_us", INTEGER, "t_us", "The pump's own microseconds of that boot"),
)
_AFTER = (
    Column("state", TEXT, _STATE, "What the pump did"),
    Column("clock_set", BOOLEAN, "flags & 1 = 1", "Whether the pump's clock was set"),
    Column("alarms", TEXT, f"CASE alarms WHEN 0 THEN '' ELSE concat_ws(' ', {_ALARM_WORDS}) END", "Alarms in force"),
)


def samples_table(channels: tuple[str, ...] = ()) -> Table:
    """The samples, with the channels of these fields, or with all."""
    wanted = [_quantity(channel) for channel in CHANNELS if not channels or channel.field in channels]
    says = "The samples; a row that has only times stands for lost time, of which nothing is known"
    return Table("samples", says, (*TIMES, _HOST_TIME, *_PLACE, *wanted, *_AFTER))


_EVENT_VALUES = {name: what for _, name, _, what in EVENTS} | HOST_VALUES
_EVENT_WORDS = " ".join(f"WHEN '{name}' THEN '{what}'" for name, what in _EVENT_VALUES.items() if what)
_DETECTED = Column("time", MOMENT, "at_us", "When the pump noticed it, on the run's axis")
_OCCURRED = Column("occurred_time", MOMENT, "occurred_at_us", "When it happened, on the run's axis")


def _plain(name: str, kind: str, says: str, field: str = "") -> Column:
    return Column(name, kind, f'"{field or name}"', says)


_LINK_COUNTS = (
    ("bytes_in", "Received, bytes"),
    ("bytes_out", "Sent, bytes"),
    ("frames_in", "Good frames"),
    ("frames_bad", "Bad frames"),
    ("bytes_dropped", "Dropped, bytes"),
    ("resends", "Commands sent again"),
    ("reconnects", "Times the link came back"),
    ("round_trip_us", "The latest command's round trip, µs"),
)

_OF_CASE = (
    _plain("phase", TEXT, "Whether it began or ended"),
    _plain("script", TEXT, "The script's file"),
    _plain("case", TEXT, "Which row of the script's table"),
    _plain("digest", TEXT, "SHA-256 of the script and the case"),
)
_SMALL = (
    Table(
        "events",
        "What the pump's log says, and what this program noted itself (number 0)",
        (
            _DETECTED,
            _ELAPSED,
            _HOST_TIME,
            _OCCURRED,
            _plain("number", INTEGER, "The pump's own count"),
            _plain("kind", TEXT, "What happened"),
            Column("priority", TEXT, _word("priority", dict(enumerate(PRIORITIES)), "'unknown'"), "How urgent it was"),
            _plain("value", INTEGER, "What was sensed, chosen or counted"),
            Column("value_is", TEXT, f"CASE kind {_EVENT_WORDS} END", "What the value is, and its unit"),
            _plain("repeats", INTEGER, "How often it came again before it was read"),
            _plain("boot", INTEGER, "Which boot of the pump"),
            Column(
                "pump_time",
                MOMENT,
                "CAST(nullif(utc_s, 0) AS HUGEINT) * 1000000",
                "By the pump's calendar; none while it is unset",
            ),
        ),
    ),
    Table(
        "gaps",
        "Lost time: what the pump made and the computer never got",
        (
            Column("time", MOMENT, "at_us", "The last thing before, on the run's axis"),
            _ELAPSED,
            Column("end_time", MOMENT, "end_at_us", "The first thing after, on the run's axis"),
            Column("duration_s", NUMBER, "(CAST(end_us AS DOUBLE) - start_us) / 1000000", "How long it lasted, s"),
            _plain("kind", TEXT, "What is missing"),
            Column("missing", INTEGER, "nullif(missing, 0)", "How many; none where that can't be known"),
            _plain("boot", INTEGER, "Which boot of the pump"),
        ),
    ),
    Table(
        "notes",
        "What people noted about a moment",
        (
            _BY_HOST,
            _plain("author", TEXT, "Who noted it"),
            _plain("text", TEXT, "What"),
            _plain("marker", BOOLEAN, "A place to come back to, rather than words"),
            Column("made_time", MOMENT, "nullif(made_us, 0)", "When it was written"),
        ),
    ),
    Table(
        "programs",
        "The programs that the pump held, each since its time",
        (
            _BY_HOST,
            _plain("name", TEXT, "The program's name"),
            _plain("digest", TEXT, "What the pump calls it"),
            Column("proven", BOOLEAN, "receipt IS NOT NULL", "Whether a receipt proves it"),
            Column(
                "anchor_time", MOMENT, "CAST(anchor_utc_s AS HUGEINT) * 1000000", "A moment at which its cycle begins"
            ),
            _plain("utc_offset_min", INTEGER, "The offset from UTC that its times of day are meant in, min"),
            _plain("prelude", TEXT, "Its first segments, as JSON: [volume, pL; duration, ms]"),
            _plain("cycle", TEXT, "Its repeated segments, likewise"),
            _plain("demand", TEXT, "Its on-demand bolus: volume, pL; duration, ms; lockout, s; number a day"),
            _plain("source", TEXT, "The program file"),
        ),
    ),
    Table(
        "links",
        "How the link came and went",
        (_BY_HOST, _plain("state", TEXT, "From then on"), _plain("error", TEXT, "Why")),
    ),
    Table(
        "health",
        "How the link did; totals since it was opened",
        (_BY_HOST, *(_plain(name, INTEGER, says) for name, says in _LINK_COUNTS)),
    ),
    Table(
        "verdicts",
        "How the checks of a script ended",
        (
            _BY_HOST,
            _plain("name", TEXT, "The check"),
            _plain("passed", BOOLEAN, "Whether it passed"),
            _plain("outcome", TEXT, "Of a case of a test script: pass, inconclusive, fail or error"),
            _plain("detail", TEXT, "What it saw"),
        ),
    ),
    Table(
        "weighings",
        "What a laboratory balance showed",
        (
            _BY_HOST,
            _ELAPSED,
            Column("mass_g", NUMBER, "CAST(mass_ug AS DOUBLE) / 1000000", "What it showed, g"),
            Column("steady", BOOLEAN, "stable = 1", "Whether it called that stable"),
        ),
    ),
    Table(
        "cases",
        "The cases of test scripts that began and ended",
        (
            _BY_HOST,
            *_OF_CASE,
            _plain("name", TEXT, "The script's name"),
            _plain("target", TEXT, "What it was carried out on"),
            _plain("seed", INTEGER, "Of a virtual rig"),
            _plain("verdict", TEXT, "How it ended"),
            _plain("why", TEXT, "Why it ended"),
            _plain("text", TEXT, "The script file"),
        ),
    ),
    Table(
        "steps",
        "The steps of test scripts that began and ended",
        (
            _BY_HOST,
            *_OF_CASE,
            _plain("number", TEXT, "As the script counts it"),
            _plain("title", TEXT, "What it does or expects"),
            _plain("verdict", TEXT, "How it ended"),
            _plain("detail", TEXT, "Why"),
            _plain("measurements", TEXT, "What was measured, with limits and uncertainty, as JSON"),
            _plain("file", TEXT, "Where it is written"),
            _plain("line", INTEGER, "And in which line"),
        ),
    ),
    Table(
        "reviews",
        "What those who looked at the run say of it",
        (
            _BY_HOST,
            _plain("kind", TEXT, "By the operator, or blinded"),
            _plain("verdict", TEXT, "What they say"),
            _plain("by", TEXT, "Who"),
            _plain("reason", TEXT, "Why"),
            Column("made_time", MOMENT, "nullif(made_us, 0)", "When it was said"),
        ),
    ),
)
#: All tables but the samples.
SMALL_TABLES = {table.name: table for table in _SMALL}
TABLES = ("samples", *SMALL_TABLES)
