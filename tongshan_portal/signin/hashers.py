"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane (OWASP Password Storage Cheat Sheet, 2025).

    Django's own default takes 100 MiB and eight lanes for each check: a whole street office that signs in at half past
    eight would need more memory than a district's server has.
    """

    time_cost = 1
    memory_cost = 47104
    parallelism = 1
