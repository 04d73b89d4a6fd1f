"""The document of the intake is OpenAPI 3.1 by somebody else's reading."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_document_is_valid_and_names_every_kind_that_comes_in(client, departments, language):
    response = client.get("/api/openapi.json", headers={"Accept-Language": language})
    document = response.json()
    OpenAPIV31SpecValidator(document).validate()
    assert (response.status_code, response["Content-Type"], document["openapi"]) == (200, "application/json", "3.1.0")
    assert "/api/departments" in document["paths"]
    row = document["components"]["schemas"]["departments-row"]
    assert (row["required"], row["additionalProperties"], row["properties"]["size"]["type"]) == (["code", "name"], False, "integer")


def test_the_reader_notices_a_broken_document(client):
    document = client.get("/api/openapi.json").json()
    del document["info"]["title"]
    with pytest.raises(Exception, match="title"):
        OpenAPIV31SpecValidator(document).validate()
