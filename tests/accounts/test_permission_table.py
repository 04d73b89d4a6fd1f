"""docs/permissions.md is what the code registers."""

import subprocess
import sys

from django.conf import settings
from django.utils.functional import Promise

from tongshan_portal.accounts import policy
from tongshan_portal.accounts.enums import ROLES, Role


def test_the_page_is_not_stale():
    """In a process of its own, which no test's actions have come into."""
    command = [sys.executable, settings.BASE_DIR / "manage.py", "permission_table", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=settings.BASE_DIR)
    assert done.returncode == 0, done.stderr


def test_every_role_has_a_sentence_and_levels():
    assert [role for role in Role if not str(ROLES[role].sentence) or not ROLES[role].levels] == []


def test_every_action_has_a_sentence_in_both_languages():
    from django.utils import translation

    # Actions that tests register for themselves speak no language.
    ours = [item for item in policy.all_actions() if isinstance(item.sentence, Promise)]
    with translation.override("zh-hans"):
        chinese = {item.name: str(item.sentence) for item in ours}
    with translation.override("en"):
        assert [item.name for item in ours if chinese[item.name] == str(item.sentence)] == []
