"""Writing a list into a file: heading, rows through a server-side cursor, and the row that says who took it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from .exporters import Exporter
from .judging import WATERMARK
from .writers import writer_for

PORTION = 2_000


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is asked for: which list, with which filter, in which form, masked or (with a reason) plain."""

    exporter: Exporter
    filters: QueryDict
    format: str
    plain: bool = False
    reason: str = ""


def write_list(actor: Actor, order: ExportOrder, target: BinaryIO, progress: Callable[[int], None] | None = None) -> int:
    """Write the rows that the actor may see now; answers their number. `progress` is called with the number so far, every portion."""
    columns = order.exporter.columns
    values = [column.plain if order.plain and column.plain else column.value for column in columns]
    started = timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M")
    footer = _("Internal · %(who)s · %(when)s") % {"who": actor.name, "when": started}
    writer = writer_for(order.format, target, title=str(order.exporter.label), footer=footer)
    writer.header([str(column.label) for column in columns])
    number = 0
    for row in order.exporter.rows(actor, order.filters).iterator(chunk_size=PORTION):
        writer.row([value(row) for value in values])
        number += 1
        if progress and number % PORTION == 0:
            progress(number)
    writer.row([watermark(actor, order, number, started)])
    writer.close()
    return number


def watermark(actor: Actor, order: ExportOrder, number: int, started: str) -> str:
    """The last row: for internal use, who, when, which list with which filter, how many rows."""
    chosen = "; ".join(f"{key}={', '.join(values)}" for key, values in order.filters.lists() if any(values)) or _("no filter")
    rows = ngettext("%(count)d row", "%(count)d rows", number) % {"count": number}
    parts = [_("For internal use only, not to be passed on"), actor.name, started, str(order.exporter.label), chosen, rows]
    if order.plain:
        parts.append(_("unmasked: %(reason)s") % {"reason": order.reason})
    return f"{WATERMARK} " + " · ".join(parts)
