"""People and postings from a file: two importers, because two administrators do it. System administrators make accounts; security
administrators give postings. Every row goes through the action of the form."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grids.areas.models import Area
from tongshan_portal.accounts.actions.postings import give_posting
from tongshan_portal.accounts.actions.users import change_user, create_user, one_time_password
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import ROLES, Role
from tongshan_portal.accounts.models import Department, Posting, User
from tongshan_portal.exchange.public import Column, Importer, Outcome, Row, parsers

_USERNAME = Column(
    "username",
    _("sign-in name"),
    parsers.code(60, r"^[\w.@+-]+$"),
    required=True,
    aliases=("登录名", "用户名", "账号", "username", "login"),
    example="wangxiuying",
    help=_("Letters, digits and . @ + - _; never changed afterwards."),
)


def _directory() -> str:
    return reverse("people:directory")


class PeopleImporter(Importer):
    """Accounts: new ones get a first password that is handed back once; known ones get their name corrected."""

    name = "people"
    label = _("People")
    description = _("New accounts, without any right yet. The first passwords are handed to you once, as a file.")
    action = "users.create"
    columns = (
        _USERNAME,
        Column("name", _("name"), parsers.text(60), required=True, aliases=("姓名", "名字", "full name"), example="王秀英"),
        Column("phone", _("phone"), parsers.phone(), aliases=("手机", "手机号", "联系电话", "电话", "mobile"), example="13800001234"),
    )
    external_id = ("username",)
    chunk_rows = 20  # a password costs a third of a second, on purpose
    results_label = _("First passwords")

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context) -> Counter[Outcome]:
        known = _users(rows)
        return Counter(_outcome(row, known) for row in rows)

    def write_batch(self, actor: Actor, rows: Sequence[Row], context) -> Counter[Outcome]:
        known, done = _users(rows), Counter()
        for row in rows:
            outcome = _outcome(row, known)
            if outcome == Outcome.CREATED:
                password = one_time_password()
                create_user(actor=actor, username=row["username"], name=row["name"], phone=row["phone"] or "", password=password)
                titles = (_t("sign-in name"), _t("name"), _t("first password"))
                context.hand_back(row, dict(zip(titles, (row["username"], row["name"], password), strict=True)))
            elif outcome == Outcome.CHANGED:
                change_user(actor=actor, user_id=known[row["username"]].pk, name=row["name"])
            done[outcome] += 1
        return done

    def list_url(self) -> str:
        return _directory()


def _users(rows: Sequence[Row]) -> dict[str, User]:
    return User.objects.in_bulk({row["username"] for row in rows}, field_name="username")


def _outcome(row: Row, known: dict[str, User]) -> Outcome:
    """New, changed when the name differs, else unchanged. A phone number is never overwritten from a file: the person keeps it."""
    user = known.get(row["username"])
    if user is None:
        return Outcome.CREATED
    return Outcome.CHANGED if user.name != row["name"] else Outcome.UNCHANGED


_Key = tuple[Any, ...]


class PostingImporter(Importer):
    """Postings of people who have an account. The same posting in the same time is left alone; nothing is ended from a file."""

    name = "postings"
    label = _("Postings")
    description = _("Roles of people who have an account already. Postings that are not in the file are not touched.")
    action = "postings.give"
    columns = (
        _USERNAME,
        Column(
            "role",
            _("role"),
            parsers.choice(lambda: Role.choices),
            required=True,
            aliases=("角色", "岗位", "职务", "role"),
            example=str(Role.GRID_WORKER),
            help=_("The role as the portal shows it, or its code."),
        ),
        Column(
            "area_code",
            _("area code"),
            parsers.area_code(),
            required=True,
            aliases=("区划代码", "网格代码", "编码", "area"),
            example="320312106201001",
        ),
        Column("department", _("department"), parsers.text(80), aliases=("部门", "单位"), example="", help=_("Its name or its code.")),
        Column("starts_on", _("first day"), parsers.day(), required=True, aliases=("开始日期", "任职日期", "起"), example="2026-01-01"),
        Column("ends_on", _("last day"), parsers.day(), aliases=("结束日期", "截止日期", "止"), example=""),
    )
    external_id = ("username", "role", "area_code", "starts_on")
    chunk_rows = 200

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context) -> dict[int, list[str]]:
        people = _users(rows)
        areas = set(Area.objects.filter(code__in={row["area_code"] for row in rows}).values_list("code", flat=True))
        problems: dict[int, list[str]] = {}
        for row in rows:
            reasons = []
            if row["username"] not in people:
                reasons.append(_t("Nobody has this sign-in name. Import the people first."))
            if row["area_code"] not in areas:
                reasons.append(_t("There is no area with this code."))
            elif not actor.scope.holds(self.action, row["area_code"]):
                reasons.append(_t("This lies outside the areas of your postings."))
            elif len(row["area_code"]) not in ROLES[Role(row["role"])].levels:
                reasons.append(_t("The role is not given at this level."))
            if row["department"] and _department(row["department"], context) is None:
                reasons.append(_t("There is no such department."))
            if reasons:
                problems[row.number] = reasons
        return problems

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context) -> Counter[Outcome]:
        given = _given(rows)
        return Counter(Outcome.UNCHANGED if _key(row, context) in given else Outcome.CREATED for row in rows)

    def write_batch(self, actor: Actor, rows: Sequence[Row], context) -> Counter[Outcome]:
        given, people, done = _given(rows), _users(rows), Counter()
        for row in rows:
            if _key(row, context) in given:
                done[Outcome.UNCHANGED] += 1
                continue
            department = _department(row["department"], context) if row["department"] else None
            give_posting(
                actor=actor,
                user=people[row["username"]],
                role=Role(row["role"]),
                area_code=row["area_code"],
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                department=department,
            )
            done[Outcome.CREATED] += 1
        return done

    def list_url(self) -> str:
        return _directory()


def _department(word: str, context) -> Department | None:
    """The department of a name or code; looked up once per run."""
    known = context.cache.setdefault("departments", {})
    if word not in known:
        known[word] = Department.objects.filter(Q(code=word) | Q(name=word)).order_by("pk").first()
    return known[word]


def _given(rows: Sequence[Row]) -> set[_Key]:
    """The postings that the people of these rows have, as keys."""
    names = {row["username"] for row in rows}
    reason = "an import asks about the very people it names, and writes only where its actor may"
    postings = Posting.objects.unscoped(reason).filter(user__username__in=names)
    return set(postings.values_list("user__username", "role", "area_code", "department_id", "starts_on", "ends_on"))


def _key(row: Row, context) -> _Key:
    department = _department(row["department"], context) if row["department"] else None
    pk = department.pk if department else None
    return row["username"], row["role"], row["area_code"], pk, row["starts_on"], row["ends_on"]
