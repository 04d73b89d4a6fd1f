"""The dictionaries as they stand now, read once for a batch: categories, words, departments, rules and limits for thousands of rows."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from tongshan_portal.accounts.models import Department
from tongshan_portal.workflow.limits import TimeLimit

from . import deadlines, routing
from .enums import Stage
from .models import Category, DispatchRule, Keyword, TimePolicy


class Dictionaries:
    """Each dictionary is read when it is first asked for, and answers as `suggesting`, `routing` and `deadlines` do for one row."""

    def __init__(self) -> None:
        self._limits: dict[tuple[Stage, int | None, str], tuple[TimeLimit, str]] = {}
        self._lineages: dict[int | None, list[int]] = {None: []}

    def read(self) -> None:
        """Read now all that is asked for when reports are built."""
        _ = self.categories, self.departments, self._rules, self._policies

    def read_words(self) -> None:
        """Read now all that is asked for when the words of a report are understood: nothing more is, then."""
        _ = self.category_words, self.keywords, self.department_words

    @cached_property
    def categories(self) -> dict[int, Category]:
        """Every category by its key, those above it at hand."""
        found = {row.pk: row for row in Category.objects.all()}
        for row in found.values():
            if row.parent_id is not None:
                row.parent = found[row.parent_id]
        return found

    @cached_property
    def category_words(self) -> dict[str, Category]:
        """Categories by code, and by their word in either language where only one has it; those in use win."""
        return {**self._labels(), **{row.code.casefold(): row for row in self.categories.values()}}

    def _labels(self) -> dict[str, Category]:
        named: dict[str, list[Category]] = defaultdict(list)
        for row in self.categories.values():
            for word in {row.label_zh.casefold(), row.label_en.casefold()}:
                named[word].append(row)
        chosen = {word: [row for row in rows if row.in_use] or rows for word, rows in named.items()}
        return {word: rows[0] for word, rows in chosen.items() if len(rows) == 1}

    @cached_property
    def keywords(self) -> list[tuple[str, int]]:
        """Words in use and their categories, the longest first."""
        rows = Keyword.objects.filter(in_use=True, category__in_use=True).values_list("word", "category_id")
        return sorted(rows, key=lambda row: -len(row[0]))

    def suggest(self, words: str) -> Category | None:
        """As `suggesting.suggest`: the category of the longest word that occurs, of several as long the first."""
        best: tuple[int, int] | None = None
        for word, category_id in self.keywords:
            if best is not None and len(word) < best[0]:
                break
            at = words.find(word)
            if at >= 0 and (best is None or at < best[1]):
                best, found = (len(word), at), category_id
        return self.categories[found] if best is not None else None

    @cached_property
    def department_words(self) -> dict[str, Department]:
        """Departments by code, and by name."""
        rows = list(Department.objects.all())
        return {**{row.name.casefold(): row for row in rows}, **{row.code.casefold(): row for row in rows}}

    @cached_property
    def departments(self) -> Mapping[int, Department]:
        return {row.pk: row for row in self.department_words.values()}

    @cached_property
    def _rules(self) -> list[DispatchRule]:
        return list(DispatchRule.objects.filter(in_use=True).select_related("department"))

    def rule_for(self, category: Category | None, area_code: str, *, service: bool) -> DispatchRule | None:
        """As `routing.rule_for`: the first rule in order that holds."""
        key = category.pk if category is not None else None
        kinds = self._lineages.get(key)
        if kinds is None:
            kinds = self._lineages[key] = routing.lineage(self.categories[category.pk] if category is not None else None)
        return next((rule for rule in self._rules if routing.holds_for(rule, kinds, area_code, service)), None)

    @cached_property
    def _policies(self) -> dict[str, list[TimePolicy]]:
        found: dict[str, list[TimePolicy]] = defaultdict(list)
        for row in TimePolicy.objects.all():
            found[row.stage].append(row)
        return found

    def limit_for(self, stage: Stage, category_id: int | None, urgency: str) -> tuple[TimeLimit, str]:
        """As `deadlines.limit_for`."""
        key = (stage, category_id, urgency)
        if key not in self._limits:
            row = deadlines.most_exact(self._policies[stage], category_id, urgency)
            fallback = deadlines.FALLBACK[stage], "default"
            self._limits[key] = fallback if row is None else (deadlines.limit_of(row), deadlines.name_of(row))
        return self._limits[key]
