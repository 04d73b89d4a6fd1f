"""Sign-in: passwords, lock-out, second factor, sessions, the optional OpenID Connect provider. `base` takes all of it."""

from django.utils.translation import gettext_lazy as _

from . import environment


def _minutes(name: str) -> int:
    """A number of minutes from the environment, in seconds."""
    return 60 * environment.number(name)


AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "tongshan_portal.signin.hashers.PortalArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # what an older installation may have stored: renewed at the next sign-in
]

# Passwords. Length and the list of known ones do the work (ASVS 6.2.1, 6.2.4); kinds of characters, history and age are
# what level 3 of the national baseline (等保) asks for besides. 0 turns an item off.
PASSWORD_MIN_LENGTH = environment.number("PORTAL_PASSWORD_MIN_LENGTH")
PASSWORD_CHARACTER_KINDS = environment.number("PORTAL_PASSWORD_CHARACTER_KINDS")
PASSWORD_HISTORY = environment.number("PORTAL_PASSWORD_HISTORY")
PASSWORD_MAX_AGE_DAYS = environment.number("PORTAL_PASSWORD_MAX_AGE_DAYS")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tongshan_portal.signin.passwords.LengthValidator"},
    {"NAME": "tongshan_portal.signin.passwords.CharacterKindsValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "tongshan_portal.signin.passwords.HistoryValidator"},
]

# Lock-out: failures within a window, then a wait. See docs/decisions for why three budgets and why in PostgreSQL.
# name: (failures, window in seconds, wait in seconds)
SIGNIN_LIMITS = {
    "pair": (5, _minutes("PORTAL_LOCKOUT_MINUTES"), _minutes("PORTAL_LOCKOUT_MINUTES")),
    "account": (20, 3600, 60),
    "address": (100, 900, 900),
}
SIGNIN_KNOWN_ADDRESS_DAYS = 30
# Whom to call, shown on the sign-in page and with every lock-out: a name and a number.
HELP_CONTACT = environment.text("PORTAL_HELP_CONTACT")

# Second factor: the roles that must have one. Empty in a demo, unless PORTAL_DEMO_MFA=1.
MFA_REQUIRED_ROLES = frozenset(environment.names("PORTAL_MFA_ROLES"))

# Sessions: seconds without a request until sign-out, and seconds until sign-out whatever one does.
SESSION_IDLE_SECONDS = _minutes("PORTAL_SESSION_IDLE_MINUTES")
SESSION_COOKIE_AGE = _minutes("PORTAL_SESSION_LIFETIME_MINUTES")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Requests that a page makes by itself do not keep a session awake.
SESSION_PASSIVE_PATHS = ("/live/",)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# django-allauth. Its own rate limits live in the cache and go with it: ours (SIGNIN_LIMITS) replace them.
ACCOUNT_ADAPTER = "tongshan_portal.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "tongshan_portal.signin.forms.SignInForm", "change_password": "tongshan_portal.signin.forms.PasswordChangeForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False
ACCOUNT_PASSWORD_MIN_LENGTH = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "tongshan_portal.signin.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "tongshan_portal.signin.forms.CodeForm",
    "reauthenticate": "tongshan_portal.signin.forms.CodeAgainForm",
    "activate_totp": "tongshan_portal.signin.forms.ActivateCodeForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = environment.flag("PORTAL_WEBAUTHN_INSECURE")
USERSESSIONS_TRACK_ACTIVITY = False  # our middleware keeps "last seen", once a minute instead of at every request

# OpenID Connect, optional. An account is never created: the provider's `preferred_username` must be the name of an active one.
OIDC_ISSUER = environment.text("PORTAL_OIDC_ISSUER")
OIDC_PROVIDER_ID = "staff"
OIDC_LINK_BY_USERNAME = environment.flag("PORTAL_OIDC_LINK_BY_USERNAME")
SOCIALACCOUNT_ADAPTER = "tongshan_portal.signin.adapters.OidcAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER_ID,
                "name": environment.text("PORTAL_OIDC_NAME") or _("the district's unified sign-in"),
                "client_id": environment.text("PORTAL_OIDC_CLIENT_ID"),
                "secret": environment.text("PORTAL_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True, "fetch_userinfo": False},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
