"""docs/permissions.md from the registered roles and actions: who may do what, with the sentence, in both languages."""

from collections.abc import Iterator

from django.utils import translation

from . import policy
from .enums import ROLES, Role

HEAD = """# Who may do what

Made by `./portal manage permission_table` from the roles and actions that the code registers; a test fails when this page is stale.
A role is given by a posting: in one area (and all below it), from a day until a day. Exceptional grants open one action on one object
to one person besides, with a reason and a last day. Nothing else gives a right: there is no superuser.

由 `./portal manage permission_table` 根据代码中登记的角色和操作生成。角色来自任职：限于一个辖区及其下级，有起止日期；
特别授权另行针对一人、一事、一项操作，有理由和期限。
此外没有任何其他授权途径，也没有超级用户。
"""


def _in(language: str, text: object) -> str:
    with translation.override(language):
        return str(text)


def _both(text: object) -> str:
    return f"{_in('zh-hans', text)}<br>{_in('en', text)}"


def _roles() -> Iterator[str]:
    yield "## Roles 角色\n"
    yield "| identifier | role 角色 | given at 任职层级 | what it is there for 职责 |"
    yield "|---|---|---|---|"
    for role in Role:
        levels = sorted(ROLES[role].levels)
        given = "、".join(_in("zh-hans", level.label) for level in levels) + "<br>" + ", ".join(_in("en", level.label) for level in levels)
        yield f"| `{role.value}` | {_both(role.label)} | {given} | {_both(ROLES[role].sentence)} |"


def _actions() -> Iterator[str]:
    yield "\n## Actions 操作\n"
    yield "| identifier | action 操作 | rule 规则 | roles 角色 |"
    yield "|---|---|---|---|"
    for item in policy.all_actions():
        roles = [f"`{role.value}`" for role in Role if role in item.roles]
        held = "all 全部" if len(roles) == len(Role) else ", ".join(roles) or "–"
        yield f"| `{item.name}` | {_both(item.label)} | {_both(item.sentence)} | {held} |"


def render() -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *_roles(), *_actions()]) + "\n"
