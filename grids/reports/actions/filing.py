"""Filing a report: once, however often it is sent; opened and dispatched at once where a rule says so."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.pictures import Picture
from tongshan_portal.workflow.calendar import local

from .. import deadlines, questions, routing
from ..enums import Located, Moment, Source
from ..models import Category, Draft, Report
from ..models.report import KEY_LETTERS
from ..search import normal_form
from . import handling, photographing, taking


def new_code(now: datetime) -> str:
    """A case code (一案一码): the day, and six characters that cannot be guessed."""
    return f"TS{local(now):%y%m%d}-{''.join(secrets.choice(KEY_LETTERS) for _ in range(6))}"


def words_of(row: Report) -> str:
    """What the search looks through, in one form: half width, lower case, without spaces."""
    return normal_form(f"{row.code} {row.title} {row.text} {row.address}")


@transaction.atomic
def file_report(
    *,
    actor: Actor,
    key: UUID,
    title: str,
    area_code: str,
    category: Category | None = None,
    now: datetime | None = None,
    located: str = Located.CHOSEN,
    source: str = Source.FIELD,
    follows_rules: bool = True,
    answers: Mapping[str, Any] | None = None,
    pictures: Sequence[Picture] = (),
    **fields: Any,
) -> Report:
    """File a report. `key` is the sender's: the same one again answers the report that is there. Clocks begin with its acceptance.

    `follows_rules`: a dispatch rule that matches opens and dispatches it at once.
    `answers` (code → what was said) are held to the questions of the category; None where nobody could be asked. `pictures` come with it.
    Raises NotAllowed, DomainError.
    """
    now = now or clock.now()
    require(actor, "reports.file", Place(area_code))
    if not title.strip():
        raise DomainError(_("Say in one sentence what happened."), field="title")
    if not Area.objects.filter(pk=area_code, valid_to=None).exists():
        raise DomainError(_("There is no such area in force."), field="area")
    known = filed_before(actor, key)
    if known is not None:
        return known
    row = Report(
        key=key,
        code=new_code(now),
        title=title.strip(),
        area_code=area_code,
        category=category,
        category_version=category.version if category else 1,
        urgency=fields.pop("urgency", "") or (category.urgency if category else "normal"),
        source=source,
        located=located,
        filed_by_id=actor.user_id,
        filed_at=now,
        changed_at=now,
        answers={} if answers is None else questions.checked(category, answers),
        **fields,
    )
    return take_in(
        actor=actor, row=row, now=now, known=partial(filed_before, actor, key), follows_rules=follows_rules, pictures=pictures
    )  # fmt: skip


def take_in(
    *,
    actor: Actor,
    row: Report,
    now: datetime,
    known: Callable[[], Report | None],
    follows_rules: bool = True,
    pictures: Sequence[Picture] = (),
    then: Callable[[Report], None] | None = None,
) -> Report:
    """Store a new report with its clocks, its first step, whatever `then` adds, its dispatch by rule and its pictures.

    Inside the caller's transaction. `known` finds what was stored under the same key at the same moment: then that one is the answer.
    """
    row.words = words_of(row)
    taking.follow(row, now)
    deadlines.begin_total(row, now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found = known()  # sent twice at the same moment
        if found is None:
            raise
        return found
    if actor.user_id is not None:
        Draft.objects.filter(key=row.key, user_id=actor.user_id).delete()
    taking.write_step(actor, row, "file_report", row.state, now)
    if then is not None:
        then(row)
    if follows_rules:
        row = dispatch_by_rule(row, now)
    if pictures:  # last: what fails before it leaves no file behind
        photographing.put(actor=actor, row=row, key=row.key, pictures=pictures, moment=Moment.BEFORE, now=now)
    return row


def filed_before(actor: Actor, key: UUID) -> Report | None:
    """The report that the actor has sent under a key, if she has."""
    rows = Report.objects.unscoped("the sender's own key").filter(key=key, filed_by_id=actor.user_id)
    return rows.get() if rows.exists() else None  # nearly always there is none: nothing of a hundred columns is asked for


def dispatch_by_rule(row: Report, now: datetime) -> Report:
    """Open and dispatch at once where a rule holds: the portal does what the officers laid down."""
    rule = routing.rule_for(row, now)
    if rule is None:
        return row
    portal = system_actor("reports")
    handling.open_report(actor=portal, report_id=row.pk, now=now)
    to = routing.recipient_of(rule, row)
    return handling.dispatch(actor=portal, report_id=row.pk, recipient=to, reason=_("rule: %(name)s") % {"name": rule.name}, now=now)
