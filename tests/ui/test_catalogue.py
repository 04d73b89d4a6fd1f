"""The message catalogue: complete, and its checks can fail."""

from pathlib import Path

import pytest
from django.conf import settings

from tongshan_portal.ui import catalogue


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_catalogue_of_the_product_is_complete(domain):
    found = catalogue.problems(settings.BASE_DIR, domain)
    assert (found.missing, found.fuzzy, found.wrong, found.stale) == ([], [], [], [])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with one message of each kind."""
    (tmp_path / "grids").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "grids" / "words.py").write_text(
        'gettext("Sign for")\npgettext("verb", "Open")\nngettext("%(count)s case", "%(count)s cases", 2)\n', encoding="utf-8"
    )
    (tmp_path / "templates" / "page.html").write_text(
        '<p>\n    {% translate "It\'s due" %}\n  '
        "{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}</p>",
        encoding="utf-8",
    )
    return tmp_path


def test_every_kind_of_message_is_found(project):
    assert sorted(str(message) for message in catalogue.messages(project, "django")) == [
        "('verb', 'Open')",
        '(None, "It\'s due")',
        "(None, 'Sign for')",
        "(None, ('%(count)s case', '%(count)s cases'))",
        "(None, ('%(n)s row', '%(n)s rows'))",
    ]


def test_missing_wrong_and_stale_entries_are_named(project):
    catalogue.update(project, "django", {"Sign for": "签收", "verb\x04Open": "立案", "%(count)s case": "%(cuont)s 件", "It's due": "到期"})
    (project / "grids" / "words.py").write_text('gettext("Sign for")\nngettext("%(count)s case", "%(count)s cases", 2)\n', encoding="utf-8")
    found = catalogue.problems(project, "django")
    assert found.missing == ["%(n)s row"]
    assert found.stale == ["verb: Open"]
    assert [sentence.split(":")[0] for sentence in found.wrong] == ["%(count)s case"]


def test_fuzzy_entry_is_named_and_not_kept(project):
    catalogue.update(project, "django", {"Sign for": "签收"})
    path = catalogue.path_of(project, "django")
    path.write_text(path.read_text(encoding="utf-8").replace('msgid "Sign for"', '#, fuzzy\nmsgid "Sign for"'), encoding="utf-8")
    assert catalogue.problems(project, "django").fuzzy == ["Sign for"]
    catalogue.update(project, "django", {})
    assert "Sign for" in catalogue.problems(project, "django").missing


def test_update_is_stable_and_merge_friendly(project):
    catalogue.update(project, "django", {"Sign for": "签收"})
    first = catalogue.path_of(project, "django").read_bytes()
    catalogue.update(project, "django", {})
    assert catalogue.path_of(project, "django").read_bytes() == first
    assert b"words.py" not in first


def test_compiled_file_is_written_once(project):
    catalogue.update(project, "django", {"Sign for": "签收"})
    assert catalogue.compile_stale(project) == [catalogue.path_of(project, "django").with_suffix(".mo")]
    assert catalogue.compile_stale(project) == []
