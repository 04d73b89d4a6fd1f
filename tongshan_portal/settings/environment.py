"""Every environment variable that the portal reads, declared once: the settings ask here, and docs/operations.md is written from here."""

import os
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `required`: a server does not start without it. `default` is what counts when it is not set or empty."""

    name: str
    meaning: str
    default: str = ""
    required: bool = False


_ROLES_WITH_SECOND_FACTOR = "system_admin,security_admin,audit_admin,director,supervisor"

VARIABLES = {
    variable.name: variable
    for variable in (
        Variable("DJANGO_SETTINGS_MODULE", "`tongshan_portal.settings.production` on servers", "tongshan_portal.settings.local"),
        Variable("DATABASE_URL", "PostgreSQL 14 or newer, `postgres://user:password@host:5432/name`", required=True),
        Variable("REDIS_URL", "Redis 6 or newer, `redis://:password@host:6379/0`", required=True),
        Variable("PORTAL_SECRET_KEY", "Signs sessions and links: at least 50 random characters", required=True),
        Variable(
            "PORTAL_SEAL_KEYS",
            "Keys of sealed fields, the first seals: `k1:sm4gcm:BASE64` (16 bytes) or `k1:aes256gcm:BASE64` (32), more after commas",
            required=True,
        ),
        Variable(
            "PORTAL_SEAL_INDEX_KEYS", "Key of the blind index, 32 bytes: `k1:hmacsm3:BASE64` or `k1:hmacsha256:BASE64`", required=True
        ),
        Variable("PORTAL_HOSTS", "Names under which the portal is reached, separated by commas", required=True),
        Variable("PORTAL_VAR", "Folder for files: results of exports, the ledger's archives, embedded services", "var"),
        Variable("PORTAL_LOG_LEVEL", "`DEBUG`, `INFO`, `WARNING` or `ERROR`", "INFO"),
        Variable("PORTAL_WEB_THREADS", "Threads for pages in each web process", "8"),
        Variable("PORTAL_METRICS_TOKEN", "Who sends it as `Authorization: Bearer …` may read /metrics. Empty: nobody but administrators"),
        Variable("PORTAL_DEMO", "`1`: demo people and “try as”. Refused on servers"),
        Variable("PORTAL_DEMO_MFA", "`1`: demo people need a second factor too"),
        Variable("PORTAL_DEMO_PASSWORD", "Password of the demo people; one is made up when it is not set"),
        Variable("PORTAL_DISTRICT_CODE", "Six digits of the district this installation serves", "320312"),
        Variable("PORTAL_HELP_CONTACT", "Whom to call, as the sign-in page and the foot of public pages say it"),
        Variable("PORTAL_PUBLIC_URL", "Address under which residents reach the portal, as notices for other systems and posters name it"),
        Variable("PORTAL_CAP_SENDER", "Who sends CAP messages, unique in the world: `antifraud@example.gov.cn`, no spaces or commas"),
        Variable("PORTAL_MAP_APPROVAL_NUMBER", "Approval number (审图号) that a public map of official boundaries must show"),
        Variable("PORTAL_MAP_ATTRIBUTION", "Whose boundaries the map shows, in words"),
        Variable(
            "PORTAL_MAP_TILES", "Background tiles, `https://t{s}.example.org/{z}/{x}/{y}?key=…` (WMTS or XYZ, Web Mercator). Empty: none"
        ),
        Variable("PORTAL_MAP_TILES_SUBDOMAINS", "What stands for `{s}` in it, one letter each", "01234567"),
        Variable("PORTAL_MAP_TILES_ATTRIBUTION", "Whose tiles they are, in words"),
        Variable("PORTAL_PUBLISHED_LEVELS", "Levels whose boundaries anybody may fetch: `district,town,village,grid`", "district,town"),
        Variable("PORTAL_AREA_REACH_METRES", "A point outside every grid belongs to the nearest one within so many metres", "200"),
        Variable("PORTAL_WORKING_CALENDAR", "Path of a JSON file with working days and days off, see docs/workflow.md"),
        Variable("PORTAL_GRANT_MAX_DAYS", "Days that an exceptional grant may last", "180"),
        Variable("PORTAL_LEDGER_KEEP_DAYS", "Days before entries of the ledger may be archived; the database refuses less than 183", "365"),
        Variable("PORTAL_PASSWORD_MIN_LENGTH", "Characters of a password", "10"),
        Variable("PORTAL_PASSWORD_CHARACTER_KINDS", "Kinds of characters in it (letters, digits, others); 0 to 4", "2"),
        Variable("PORTAL_PASSWORD_HISTORY", "Earlier passwords that may not come back", "3"),
        Variable("PORTAL_PASSWORD_MAX_AGE_DAYS", "Days until a password must be changed; 0: never", "90"),
        Variable("PORTAL_LOCKOUT_MINUTES", "Minutes to wait after five failures with one name from one address", "15"),
        Variable("PORTAL_MFA_ROLES", "Roles that need a second factor", _ROLES_WITH_SECOND_FACTOR),
        Variable("PORTAL_WEBAUTHN_INSECURE", "`1`: security keys without TLS, for trials on one machine"),
        Variable("PORTAL_SESSION_IDLE_MINUTES", "Minutes without a request until sign-out", "30"),
        Variable("PORTAL_SESSION_LIFETIME_MINUTES", "Minutes until sign-out, whatever one does", "720"),
        Variable("PORTAL_FORM_TARGETS", "Other origins that forms may lead to, separated by commas: an identity provider's"),
        Variable("PORTAL_OIDC_ISSUER", "Address of an OpenID Connect provider. Empty: none"),
        Variable("PORTAL_OIDC_CLIENT_ID", "The portal's name at the provider"),
        Variable("PORTAL_OIDC_CLIENT_SECRET", "The portal's secret at the provider"),
        Variable("PORTAL_OIDC_NAME", "How the sign-in page calls the provider"),
        Variable("PORTAL_OIDC_LINK_BY_USERNAME", "`1`: the provider's `preferred_username` is the sign-in name here", "1"),
        Variable(
            "PORTAL_SMS_URL",
            "Address of the short-message gateway: it gets a POST of JSON, docs/registrations.md. Empty: no messages leave",
        ),
        Variable("PORTAL_SMS_TOKEN", "The portal's token at the gateway, sent as `Authorization: Bearer …`"),
        Variable("PORTAL_SMS_SIGN", "The signature (签名) under which the gateway sends"),
        Variable("PORTAL_SHOW_OFFICER_NAMES", "`1`: residents read who leads their report, not only which desk has it"),
        Variable("PORTAL_RESIDENT_REPORTS_PER_HOUR", "Reports without account from one address within an hour", "20"),
        Variable("PORTAL_RESIDENT_REPORTS_PER_PHONE", "Reports without account with one phone number within a day", "5"),
        Variable("PORTAL_RESIDENT_ADDITIONS_PER_DAY", "What a resident may add to one report within a day, times", "5"),
        Variable("PORTAL_RESIDENT_WRONG_PER_HOUR", "Wrong codes, keys and sums from one address within an hour", "30"),
        Variable("PORTAL_RESIDENT_SECONDS", "Seconds that a person needs at least to fill in the form", "3"),
        Variable("PORTAL_RESIDENT_CONTACT_DAYS", "Days until a resident's name and phone are erased once the report is over", "180"),
        Variable("PORTAL_GDAL_LIBRARY", "Path of the system's libgdal. Empty: the one that pyogrio's wheel carries"),
        Variable("PORTAL_GEOS_LIBRARY", "Path of the system's libgeos_c. Empty: the one that shapely's wheel carries"),
        Variable("PORTAL_HEARTBEATS", "Folder for the workers' signs of life; `./portal run` sets it"),
        Variable("PROMETHEUS_MULTIPROC_DIR", "Folder where the web processes add up their metrics; `./portal run` sets it"),
    )
}


FAULTS: list[str] = []
"""What is wrong with the environment, a sentence each, as the settings found it."""


def text(name: str) -> str:
    """The variable's text, or its default. Raises KeyError for one that is not declared here."""
    return os.environ.get(name, "").strip() or VARIABLES[name].default


def number(name: str) -> int:
    """A whole number that is not negative. Another text is a fault, and the default counts until the settings are complete."""
    given = text(name)
    if given.isascii() and given.isdigit():
        return int(given)
    FAULTS.append(f"{name} must be a whole number, not {given!r}.")
    return int(VARIABLES[name].default)


def flag(name: str) -> bool:
    """Whether it is `1`. Anything but `1`, `0` or nothing is a fault."""
    given = text(name)
    if given not in {"", "0", "1"}:
        FAULTS.append(f"{name} must be 1 or 0, not {given!r}.")
    return given == "1"


def names(name: str) -> list[str]:
    """What stands between commas."""
    return [part for part in (part.strip() for part in text(name).split(",")) if part]


def required(name: str) -> str:
    """The text of a variable that a server must have. Its absence is a fault."""
    given = text(name)
    if not given:
        FAULTS.append(f"{name} is not set: {VARIABLES[name].meaning}.")
    return given


def refuse_faults() -> None:
    """Raise ImproperlyConfigured with everything that is wrong, so that one look at one message is enough."""
    if FAULTS:
        raise ImproperlyConfigured(
            "\n".join(["The environment is not complete (docs/operations.md):", *(f"- {fault}" for fault in FAULTS)])
        )


def table() -> str:
    """The variables as the table of docs/operations.md."""
    rows = ["| Variable | Meaning | Default |", "| --- | --- | --- |"]
    for variable in VARIABLES.values():
        default = "**required on servers**" if variable.required else (f"`{variable.default}`" if variable.default else "–")
        rows.append(f"| `{variable.name}` | {variable.meaning} | {default} |")
    return "\n".join(rows)
