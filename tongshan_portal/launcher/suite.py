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
    """Run pytest with these arguments; answers its exit status."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongshan_portal.settings.test"
    if browser() is None:
        sentence = "Chromium is not installed: the browser journeys "
        if os.environ.get("CI"):
            say(sentence + "cannot run, and with CI set that is a failure.")
            return 1
        say(sentence + "are left out. On Debian: apt-get install chromium fonts-noto-cjk")
    with services.ensured(VAR / "test"):
        return subprocess.call(python("-m", "pytest", *arguments), cwd=BASE)
