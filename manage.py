#!/usr/bin/env python3
"""Django's command line. `./portal manage …` calls it with the project's own Python and services."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
