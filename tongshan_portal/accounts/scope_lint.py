"""The lint beside the guard: request code that reads rows with an area names the scope in the same breath, or says why it does not."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from tongshan_portal.kernel.lint import Fault

REQUEST_ROOMS = {"views", "forms", "filters", "tables", "queries", "exports", "tiles", "feeds", "api", "context_processors", "templatetags"}
"""Modules, or packages of them, that answer requests."""

DOORS = {"visible_to", "parts_for", "unscoped", "locked", "create", "bulk_create"}
BACK_DOORS = {"_base_manager", "_default_manager", "raw"}


def is_request_code(path: Path) -> bool:
    """Whether a module answers requests, by the name of its room."""
    return bool(REQUEST_ROOMS & {path.stem, *(part for part in path.parts)})


def _chain(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> set[str]:
    """The names of everything that is called on a node: `x.filter().order_by()` gives filter and order_by."""
    names = set()
    while True:
        parent = parents.get(node)
        if isinstance(parent, ast.Attribute):
            names.add(parent.attr)
        elif not (isinstance(parent, ast.Call) and parent.func is node):
            return names
        node = parent


def faults_in(source: str, path: Path, models: Collection[str]) -> Iterator[Fault]:
    """What a module of request code does past the door; `models` are the names of models with an area."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr if isinstance(node.value, ast.Attribute) else ""
        if owner in models and node.attr in BACK_DOORS:
            yield Fault(path, node.lineno, f"{owner}.{node.attr} goes past the door")
        elif owner in models and node.attr == "objects" and not DOORS & _chain(node, parents):
            yield Fault(path, node.lineno, f"{owner}.objects is read without visible_to(scope) or unscoped(why)")


def faults(base: Path, folders: Collection[str], models: Collection[str]) -> list[Fault]:
    """What all request code below the folders does past the door."""
    found: list[Fault] = []
    for folder in folders:
        for path in sorted((base / folder).rglob("*.py")):
            relative = path.relative_to(base)
            if is_request_code(relative) and "migrations" not in relative.parts:
                found += faults_in(path.read_text(encoding="utf-8"), relative, models)
    return found
