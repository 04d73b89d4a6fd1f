"""The text of a sealed field is opened in actions alone: the sources are read for it."""

import ast

from django.conf import settings

from tongshan_portal.ui.catalogue import PYTHON_FOLDERS

KERNEL = "tongshan_portal/kernel/sealed/"


def opening(source: str) -> bool:
    tree = ast.parse(source)
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "sealed" in (node.module or "")
        for alias in node.names
    }
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return bool(imported & {"open_sealed"}) or bool(called & {"open_sealed"})


def test_the_reader_notices():
    assert opening("from tongshan_portal.kernel.sealed import open_sealed")
    assert opening("from tongshan_portal.kernel import sealed\nsealed.open_sealed(x)")
    assert not opening("from tongshan_portal.kernel.sealed import mask")


def test_sealed_text_is_opened_in_actions_alone():
    found = []
    for folder in PYTHON_FOLDERS:
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            in_actions = path.name == "actions.py" or "actions" in path.parts
            if not name.startswith(KERNEL) and not in_actions and opening(path.read_text(encoding="utf-8")):
                found.append(name)
    assert found == []
