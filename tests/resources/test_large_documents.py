"""Large documents: the time to read one grows with its size alone, and each schema is compiled once."""

import json
from pathlib import Path
from time import process_time
from typing import Any

from tests.own_document import document
from tests.resources.acme_document import CUSTOMER, collection, in_path, item
from understudy.contract.compiled_operations import compile_operations
from understudy.contract.foreign.loading import load_foreign
from understudy.contract.json_schema_validator import LazyValidator
from understudy.contract.schema_compiler import compiler_of
from understudy.resources.recognition import find_resources
from understudy.resources.references import References


def many(count: int) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for number in range(count):
        name = f"things{number}"
        for path, node in (
            (f"/{name}", collection("Customer")),
            (f"/{name}/{{id}}", item("id", "Customer")),
            (f"/{name}/{{id}}/cancel", {"post": {"parameters": [in_path("id")], "responses": {"204": {}}}}),
        ):
            paths[path] = {
                method: {**part, "operationId": f"{method}{number}{len(path)}"} if isinstance(part, dict) else part
                for method, part in node.items()
            }
    return document(paths, Customer=CUSTOMER)


def seconds(folder: Path, count: int) -> float:
    path = folder / f"{count}.json"
    path.write_text(json.dumps(many(count)))
    read = load_foreign("acme", str(path))
    operations = compile_operations(read)
    start = process_time()
    resources = find_resources(read, operations)
    references = References(resources)
    for each in resources:
        references.parents(each)
    spent = process_time() - start
    assert len(resources) == count
    return spent


def test_recognition_takes_time_by_the_number_of_paths_and_not_by_its_square(tmp_path: Path) -> None:
    seconds(tmp_path, 10)  # modules are imported, caches are warm
    few, many_more = seconds(tmp_path, 100), seconds(tmp_path, 800)

    assert many_more < 24 * few + 0.5  # 8 times as many; by the square it would be 64 times


def test_a_schema_is_compiled_once_however_often_it_is_asked_for() -> None:
    made: list[dict[str, Any]] = []

    def make() -> tuple[dict[str, Any], None]:
        made.append({"type": "string"})
        return made[-1], None

    validator = LazyValidator(make)
    for _ in range(3):
        validator.compile()
    assert validator.is_valid("text")
    assert not validator.is_valid(1)
    assert len(made) == 1


def test_operations_and_samples_share_the_validators_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    path.write_text(json.dumps(many(1)))
    read = load_foreign("acme", str(path))
    added = next(each for each in compile_operations(read) if each.method == "post" and each.body is not None)
    response = added.responses["201"]

    shared = compiler_of(read, is_lazy=True).validator({"$ref": "#/components/schemas/Customer"}, "response")

    assert response.media["application/json"] is shared
