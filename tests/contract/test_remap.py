from pathlib import Path

import pytest

from tests.acme import Company, Json, answers, spec
from tests.asgi import call
from understudy.core.misconfigured import Misconfigured

ID = {"name": "thingId", "in": "path", "required": True, "schema": {"type": "string"}}


def shop() -> Json:
    """Return a document with two operations on one path, of which one has an inferred place."""
    guessed = {"path": "inferred", "shapes": "documented", "errors": "inferred"}
    read = {"operationId": "get_thing", "x-provenance": guessed, "responses": {"200": answers(one={"name": "one"})}}
    change = {"operationId": "update_thing", "responses": {"200": answers(two={"name": "two"})}}
    return spec(paths={"/things/{thingId}": {"parameters": [ID], "get": read, "put": change}})


def remapped(company: Company, text: str) -> Path:
    path = company.root / "remap.yaml"
    path.write_text(text)
    return path


def test_a_moved_operation_is_served_at_its_new_place_only(company: Company) -> None:
    company.write_spec("acme", shop())
    moves = remapped(company, "get_thing: POST /api/things/{thingId}/read\n")

    asgi = company.start(remap=moves).asgi

    assert call(asgi, "POST", "/acme/api/things/7/read").json == {"name": "one"}
    assert call(asgi, "GET", "/acme/things/7").status == 405
    assert call(asgi, "PUT", "/acme/things/7").json == {"name": "two"}


def test_two_operations_may_swap_places(company: Company) -> None:
    company.write_spec("acme", shop())
    moves = remapped(company, "get_thing: PUT /things/{thingId}\nacme.update_thing: GET /things/{thingId}\n")

    asgi = company.start(remap=moves).asgi

    assert call(asgi, "GET", "/acme/things/7").json == {"name": "two"}
    assert call(asgi, "PUT", "/acme/things/7").json == {"name": "one"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("get_thin: GET /things/{thingId}", "no operation 'get_thin'; did you mean 'get_thing'?"),
        ("get_thing: /things/{thingId}", "is no place; write 'METHOD /path'"),
        ("get_thing: FETCH /things/{thingId}", "is no place"),
        ("get_thing: PUT /things/{thingId}", "PUT /things/{thingId} is already"),
        ("get_thing: GET /things/{id}", "get_thing cannot move to /things/{id}: its path has the parameters {thingId}"),
        ("- get_thing", "write one 'operationId: METHOD /path' a line"),
        ("a: ]", "not YAML"),
    ],
)
def test_an_impossible_move_is_refused_with_its_reason(company: Company, text: str, why: str) -> None:
    company.write_spec("acme", shop())

    with pytest.raises(Misconfigured) as refused:
        company.start(remap=remapped(company, text))

    assert why in str(refused.value)
    assert str(refused.value).startswith(f"{company.root / 'remap.yaml'}:1: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "wrong",
    ["get_thin: GET /x", "get_thing: x", "get_thing: [GET]", "get_thing: PUT /things/{thingId}", "get_thing: GET /x"],
)
def test_a_mistake_in_a_later_line_names_that_line(company: Company, wrong: str) -> None:
    company.write_spec("acme", shop())
    path = remapped(company, f"# moved\n\n# by hand\n{wrong}\n")

    with pytest.raises(Misconfigured) as refused:
        company.start(remap=path)

    assert str(refused.value).startswith(f"{path}:4: ")


def test_an_operation_id_of_two_vendors_needs_its_vendor(company: Company) -> None:
    company.write_spec("acme", shop())
    company.write_spec("bolt", shop())

    with pytest.raises(Misconfigured, match=r"several vendors have 'get_thing': write 'acme\.get_thing'"):
        company.start(remap=remapped(company, "get_thing: GET /x/{thingId}"))

    asgi = company.start(remap=remapped(company, "bolt.get_thing: GET /x/{thingId}")).asgi
    assert call(asgi, "GET", "/bolt/x/1").status == 200
    assert call(asgi, "GET", "/acme/things/1").status == 200


def test_a_file_that_cannot_be_read_is_named(company: Company) -> None:
    company.write_spec("acme", shop())

    with pytest.raises(Misconfigured, match=r"nowhere\.yaml: cannot be read"):
        company.start(remap=company.root / "nowhere.yaml")


def test_an_unknown_path_hints_at_a_similar_inferred_path(company: Company) -> None:
    company.write_spec("acme", shop())
    asgi = company.start().asgi

    hint = call(asgi, "GET", "/acme/thing/7").headers["understudy-hint"]

    assert "get_thing" in hint
    assert "--remap" in hint


def test_an_unknown_path_unlike_any_inferred_path_is_no_matter_of_remapping(company: Company) -> None:
    company.write_spec("acme", spec())

    assert call(company.start().asgi, "GET", "/acme/thin").headers["understudy-hint"] == "did you mean /acme/thing?"
