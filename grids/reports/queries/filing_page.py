"""The filing page however far it has come: what was typed, what is known from it, what the category asks."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from grids.net.context import map_settings
from tongshan_portal.accounts.actor import Actor

from ..forms.filing import FileForm
from ..forms.questions import QuestionsForm
from ..models import Category
from ..placing import Spot, spot_of
from ..questions import PREFIX
from ..suggesting import suggest
from .filing import drafts_of, hints_for, place_line


def cleaned(form: FileForm, name: str) -> Any:
    """One value of a form that may not be whole yet; None where it is not valid."""
    try:
        return form.fields[name].clean(form[name].value())
    except ValidationError:
        return None


def words_typed(form: FileForm) -> str:
    """Sentence and details, in which words that suggest a category are looked for."""
    return f"{form['title'].value() or ''} {form['text'].value() or ''}"


def spot_typed(actor: Actor, form: FileForm) -> Spot | None:
    """The place as far as the form says it."""
    area, address = cleaned(form, "area") or "", cleaned(form, "address") or ""
    return spot_of(
        actor.scope, place=cleaned(form, "place"), area=area, lon=cleaned(form, "lon"), lat=cleaned(form, "lat"), address=address
    )


def category_typed(form: FileForm) -> Category | None:
    """The category that was chosen, else the one that the words suggest."""
    chosen = cleaned(form, "category")
    if chosen is not None:
        return chosen
    found = suggest(words_typed(form))
    return found.category if found else None


def known_of(actor: Actor, form: FileForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What is known from what was typed: grid, categories, what stands near, and the category's questions with what was answered."""
    category = category_typed(form)
    given = {name: value for name, value in answers.items() if name.startswith(PREFIX)}
    chosen, place = cleaned(form, "category"), cleaned(form, "place")
    return {
        "hints": hints_for(actor, words_typed(form), spot_typed(actor, form)),
        "chosen": chosen.pk if chosen else None,
        "questions": QuestionsForm(category=category, initial=given),
        "asked": category.pk if category else "",
        "pick": place_line(place) if place else None,
    }


def filing_page(actor: Actor, form: FileForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the page shows. The small map opens on the village of whoever serves in a grid, on the towns for the whole district."""
    areas = actor.scope.areas_for("reports.file")
    at = areas[0] if areas else ""
    key = str(form["key"].value())
    return {
        **known_of(actor, form, answers),
        "form": form,
        "drafts": [one for one in drafts_of(actor) if one.key != key],
        "near": [],
        "kept": 0,
        "places": [],
        "map": map_settings(at=at, level="grid" if len(at) > 6 else "town", under=at[:12] if len(at) > 6 else "") if at else None,
        "person": actor.user_id,
    }
