"""Bodies of other shapes: records in two wraps, beside keys, with ids of other spellings and types, in folders."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, empty, sent, serve
from understudy.resources.record_forms import at
from understudy.resources.resource import FIRST

MISSING = {"404": empty()}
WHOLE = {"type": "integer"}


def named(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def pair(
    one: Any, asked: Any = None, body: Any = None, path: str = "/accounts", end: str = "", key: Any = TEXT
) -> dict[str, Any]:
    """Return the document of a collection and its item; ``end`` is that of both paths, ``key`` the id in the path."""
    return document(
        {
            f"{path}{end}": {
                "get": {"responses": {"200": answer(named({"accounts": {"type": "array", "items": asked or one}}))}},
                "post": {"requestBody": sent(body or {"type": "object"}), "responses": {"201": answer(one)}},
            },
            f"{path}/{{account_id}}{end}": {
                "parameters": [{"name": "account_id", "in": "path", "required": True, "schema": key}],
                "get": {"responses": {"200": answer(one), **MISSING}},
                "delete": {"responses": {"204": empty(), **MISSING}},
            },
        }
    )


def assert_kept(api: OwnDocument, body: Any, *place: str, key: str = "id", end: str = "") -> None:
    record: Any = at(api.call("post", f"/accounts{end}", body).json, place)
    found = api.call("get", f"/accounts/{record[key]}{end}")

    assert record["name"] == "Ada"
    assert (found.status, at(found.json, place)) == (200, record)
    assert record in api.call("get", f"/accounts{end}").json["accounts"]
    assert api.call("delete", f"/accounts/{record[key]}{end}").status == 204
    assert api.call("get", f"/accounts/{record[key]}{end}").status == 404


ACCOUNT = named({"id": TEXT, "name": TEXT})


@pytest.mark.parametrize("wrap", ["data", "result"])
def test_a_record_is_found_in_two_wraps(tmp_path: Path, wrap: str) -> None:
    one = named({wrap: named({"account": ACCOUNT, "server_knowledge": WHOLE})})
    api = serve(tmp_path, pair(one, ACCOUNT, named({"account": named({"name": TEXT})})))

    assert_kept(api, {"account": {"name": "Ada"}}, wrap, "account")


def test_a_record_with_an_id_of_its_own_is_not_left_for_a_member_of_its_name(tmp_path: Path) -> None:
    one = named({"id": TEXT, "name": TEXT, "account": ACCOUNT})
    api = serve(tmp_path, pair(named({"data": one}), one))

    assert_kept(api, {"name": "Ada"}, "data")


@pytest.mark.parametrize("name", ["_id", "$id", "Id", "ID", "UUID"])
def test_an_id_of_another_spelling_is_that_of_the_record_and_not_of_a_person_within(tmp_path: Path, name: str) -> None:
    one = named({"_creator": named({name: TEXT, "name": TEXT}), name: TEXT, "name": TEXT})
    api = serve(tmp_path, pair(one, path="/accounts"))

    assert_kept(api, {"name": "Ada"}, key=name)


def test_a_record_is_taken_from_a_member_beside_a_key_of_the_request(tmp_path: Path) -> None:
    body = named({"idempotency_key": TEXT, "account": named({"name": TEXT})})
    api = serve(tmp_path, pair(named({"account": ACCOUNT}), ACCOUNT, body))

    assert_kept(api, {"idempotency_key": "k", "account": {"name": "Ada"}}, "account")


def test_a_member_that_the_record_has_itself_is_no_wrap(tmp_path: Path) -> None:
    parts = {"name": TEXT, "account": named({"name": TEXT})}
    api = serve(tmp_path, pair(named({"id": TEXT, **parts}), body=named(parts)))

    assert_kept(api, {"name": "Ada", "account": {"name": "Bea"}})


@pytest.mark.parametrize("asked", ["integer", "number"])
def test_a_text_that_is_a_number_in_the_path_is_made_of_digits(tmp_path: Path, asked: str) -> None:
    api = serve(tmp_path, pair(ACCOUNT, key={"type": asked}))

    assert_kept(api, {"name": "Ada"})


def test_a_name_is_no_id_where_the_path_asks_for_a_number(tmp_path: Path) -> None:
    api = serve(tmp_path, pair(named({"name": TEXT, "colour": TEXT}), key=WHOLE))
    kept = api.call("post", "/accounts", {"name": "Ada"})

    assert kept.json["name"] == "Ada"
    assert api.call("get", "/accounts/4").json["name"] == "Ada"
    assert api.call("get", "/accounts/5").status == 404


def test_paths_may_end_with_a_slash(tmp_path: Path) -> None:
    assert_kept(serve(tmp_path, pair(ACCOUNT, end="/")), {"name": "Ada"}, end="/")


def test_an_action_below_an_item_may_end_with_a_slash(tmp_path: Path) -> None:
    one = named({"id": TEXT, "name": TEXT, "status": {**TEXT, "enum": ["open", "closed"]}})
    raw = pair(one, end="/")
    close = {**raw["paths"]["/accounts/{account_id}/"]}
    raw["paths"]["/accounts/{account_id}/close/"] = {
        "parameters": close["parameters"],
        "post": {"responses": {"200": answer(one)}},
    }
    api = serve(tmp_path, raw)
    key = api.call("post", "/accounts/", {"name": "Ada", "status": "open"}).json["id"]

    assert api.call("post", f"/accounts/{key}/close/").json["status"] == "closed"


def test_a_post_below_an_item_creates_what_is_read_there_and_is_no_action(tmp_path: Path) -> None:
    raw = pair(ACCOUNT)
    parameters = raw["paths"]["/accounts/{account_id}"]["parameters"]
    target = named({"id": TEXT, "name": TEXT, "url": TEXT})
    raw["paths"]["/accounts/{account_id}/targets"] = {
        "parameters": parameters,
        "post": {"requestBody": sent({"type": "object"}), "responses": {"201": answer(target)}},
    }
    raw["paths"]["/accounts/{account_id}/targets/{target_id}"] = {
        "parameters": [*parameters, {"name": "target_id", "in": "path", "required": True, "schema": TEXT}],
        "get": {"responses": {"200": answer(target), **MISSING}},
        "delete": {"responses": {"204": empty()}},
    }
    api = serve(tmp_path, raw)
    for number in "ab":
        made = api.call("post", "/accounts/x/targets", {"name": number})
        found = api.call("get", f"/accounts/x/targets/{made.json['id']}")

        assert (made.json["name"], found.json) == (number, made.json)
        assert api.call("delete", f"/accounts/x/targets/{made.json['id']}").status == 204
        assert api.call("get", f"/accounts/x/targets/{made.json['id']}").status == 404


def listed_account(*, wrap: str = "", body: Any = None) -> dict[str, Any]:
    """Return the document of accounts that are always shown in lists, of one if need be."""
    many: dict[str, Any] = {"type": "array", "items": {"$ref": "#/components/schemas/Account"}}
    one = named({wrap: many}) if wrap else many
    raw = pair(one, {"$ref": "#/components/schemas/Account"}, body or one)
    raw["components"]["schemas"]["Account"] = ACCOUNT
    return raw


@pytest.mark.parametrize(("wrap", "place"), [("", (FIRST,)), ("accounts", ("accounts", FIRST))])
def test_a_record_is_shown_in_a_list_of_one(tmp_path: Path, wrap: str, place: tuple[str, ...]) -> None:
    api = serve(tmp_path, listed_account(wrap=wrap))

    assert_kept(api, {wrap: [{"name": "Ada"}]} if wrap else [{"name": "Ada"}], *place)


def test_all_records_of_a_sent_list_are_created(tmp_path: Path) -> None:
    api = serve(tmp_path, listed_account(wrap="accounts"), records=0)
    made = api.call("post", "/accounts", {"accounts": [{"name": "Ada"}, {"name": "Bea"}]}).json["accounts"]

    assert [each["name"] for each in made] == ["Ada", "Bea"]
    assert api.call("get", "/accounts").json["accounts"] == made
    assert [api.call("get", f"/accounts/{each['id']}").json["accounts"] for each in made] == [[each] for each in made]


def test_an_empty_list_creates_nothing(tmp_path: Path) -> None:
    api = serve(tmp_path, listed_account(wrap="accounts"), records=0)

    assert api.call("post", "/accounts", {"accounts": []}).status == 201
    assert api.call("get", "/accounts").json == {"accounts": []}


def test_one_record_is_created_where_the_answer_is_a_list(tmp_path: Path) -> None:
    api = serve(tmp_path, listed_account(wrap="accounts", body=ACCOUNT))

    assert_kept(api, {"name": "Ada"}, "accounts", FIRST)


def test_a_record_with_a_name_is_not_the_only_object_in_it(tmp_path: Path) -> None:
    one = named({"name": TEXT, "commit": named({"id": TEXT, "message": TEXT})})
    raw = pair(one)
    raw["paths"]["/accounts/{name}"] = raw["paths"].pop("/accounts/{account_id}")
    raw["paths"]["/accounts/{name}"]["parameters"][0]["name"] = "name"
    api = serve(tmp_path, raw)

    assert_kept(api, {"name": "Ada"}, key="name")


@pytest.mark.parametrize(("parameter", "key"), [("accountKey", "key"), ("account_slug", "slug"), ("accountId", "id")])
def test_the_end_of_a_paths_parameter_names_the_id_although_there_is_another(
    tmp_path: Path, parameter: str, key: str
) -> None:
    raw = pair(named({"id": TEXT, "name": TEXT, "key": TEXT, "slug": TEXT}))
    raw["paths"][f"/accounts/{{{parameter}}}"] = raw["paths"].pop("/accounts/{account_id}")
    raw["paths"][f"/accounts/{{{parameter}}}"]["parameters"][0]["name"] = parameter
    api = serve(tmp_path, raw)

    assert_kept(api, {"name": "Ada", "id": "a1", "key": "k1", "slug": "s1"}, key=key)


def test_a_post_at_an_items_path_creates_what_is_read_below_it(tmp_path: Path) -> None:
    project = {"name": "project", "in": "path", "required": True, "schema": TEXT}
    raw = pair(ACCOUNT)
    raw["paths"] = {
        "/flags/{project}": {
            "parameters": [project],
            "get": {"responses": {"200": answer(named({"items": {"type": "array", "items": ACCOUNT}})), **MISSING}},
            "post": {"requestBody": sent({"type": "object"}), "responses": {"201": answer(ACCOUNT)}},
        },
        "/flags/{project}/{flag}": {
            "parameters": [project, {**project, "name": "flag"}],
            "get": {"responses": {"200": answer(ACCOUNT), **MISSING}},
        },
    }
    api = serve(tmp_path, raw)
    made = api.call("post", "/flags/one", {"name": "Ada"})

    assert made.status == 201
    assert api.call("get", f"/flags/one/{made.json['id']}").json == made.json
    assert api.call("get", "/flags/one").json["items"] == [made.json]
    assert api.call("get", f"/flags/two/{made.json['id']}").status == 404


def test_a_post_at_an_items_path_changes_it_where_the_answer_shows_it(tmp_path: Path) -> None:
    raw = pair(ACCOUNT)
    item = raw["paths"]["/accounts/{account_id}"]
    item["post"] = {"requestBody": sent({"type": "object"}), "responses": {"200": answer(ACCOUNT)}}
    raw["paths"]["/accounts/{account_id}/{photo}"] = {
        "parameters": [*item["parameters"], {**item["parameters"][0], "name": "photo"}],
        "get": {"responses": {"200": answer(named({"id": TEXT, "url": TEXT, "width": WHOLE})), **MISSING}},
    }
    api = serve(tmp_path, raw)
    key = api.call("post", "/accounts", {"name": "Ada"}).json["id"]

    assert api.call("post", f"/accounts/{key}", {"name": "Bea"}).json == {"id": key, "name": "Bea"}
    assert api.call("get", f"/accounts/{key}").json["name"] == "Bea"


def test_the_id_may_be_beside_the_record(tmp_path: Path) -> None:
    one = named({"id": {"type": "number"}, "result": named({"name": TEXT, "size": WHOLE})})
    raw = pair(one, key=WHOLE)
    read = raw["paths"]["/accounts/{account_id}"]["get"]["responses"]
    read["200"] = answer(named({"id": TEXT, "result": named({"id": WHOLE, "name": TEXT, "size": WHOLE})}))
    api = serve(tmp_path, raw)
    made = api.call("post", "/accounts", {"name": "Ada", "size": 4}).json
    found = api.call("get", f"/accounts/{made['id']}").json

    assert (made["result"]["name"], made["result"]["size"]) == ("Ada", 4)
    assert found == {"id": str(made["id"]), "result": {"id": made["id"], "name": "Ada", "size": 4}}


@pytest.mark.parametrize("parameter", ["id_or_slug", "idOrSlug", "accountIdOrSlug", "id-or-slug"])
def test_a_record_is_found_by_either_of_its_names(tmp_path: Path, parameter: str) -> None:
    raw = pair(named({"id": TEXT, "name": TEXT, "slug": TEXT}))
    raw["paths"][f"/accounts/{{{parameter}}}"] = raw["paths"].pop("/accounts/{account_id}")
    raw["paths"][f"/accounts/{{{parameter}}}"]["parameters"][0]["name"] = parameter
    api = serve(tmp_path, raw)
    made = api.call("post", "/accounts", {"name": "Ada", "slug": "ada"}).json

    assert [api.call("get", f"/accounts/{each}").json for each in (made["id"], "ada")] == [made, made]
    assert api.call("get", "/accounts/Ada").status == 404
    assert api.call("delete", "/accounts/ada").status == 204
    assert [api.call("get", f"/accounts/{each}").status for each in (made["id"], "ada")] == [404, 404]


def test_a_record_is_taken_from_the_only_member_that_looks_like_it(tmp_path: Path) -> None:
    body = named({"action": TEXT, "account_info": named({"name": TEXT})})
    api = serve(tmp_path, pair(named({"id": TEXT, "name": TEXT}), body=body))

    assert_kept(api, {"action": "create", "account_info": {"name": "Ada"}})


def test_a_single_record_of_an_unknown_one_is_refused_by_its_name_alone(tmp_path: Path) -> None:
    raw = pair(ACCOUNT)
    setting = answer(named({"colour": TEXT}))
    raw["paths"]["/accounts/{account_id}/setting"] = {
        "parameters": raw["paths"]["/accounts/{account_id}"]["parameters"],
        "get": {"responses": {"200": setting, "404": answer(named({"message": TEXT}))}},
        "put": {"requestBody": sent({"type": "object"}), "responses": {"200": setting}},
    }
    refused = serve(tmp_path, raw).call("get", "/accounts/none/setting")

    assert (refused.status, refused.json) == (404, {"message": "there is no setting"})
