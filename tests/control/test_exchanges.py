"""Exchanges browsed from the newest on, one with its checks, and as code."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import yaml

from tests.asgi import call
from tests.control.conftest import Steering
from understudy.control.exchanges import RedactedExchange
from understudy.control.operations import exchanges as operations


def customer(steering: Steering, email: str, **more: str) -> None:
    body = {"mode": "Add", "matchBy": "Email", "data": [{"email": email, **more}]}
    steering.call_vendor("ecdp", "POST", "/customers", body)


def browse(steering: Steering, **asked: Any) -> Any:
    return steering.get(f"/worlds/{{world}}/exchanges?{urlencode(asked)}")


def numbers(steering: Steering, **asked: Any) -> list[int]:
    return [each["number"] for each in browse(steering, **asked)["exchanges"]]


@pytest.fixture
def busy(steering: Steering) -> Steering:
    """Five exchanges: two customers, one refused by the contract, one refused for its credentials, one reading."""
    customer(steering, "one@example.com", firstName="Ada")
    customer(steering, "two@example.com", firstName="Čeněk", lastName='of "quotes"')
    steering.call_vendor("ecdp", "POST", "/customers", {"mode": "No such mode", "matchBy": "Email", "data": []})
    steering.call_vendor("ecdp", "GET", "/customerattributes", **{"x-api-key": "unknown-key-1"})
    steering.call_vendor("ecdp", "GET", "/customerattributes?name=a+b%21")
    return steering


@pytest.fixture
def escaped(busy: Steering) -> Steering:
    """Another exchange, whose body writes its characters by escapes."""
    target = f"/@{busy.world_name}/ecdp/customers"
    body = rb'{"mode": "\u0065scaped\/by json"}'
    call(busy.understudy.asgi, "POST", target, headers={"content-type": "application/json"}, body=body)
    return busy


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"operation": "save_customers"}, [3, 2, 1]),
        ({"method": "get"}, [5, 4]),
        ({"status": "4xx"}, [4, 3]),
        ({"outcome": "contract"}, [3]),
        ({"text": "ONE@example"}, [1]),
        ({"text": "čeněk"}, [2]),
        ({"text": '"quotes"'}, [2]),
        ({"text": "a b!"}, []),
        ({"text": "name=a+b%21"}, [5]),
        ({"text": "/customerattributes"}, [5, 4]),
        ({"text": "content-type: application/json", "method": "POST"}, [3, 2, 1]),
        ({"mentions": "one@example.com"}, [1]),
        ({"mentions": "one@example"}, []),
        ({"mentions": "a b!"}, [5]),
        ({"mentions": "customerattributes"}, [5, 4]),
        ({"before": 3}, [2, 1]),
        ({"after": 3}, [5, 4]),
        ({"before": 5, "after": 3}, [4]),
        ({"text": "no such text"}, []),
    ],
)
def test_exchanges_are_found_newest_first(busy: Steering, asked: dict[str, Any], expected: list[int]) -> None:
    assert numbers(busy, **asked) == expected


@pytest.mark.parametrize("asked", [{"text": "escaped/by"}, {"mentions": "escaped/by json"}])
def test_a_text_that_json_has_escaped_is_found(escaped: Steering, asked: dict[str, str]) -> None:
    assert numbers(escaped, **asked) == [6]


def test_pages_follow_each_other_without_a_gap(busy: Steering) -> None:
    first = browse(busy, limit=2)
    second = browse(busy, limit=2, before=first["next"])
    third = browse(busy, limit=2, before=second["next"])

    pages = [[each["number"] for each in page["exchanges"]] for page in (first, second, third)]
    assert pages == [[5, 4], [3, 2], [1]]
    assert "next" not in third
    assert "next" not in browse(busy, limit=5)


def test_a_search_that_is_not_over_names_where_to_go_on(busy: Steering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MAX_SEARCHED", 2)

    found = browse(busy, text="one@example.com")
    assert (found["exchanges"], found["next"]) == ([], 4)
    found = browse(busy, text="one@example.com", before=2)
    assert ([each["number"] for each in found["exchanges"]], "next" in found) == ([1], False)


def test_an_unknown_operation_is_refused_with_the_nearest_name(busy: Steering) -> None:
    answer = busy.ask("GET", "/worlds/{world}/exchanges?vendor=ecdp&operation=save_customer")

    assert answer.status == 400
    assert "did you mean 'save_customers'?" in answer.json["title"]


def test_a_credential_is_neither_shown_nor_found(busy: Steering) -> None:
    shown = json.dumps(busy.get("/worlds/{world}/exchanges/4"))

    assert "unknown-key-1" not in shown
    assert numbers(busy, text="unknown-key-1") == numbers(busy, mentions="unknown-key-1") == []


def test_a_refused_exchange_shows_the_rule_and_its_place(busy: Steering) -> None:
    found = busy.get("/worlds/{world}/exchanges/3")

    [violation] = [each for each in found["refusal"]["violations"] if each["path"] == "/mode"]
    assert (violation["in"], violation["rule"]) == ("body", "enum")
    assert "No such mode" in violation["message"]
    assert [(each["check"], each["result"]) for each in found["checks"]] == [
        ("route", "passed"), ("credentials", "passed"), ("parameters", "passed"), ("body", "failed"),
        ("rules", "skipped"), ("answer", "skipped"),
    ]  # fmt: skip


def test_an_accepted_exchange_passed_every_check(busy: Steering) -> None:
    found = busy.get("/worlds/{world}/exchanges/1")

    assert "refusal" not in found
    assert {each["result"] for each in found["checks"]} == {"passed"}


def test_missing_credentials_fail_the_check_of_credentials(busy: Steering) -> None:
    checks = {each["check"]: each["result"] for each in busy.get("/worlds/{world}/exchanges/4")["checks"]}

    assert checks["credentials"] == "failed"
    assert (checks["route"], checks["parameters"], checks["answer"]) == ("passed", "skipped", "skipped")


def test_a_refusal_by_a_rule_lists_the_rules_of_its_status(steering: Steering) -> None:
    steering.call_vendor("crmcom", "GET", "/purchases/no-such-purchase")
    found = steering.get("/worlds/{world}/exchanges/1")

    assert found["outcome"] == "rule"
    assert found["rules"] == [{"rule": "The purchase exists."}]
    assert found["refusal"]["title"]
    assert {each["check"]: each["result"] for each in found["checks"]}["rules"] == "failed"


def test_an_unknown_path_fails_the_check_of_the_route(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", "/no-such-thing")
    [check] = steering.get("/worlds/{world}/exchanges/1")["checks"]

    assert (check["check"], check["result"]) == ("route", "failed")


def test_a_fault_leaves_the_checks_out(steering: Steering) -> None:
    steering.post("/worlds/{world}/faults", {"kind": "status", "status": 503, "times": 1}, status=201)
    steering.call_vendor("ecdp", "GET", "/customerattributes")
    found = steering.get("/worlds/{world}/exchanges/1")

    assert (found["outcome"], found["fault"]) == ("fault", "fault-1")
    assert {each["result"] for each in found["checks"]} == {"skipped"}


@pytest.mark.parametrize("secret", ["qz7", "correct horse battery staple"], ids=["short", "long"])
def test_a_refusal_does_not_quote_a_password(steering: Steering, secret: str) -> None:
    steering.call_vendor(
        "ecdp", "POST", "/customers", {"mode": "Add", "matchBy": "Email", "data": {"password": secret}}
    )

    found = steering.get("/worlds/{world}/exchanges/1")
    assert found["refusal"]["violations"]
    assert secret not in json.dumps(found["refusal"])
    assert steering.get("/worlds/{world}/journal")[0]["refusal"] == found["refusal"]


def test_an_exchange_links_to_the_records_it_is_about(steering: Steering) -> None:
    purchases = steering.get("/worlds/{world}/collections/crmcom/purchases?limit=1")["records"]
    contact = (
        purchases[0]["contact"]["id"]
        if purchases
        else steering.get("/worlds/{world}/collections/crmcom/contacts")["records"][0]["id"]
    )
    steering.call_vendor("crmcom", "GET", f"/purchases?contact_id={contact}")

    found = steering.get("/worlds/{world}/exchanges/1")["records"]
    assert ("contacts", contact) in {(each["collection"], each["key"]) for each in found}


@pytest.mark.parametrize("number", [6, 999])
def test_an_exchange_that_is_not_there_is_refused(busy: Steering, number: int) -> None:
    assert busy.ask("GET", f"/worlds/{{world}}/exchanges/{number}").status == 404
    assert busy.ask("GET", f"/worlds/{{world}}/exchanges/{number}/har").status == 404


def test_a_cleared_journal_has_no_old_exchange(busy: Steering) -> None:
    busy.ask("DELETE", "/worlds/{world}/journal")
    customer(busy, "six@example.com")

    assert busy.ask("GET", "/worlds/{world}/exchanges/5").status == 404
    assert busy.get("/worlds/{world}/exchanges/6")["number"] == 6
    assert numbers(busy) == [6]


def test_one_exchange_is_an_http_archive(busy: Steering) -> None:
    [entry] = busy.get("/worlds/{world}/exchanges/2/har")["log"]["entries"]

    assert "two@example.com" in entry["request"]["postData"]["text"]


def code(steering: Steering, number: int, form: str) -> str:
    answer = steering.ask("GET", f"/worlds/{{world}}/exchanges/{number}/code?form={form}")
    assert answer.status == 200, answer.body
    return answer.body.decode()


def test_the_curl_command_repeats_the_call(busy: Steering) -> None:
    assert "curl -X POST" in code(busy, 1, "curl")


def test_the_assertion_holds_in_the_world_it_was_made_of(busy: Steering) -> None:
    text = code(busy, 1, "pytest")
    found = [each for each in busy.get("/worlds/{world}/journal") if each["number"] == 1]
    scope: dict[str, Any] = {}
    exec(text, scope)  # noqa: S102 - code that was made just now

    asked: list[Any] = []

    def calls(*operation: str, **narrowing: Any) -> list[Any]:
        asked.append((*operation, narrowing["status"], narrowing["request"]["data"]))
        return found

    scope["test_the_client_calls_save_customers"](SimpleNamespace(calls=calls))
    assert asked == [("save_customers", 201, [{"email": "one@example.com", "firstName": "Ada"}])]
    found[0]["response"]["body"]["status"] = 7
    with pytest.raises(AssertionError):
        scope["test_the_client_calls_save_customers"](SimpleNamespace(calls=calls))


def test_the_fixture_makes_the_call_with_the_credentials_of_its_world(busy: Steering) -> None:
    text = code(busy, 1, "fixture")
    compile(text, "fixture", "exec")

    assert 'ecdp.credentials["api_key"]' in text
    assert "(hidden)" not in text
    assert f"@{busy.world_name}" not in text


@pytest.mark.parametrize(("size", "status"), [(65_536, 200), (65_537, 422)])
def test_code_of_a_long_body_is_refused(steering: Steering, size: int, status: int) -> None:
    body = {"mode": ""}
    body["mode"] = "x" * (size - len(json.dumps(body)))
    steering.call_vendor("ecdp", "POST", "/customers", body)

    answers = [steering.ask("GET", f"/worlds/{{world}}/exchanges/1/code?form={form}") for form in ("curl", "pytest")]
    assert [answer.status for answer in answers] == [status, status]


def test_hostile_names_stay_within_the_code(steering: Steering) -> None:
    customer(steering, "a@example.com", firstName='"""\'\\n); import os #')
    for form in ("pytest", "fixture"):
        compile(code(steering, 1, form), form, "exec")


def test_the_scenario_states_the_record_of_the_answer(steering: Steering) -> None:
    contact = steering.get("/worlds/{world}/collections/contacthub/customers?limit=1")["records"][0]
    workspace = steering.world.credentials["contacthub"]["workspace"]
    steering.call_vendor("contacthub", "GET", f"/workspaces/{workspace}/customers/{contact['id']}")
    text = code(steering, 1, "scenario")

    assert yaml.safe_load(text) == {"records": {"contacthub": {"customers": [contact]}}}


def test_only_what_could_hold_a_text_is_parsed(busy: Steering, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []

    def show_bodies(call: RedactedExchange) -> Iterator[None]:
        parsed.append(call.number)
        return iter(())

    monkeypatch.setattr(RedactedExchange, "show_bodies", show_bodies)
    assert numbers(busy, text="no such text") == []
    assert parsed == [2]  # whose body writes letters by escapes


def test_records_are_searched_in_any_case_and_paged(steering: Steering) -> None:
    path = "/worlds/{world}/collections/ecdp/customers"
    every = steering.get(f"{path}?limit=1000")["records"]
    having = [each for each in every if "@EXAMPLE.COM" in json.dumps(each).upper()]
    assert 2 < len(having) < len(every)

    found, offset = [], 0
    while offset is not None:
        page = steering.get(f"{path}?text=%40Example.com&limit=2&offset={offset}")
        assert len(page["records"]) == 2 or "next" not in page
        found += page["records"]
        offset = page.get("next")
    assert found == having


@pytest.mark.parametrize("text", ["Čeněk", "ČENĚK", 'with "quotes"', "back\\slash"])
def test_records_are_found_by_any_letters(steering: Steering, text: str) -> None:
    steering.world.vendors["crmcom"].collection("settings").put(
        {"name": "odd", "value": 'čeněk with "quotes" back\\slash'}
    )

    found = steering.get(f"/worlds/{{world}}/collections/crmcom/settings?text={quote(text)}")["records"]
    assert [each["name"] for each in found] == ["odd"]


def test_a_stretch_names_the_next_one(steering: Steering) -> None:
    path = "/worlds/{world}/collections/crmcom/contacts"
    total = steering.get(path)["total"]

    assert steering.get(f"{path}?limit={total - 1}")["next"] == total - 1
    assert "next" not in steering.get(f"{path}?limit={total}")


def test_all_records_are_exported_as_json_and_csv(steering: Steering) -> None:
    every = steering.get("/worlds/{world}/collections/crmcom/contacts?limit=10000")["records"]

    assert steering.get("/worlds/{world}/records/crmcom/contacts/json") == every
    answer = steering.ask("GET", "/worlds/{world}/records/crmcom/contacts/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.body.decode().split("\r\n")
    assert lines[0].split(",")[0] == "id"
    assert [line.split(",")[0] for line in lines[1:-1]] == [each["id"] for each in every]


def test_an_empty_collection_is_exported(steering: Steering) -> None:
    steering.world.vendors["crmcom"].collection("sessions").clear()

    assert steering.get("/worlds/{world}/records/crmcom/sessions/json") == []
    assert steering.ask("GET", "/worlds/{world}/records/crmcom/sessions/csv").body == b"token\r\n"


def test_a_record_links_to_others_and_they_to_it(steering: Steering) -> None:
    contact = steering.get("/worlds/{world}/collections/crmcom/contacts?limit=1")["records"][0]["id"]
    account = {"id": "f3b0a3de-0000-4000-8000-000000000001", "primary_of": contact}
    steering.world.vendors["crmcom"].collection("accounts").put(account)

    links = steering.get(f"/worlds/{{world}}/links/crmcom/accounts/{account['id']}")["links"]
    assert {"path": "/primary_of", "collection": "contacts", "key": contact} in links
    back = steering.get(f"/worlds/{{world}}/links/crmcom/contacts/{contact}?limit=1000")["linked_from"]
    [accounts] = [each for each in back if each["collection"] == "accounts"]
    assert account["id"] in accounts["keys"]
    assert accounts["path"].startswith("/")
