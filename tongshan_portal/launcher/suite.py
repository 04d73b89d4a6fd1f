"""`./portal test`: the whole suite, with services and data of its own under var/test."""

import os
import shutil
import subprocess

from . import services
from .places import BASE, VAR, python, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> str | None:
    """The path of the system's Chromium, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def run(arguments: list[str]) -> int:
    """Run pytest with these arguments; answers its exit status. With CI set, a machine without Chromium fails, after the rest has run."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongshan_portal.settings.test"
    without_browser = browser() is None
    if without_browser:
        say("Chromium is not installed: the browser journeys are left out. On Debian: apt-get install chromium fonts-noto-cjk")
    with services.ensured(VAR / "test"):
        status = subprocess.call(python("-m", "pytest", *arguments), cwd=BASE)
    if without_browser and os.environ.get("CI"):
        say("With CI set, leaving the browser journeys out is a failure.")
        return status or 1
    return status
