"""A receipt as one page of HTML, for the window, the printer and a PDF: one template, its colours given."""

from dataclasses import dataclass
from html import escape
from string import Template

from rig.programs.receipt import NOTICE, Receipt, rows


@dataclass(frozen=True)
class Colours:
    """Of a page, each "#rrggbb"."""

    text: str = "#171c24"
    muted: str = "#566070"
    rule: str = "#dadee5"
    good: str = "#1a7a49"
    warning: str = "#8a6100"


PRINTED = Colours()

_PAGE = Template(
    """<html><body style="color:$text">
<p style="font-size:15pt; font-weight:600; margin-bottom:0">$title</p>
<p style="color:$good; margin-top:4px; margin-bottom:0">✓ $verdict</p>
<p style="color:$muted; font-size:8.5pt; margin-top:4px; margin-bottom:0">$notice</p>
<p style="font-size:5pt; margin:0">&nbsp;</p>
<table width="100%" cellspacing="0" cellpadding="3">$facts</table>
$confirmed
$changes
<p style="font-size:11pt; font-weight:600; margin-top:14px; margin-bottom:4px">The program as written</p>
<pre style="font-size:8.5pt; white-space:pre-wrap; margin-top:0">$source</pre>
</body></html>"""
)
_FACT = Template('<tr><td width="32%" style="color:$muted; padding-left:0">$title</td><td>$text</td></tr>')
_HEADING = '<p style="font-size:11pt; font-weight:600; margin-top:14px; margin-bottom:4px">{}</p>'
_TABLE = '<table width="100%" cellspacing="0" cellpadding="3">{}</table>'


def page(receipt: Receipt, source: str, colours: Colours = PRINTED) -> str:
    """The whole page; ``source`` is the program file's text."""
    facts = "".join(_FACT.substitute(muted=colours.muted, title=escape(a), text=escape(b)) for a, b in rows(receipt))
    verdict = "Written, read back, compared, and proven to run"
    if receipt.left_stopped:
        verdict = "Written, read back, compared, and left stopped on purpose"
    return _PAGE.substitute(
        vars(colours),
        title=f"Receipt: {escape(receipt.name or 'program')}",
        verdict=verdict,
        facts=facts,
        confirmed=_confirmed(receipt, colours),
        changes=_changes(receipt, colours),
        source=escape(source.strip()),
        notice=escape(NOTICE),
    )


def _confirmed(receipt: Receipt, colours: Colours) -> str:
    if not receipt.confirmed:
        return ""
    lines = "".join(
        f'<tr><td style="color:{colours.warning}; padding-left:0">▲ {escape(one.what)}</td>'
        f"<td>{escape(one.reason)}</td></tr>"
        for one in receipt.confirmed
    )
    first = '<td width="66%" style="padding-left:0">Soft limit</td>'
    head = f'<tr style="color:{colours.muted}">{first}<td>Confirmed because</td></tr>'
    return _HEADING.format("Confirmed") + _TABLE.format(head + lines)


def _changes(receipt: Receipt, colours: Colours) -> str:
    if not receipt.changes:
        return _HEADING.format("Changed") + f'<p style="color:{colours.muted}">Nothing.</p>'
    lines = ""
    group = ""
    for one in receipt.changes:
        if one.group != group:
            group = one.group
            look = f"color:{colours.muted}; font-weight:600; padding-left:0; padding-top:8px"
            lines += f'<tr><td colspan="3" style="{look}">{escape(group)}</td></tr>'
        lines += (
            f'<tr><td style="padding-left:0">{escape(one.title)}</td><td>{escape(one.before)}</td>'
            f'<td style="font-weight:600">{escape(one.after)}</td></tr>'
        )
    head = f'<tr style="color:{colours.muted}"><td width="34%"></td><td width="33%">Before</td><td>After</td></tr>'
    return _HEADING.format("Changed") + _TABLE.format(head + lines)
