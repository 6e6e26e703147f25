from tests.control.conftest import Steering

REALM = "/worlds/{world}/collections/twc/realms/understudy"


def test_collections_are_listed_with_their_keys(steering: Steering) -> None:
    found = {(each["vendor"], each["name"]): each for each in steering.get("/worlds/{world}/collections")}

    assert found["twc", "realms"] == {"vendor": "twc", "name": "realms", "key": "id", "records": 2}
    assert found["twc", "jobs"]["key"] == "key"


def test_a_record_is_read_written_and_deleted(steering: Steering) -> None:
    written = {"id": "new", "note": "ours"}
    path = "/worlds/{world}/collections/twc/realms/new"
    assert steering.ask("GET", path).status == 404
    assert steering.ask("PUT", path, written).json == written
    assert steering.get(path) == written
    assert steering.ask("DELETE", path).status == 204
    assert steering.ask("DELETE", path).status == 404


def test_records_are_read_by_offset_and_limit(steering: Steering) -> None:
    whole = steering.get("/worlds/{world}/collections/ecdp/customers")["records"]

    part = steering.get("/worlds/{world}/collections/ecdp/customers?offset=2&limit=3")

    assert (part["offset"], part["records"]) == (2, whole[2:5])
    assert part["total"] >= 5


def test_a_key_with_odd_characters_is_percent_encoded(steering: Steering) -> None:
    [first, *_] = steering.get("/worlds/{world}/collections/twc/jobs")["records"]
    key = first["key"].replace("\n", "%0A")

    assert steering.get(f"/worlds/{{world}}/collections/twc/jobs/{key}") == first


def test_an_edited_record_is_in_the_vendors_response(steering: Steering) -> None:
    found = steering.get("/worlds/{world}/collections/ecdp/customers?limit=1")["records"][0]
    key = steering.world.vendors["ecdp"].collection("customers").table.key
    changed = {**found, "firstName": "Renamed"}

    answer = steering.ask("PUT", f"/worlds/{{world}}/collections/ecdp/customers/{found[key]}", changed)

    assert answer.status == 200
    assert steering.world.vendors["ecdp"].collection("customers").get(str(found[key])) == changed


def test_a_record_under_another_key_is_refused(steering: Steering) -> None:
    answer = steering.ask("PUT", REALM, {"id": "another"})

    assert (answer.status, answer.json["title"]) == (422, "the record's id is 'another' and not 'understudy'")


def test_a_record_that_a_vendor_cannot_look_up_is_refused_and_changes_nothing(steering: Steering) -> None:
    refused = 0
    for each in steering.get("/worlds/{world}/collections"):
        path = f"/worlds/{{world}}/collections/{each['vendor']}/{each['name']}/x"
        answer = steering.ask("PUT", path, {each["key"]: "x"})
        if answer.status == 422:
            refused += 1
            assert any(
                why in answer.json["title"]
                for why in ("cannot look up", "cannot show", "cannot send", "is missing", "may not answer")
            )
            assert "literal" not in answer.json["title"]
            assert steering.ask("GET", path).status == 404

    assert refused > 0


def test_a_misspelt_collection_is_refused_with_the_nearest(steering: Steering) -> None:
    answer = steering.ask("GET", "/worlds/{world}/collections/twc/realm")

    assert answer.status == 404
    assert "did you mean 'realms'?" in answer.json["title"]
