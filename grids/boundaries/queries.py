"""What the pages of boundaries show."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from grids.areas.codes import Level
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.long_work import SavedMapping

from .actions import MAPPINGS
from .enums import WORKING, CodePart
from .judging import Choice
from .models import BoundaryImport

SHOWN = 200
"""Findings that the page lists; the file of findings holds all that are kept."""

CODE_WORDS = ("code", "dm", "代码", "编码", "区划", "ward", "id")
NAME_WORDS = ("name", "mc", "名称", "名字")
PARENT_WORDS = ("parent", "上级", "pcode", "sjdm")


def my_imports(actor: Actor) -> QuerySet[BoundaryImport]:
    """The newest imports of this person, without their judgements."""
    return BoundaryImport.objects.visible_to(actor.scope).defer("refusals", "findings", "sketch")[:20]


def saved_choices(actor: Actor) -> QuerySet[SavedMapping]:
    """The choices this person keeps."""
    return SavedMapping.objects.filter(created_by_id=actor.user_id, importer=MAPPINGS)


def suggested(run: BoundaryImport) -> dict[str, Any]:
    """What the form begins with: what was chosen before, or what the names of the attributes suggest."""
    if run.choice:
        return asdict(Choice.of(run.choice))

    def find(words: tuple[str, ...]) -> str:
        return next((name for word in words for name in run.fields if word in name.casefold()), "")

    parent = find(PARENT_WORDS)
    code = next((name for word in CODE_WORDS for name in run.fields if word in name.casefold() and name != parent), "")
    return {**asdict(Choice()), "level": Level.TOWN, "code_field": code, "name_field": find(NAME_WORDS), "parent_field": parent}


def card_of(run: BoundaryImport) -> dict[str, Any]:
    """Progress, figures, and the first refusals and findings."""
    figures = [(BoundaryImport._meta.get_field("features").verbose_name, run.features)]
    for name in ("created_areas", "changed_areas", "unchanged_areas", "left_areas"):
        figures.append((BoundaryImport._meta.get_field(name).verbose_name, getattr(run, name)))
    return {
        "is_working": run.state in WORKING,
        "percent": round(100 * run.done / run.total) if run.total else None,
        "figures": figures,
        "refusals": run.refusals[:SHOWN],
        "findings": run.findings[:SHOWN],
        "more_refusals": max(0, len(run.refusals) - SHOWN),
        "more_findings": max(0, len(run.findings) - SHOWN),
        "level": Level(run.choice["level"]).label if run.choice else "",
        "is_whole": run.choice.get("code_part") == CodePart.WHOLE,
    }
