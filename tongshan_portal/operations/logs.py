"""Structured logs: one line per event, JSON on servers, readable on one's own machine, without personal data in either."""

import re

import structlog

_PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "[identity number]"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "[phone]"),
    (re.compile(r"/r/([^/\s]+)/[^/\s]+"), r"/r/\1/[key]"),  # the half of a resident's address that opens the report
)


def without_personal_data(text: str) -> str:
    """The text with identity numbers and mobile phone numbers replaced by what they are."""
    for pattern, word in _PERSONAL:
        text = pattern.sub(word, text)
    return text


def mask_personal_data(_logger, _method, event: dict) -> dict:
    """A structlog processor: masks every text of an event, nested ones too."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value):
    if isinstance(value, str):
        return without_personal_data(value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value


def configuration(*, json: bool, level: str = "INFO") -> dict:
    """The value of settings.LOGGING. A line break in a logged value cannot begin a new line: JSON escapes it, the console quotes it."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=("status_code", "server_time")),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.processors.KeyValueRenderer(key_order=["event"])
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": structlog.stdlib.ProcessorFormatter, "foreign_pre_chain": shared, "processors": processors}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
    }
