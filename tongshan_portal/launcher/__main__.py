"""What `./portal` hands over to, inside the virtual environment."""

import os
import sys

from tongshan_portal.embedded import ServiceFailed

from . import benches, checks, running, services, suite
from .options import parse
from .places import VAR, manage


def main(arguments: list[str]) -> int:
    """Run one command; answers the exit status."""
    known, rest = parse(arguments)
    if known.command == "test":
        return suite.run(rest)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    if known.command == "run":
        return running.run(running.Options(known.host, known.port, known.processes, known.keep_services))
    if known.command == "stop":
        return running.stop()
    if known.command == "check":
        return checks.run()
    with services.ensured(VAR / "bench" if known.command == "bench" else VAR):
        if known.command == "bench":
            return benches.run(rest)
        if known.command == "demo":
            return (
                manage("migrate", "-v", "0") or manage("demo_people", "--keep") or manage("demo_district", *rest) or manage("demo_elements")
            )
        return manage(*rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServiceFailed as failure:
        sys.exit(f"portal: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
