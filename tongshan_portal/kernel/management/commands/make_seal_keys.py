"""Make fresh entries for the settings SEAL_KEYS and SEAL_INDEX_KEYS."""

from django.core.management.base import BaseCommand, CommandError

from tongshan_portal.kernel.sealed.ciphers import ALGORITHMS
from tongshan_portal.kernel.sealed.keys import INDEX_ALGORITHMS, KEY_ID, new_index_key, new_seal_key


class Command(BaseCommand):
    help = "Prints a fresh seal key and a fresh index key. Put them first in SEAL_KEYS and SEAL_INDEX_KEYS, then run rotate_seals."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("id", help="1 to 16 lower-case letters and digits that no key had before, for example 2026a")
        parser.add_argument("--cipher", choices=sorted(ALGORITHMS), default="sm4gcm")
        parser.add_argument("--digest", choices=sorted(INDEX_ALGORITHMS), default="hmacsm3")

    def handle(self, *args, **options):
        if not KEY_ID.fullmatch(options["id"]):
            raise CommandError("the id of a key is 1 to 16 lower-case letters and digits")
        self.stdout.write(f"SEAL_KEYS={new_seal_key(options['id'], options['cipher'])}")
        self.stdout.write(f"SEAL_INDEX_KEYS={new_index_key(options['id'], options['digest'])}")
