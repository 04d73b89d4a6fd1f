"""The OpenAPI 3.1 document of the intake, made from what the apps registered."""

from typing import Any

from django.utils.translation import gettext as _

from ..conf import limit
from ..importers import Outcome
from . import signing
from .registry import Intake, all_intakes

REFUSALS = {
    "401": "Not signed, wrongly signed, or out of its time.",
    "403": "Not for this system, or not from this address.",
    "409": "A call with this nonce was taken before.",
    "413": "Too many rows or bytes.",
    "415": "The body is not application/json.",
    "422": "The body cannot be read, or no row is good.",
    "429": "Too many calls within a minute.",
}


def document() -> dict[str, Any]:
    """The document as plain values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Tongshan governance portal: intake from other systems"),
            "version": "1",
            "description": _("Every call is signed; docs/intake.md shows how, with an example."),
        },
        "paths": {f"/api/{intake.path}": {"post": _operation(intake)} for intake in all_intakes()},
        "components": {
            "securitySchemes": {"signature": {"type": "apiKey", "in": "header", "name": signing.SIGNATURE}},
            "parameters": {name: _header(name, words) for name, words in _headers().items()},
            "schemas": {**{_row_name(intake): dict(intake.schema()) for intake in all_intakes()}, **_answers()},
        },
        "security": [{"signature": []}],
    }


def _row_name(intake: Intake) -> str:
    return f"{intake.name}-row"


def _headers() -> dict[str, str]:
    return {
        signing.SYSTEM: _("The code of the system."),
        signing.TIMESTAMP: _("Seconds since 1970."),
        signing.NONCE: _("16 to 64 characters, of its own for every call."),
    }


def _header(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": words}


def _operation(intake: Intake) -> dict[str, Any]:
    batch = {
        "type": "object",
        "required": ["rows"],
        "properties": {
            "rows": {
                "type": "array",
                "minItems": 1,
                "maxItems": limit("INTAKE_MAX_ROWS"),
                "items": {"$ref": f"#/components/schemas/{_row_name(intake)}"},
            }
        },
    }
    responses: dict[str, Any] = {
        "202": {
            "description": "The good rows are stored.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Received"}}},
        }
    }
    for status, words in REFUSALS.items():
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[status] = {"description": words, "content": content}
    return {
        "operationId": f"send_{intake.name}",
        "summary": str(intake.label),
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in _headers()],
        "requestBody": {"required": True, "content": {"application/json": {"schema": batch}}},
        "responses": responses,
    }


def _answers() -> dict[str, Any]:
    error = {
        "type": "object",
        "required": ["row", "field", "sentence"],
        "properties": {"row": {"type": "integer", "minimum": 0}, "field": {"type": "string"}, "sentence": {"type": "string"}},
    }
    row = {
        "type": "object",
        "required": ["row", "outcome", "reference"],
        "properties": {
            "row": {"type": "integer", "minimum": 0},
            "outcome": {"enum": [str(outcome.value) for outcome in Outcome]},
            "reference": {"type": "string"},
        },
    }
    received = {
        "type": "object",
        "required": ["rows", "errors", *(f"{outcome.value}_rows" for outcome in Outcome)],
        "properties": {
            "rows": {"type": "array", "items": row},
            "errors": {"type": "array", "items": error},
            **{f"{outcome.value}_rows": {"type": "integer"} for outcome in Outcome},
        },
    }
    problem = {
        "type": "object",
        "required": ["type", "title", "status", "detail", "errors"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": error},
        },
    }
    return {"Received": received, "Problem": problem}
