from typing import Any

import pytest

from tests.acme import SENTENCE, Company, Json, refuses, spec
from tests.asgi import Answer, call

BOUNDARY = "split-here"
FORM = {
    "type": "object",
    "required": ["file", "kind"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "kind": {"type": "string", "enum": ["CSV", "TSV"]},
    },
}
TAKE_FILE = """
from understudy.core.reply import Reply

def take_file(world, body):
    file = body["file"]
    text = file.content.read().decode() if hasattr(file, "content") else f"no file: {file}"
    return Reply({"said": f"{body['kind']} {getattr(file, 'filename', '')} {text}"})
"""


def document() -> Json:
    answer = {"description": "Taken.", "content": {"application/json": {"schema": SENTENCE}}}
    operation = {
        "operationId": "take_file",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}},
        "responses": {"200": answer, "400": refuses(), "413": refuses(), "415": refuses()},
    }
    return spec(paths={"/files": {"post": operation}})


@pytest.fixture
def asgi(company: Company) -> Any:
    company.write_spec("acme", document())
    company.write_folder("acme", {"operations/files": TAKE_FILE})
    return company.start().asgi


def part(name: str, text: str, filename: str = "") -> str:
    file = f'; filename="{filename}"' if filename else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{text}\r\n'


def post(asgi: Any, *parts: str, end: str = f"--{BOUNDARY}--\r\n", boundary: str = f"; boundary={BOUNDARY}") -> Answer:
    body = "".join((*parts, end)).encode()
    return call(asgi, "POST", "/acme/files", headers={"content-type": f"multipart/form-data{boundary}"}, body=body)


def test_a_file_reaches_the_operation_with_its_name_and_bytes(asgi: Any) -> None:
    answer = post(asgi, part("kind", "CSV"), part("file", "a,b\r\n1,2", "rows.csv"))

    assert (answer.status, answer.json["said"]) == (200, "CSV rows.csv a,b\r\n1,2")


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([part("kind", "CSV")], id="missing file"),
        pytest.param([part("kind", "XML"), part("file", "a", "a.csv")], id="unknown kind"),
        pytest.param([part("kind", "CSV"), part("kind", "CSV"), part("file", "a", "a.csv")], id="repeated field"),
        pytest.param([], id="no field"),
    ],
)
def test_a_form_that_breaks_the_schema_is_refused(asgi: Any, parts: list[str]) -> None:
    answer = post(asgi, *parts)

    assert (answer.status, answer.headers["understudy-refused-by"]) == (400, "contract")


def test_a_form_without_end_or_boundary_is_malformed(asgi: Any) -> None:
    good = [part("kind", "CSV"), part("file", "a", "a.csv")]

    assert post(asgi, *good, end="").status == 400
    assert post(asgi, *good, boundary="").status == 400
    assert post(asgi, "no form at all").status == 400
