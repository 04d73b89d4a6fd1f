"""Names of queues and tasks, in one place: a message in flight must find its task after an upgrade, so a test freezes them."""

BULK = "bulk"
"""Long work in portions: imports and exports."""

RUN_IMPORT = "exchange.run_import"
RUN_EXPORT = "exchange.run_export"
SWEEP_EXCHANGE = "exchange.sweep"

RUN_BOUNDARIES = "boundaries.run"
SWEEP_BOUNDARIES = "boundaries.sweep"

SWEEP_REPORTS = "reports.sweep"
ERASE_CONTACTS = "reports.erase_contacts"
SWEEP_TALLIES = "reports.sweep_tallies"
SWEEP_VIEWS = "reports.sweep_views"
SWEEP_ALERTS = "alerts.sweep"
SWEEP_ALERT_TALLIES = "alerts.sweep_tallies"

LIVE = "live"
"""Wake-ups of the live path: short, and never behind long work."""

LIVE_DRAIN = "live.drain"
LIVE_SWEEP = "live.sweep"
LIVE_PRUNE = "live.prune"

SWEEP_SIGNIN = "signin.sweep"
SWEEP_GRANTS = "accounts.sweep_grants"
CHECKPOINT_LEDGER = "ledger.checkpoint"

MESSAGES = "messages"
"""Short messages to a gateway, which may take its time: nothing else waits behind it."""

SEND_MESSAGES = "registrations.send_messages"
WAKE_MESSAGES = "registrations.wake_messages"
SWEEP_REGISTRATIONS = "registrations.sweep"

SIGN_OF_LIFE = "operations.sign_of_life"
QUEUES = (LIVE, BULK, MESSAGES)
"""Every queue. Each has workers of its own, so that long work never delays a wake-up."""
