"""`docs/states/`: one page per table, a diagram and a list in both languages, written from the table itself."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils import translation
from django.utils.translation import gettext as _

from .tables import Table
from .transitions import Transition


def all_tables() -> list[Table]:
    """Every Table in the `workflow` module of an installed app, by name. Raises ValueError when two share one."""
    found: dict[str, Table] = {}
    for config in apps.get_app_configs():
        if config.name == "tongshan_portal.workflow" or find_spec(f"{config.name}.workflow") is None:
            continue
        for thing in vars(import_module(f"{config.name}.workflow")).values():
            if isinstance(thing, Table) and found.setdefault(thing.name, thing) is not thing:
                raise ValueError(f"two tables are called {thing.name}")
    return [found[name] for name in sorted(found)]


def page(table: Table) -> str:
    """The page of a table, in Chinese and English."""
    parts = [f"<!-- Written by `manage.py state_diagrams`; change {table.name}'s workflow.py instead. -->"]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            parts.append("\n".join(_section(table)))
    return "\n\n".join(parts) + "\n"


def _section(table: Table) -> Iterator[str]:
    yield from (f"# {table.title}", "", "```mermaid", "stateDiagram-v2")
    yield from (f'    state "{table.label(state)}" as {state}' for state in table.states.values)
    yield f"    [*] --> {table.initial!s}"
    for item in table.transitions:
        yield from (f"    {state!s} --> {item.target(state)!s}: {item.label}" for state in item.from_)
    yield from (f"    {state} --> [*]" for state in table.states.values if state in table.final)
    yield from (
        "```",
        "",
        "| " + " | ".join([_("verb"), _("from"), _("to"), _("who"), _("needs"), _("clocks")]) + " |",
        "|---|---|---|---|---|---|",
    )
    for item in table.transitions:
        yield "| " + " | ".join(_cells(table, item)) + " |"


def _cells(table: Table, item: Transition) -> list[str]:
    who = _("the portal itself") if item.by_system else f"`{item.action}`"
    for name in item.differs_from:
        who += "; " + _("not %(person)s") % {"person": table.people[name]}
    needs = [str(need.label) for need in item.needs] + [(guard.__doc__ or guard.__name__).strip() for guard in item.guards]
    clocks = [f"{table.clocks[step.clock]}: {step.move.label}" for step in item.clocks]
    return [
        f"{item.label} `{item.verb}`",
        _(", ").join(str(table.label(state)) for state in item.from_),
        _("(stays)") if item.to is None else str(table.label(item.to)),
        who,
        _(", ").join(needs) or "–",
        _(", ").join(clocks) or "–",
    ]
