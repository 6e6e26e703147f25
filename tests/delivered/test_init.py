"""``understudy init``, from the wheel in an environment of its own, away from the checkout: what it writes passes."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import yaml

from tests.commands.own_documents import write_books
from tests.delivered.test_wheel import Installed
from tests.delivered.test_wheel import installed as installed  # noqa: PLC0414 - a fixture of another file
from tests.delivered.test_wheel import wheel as wheel  # noqa: PLC0414 - the same

CODE = (
    'from understudy.behaviour import Refused\n\n\ndef sendParcel(state):\n    raise Refused(400, "no parcels today")\n'
)


@pytest.fixture
def project(installed: Installed, tmp_path: Path) -> Installed:
    """Environment whose commands run in an empty folder."""
    return replace(installed, home=tmp_path)


def run_steps(project: Installed) -> str:
    """Run what the workflow runs, but for the installation; return what the last step has printed."""
    workflow = yaml.safe_load((project.home / ".github/workflows/understudy.yaml").read_text())
    _, *steps = [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step]
    output = ""
    for step in steps:
        output = subprocess.run(
            ["/bin/sh", "-euc", step],
            cwd=project.home,
            env=project.variables,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return output


def test_the_files_of_a_new_project_pass_as_they_stand(project: Installed) -> None:
    assert "wrote understudy.toml" in project.output("init")

    assert "1 passed" in run_steps(project)


def test_the_files_for_a_document_pass_as_they_stand(project: Installed) -> None:
    write_books(project.home / "books.json")
    project.output("init", "books.json")

    assert "1 passed" in run_steps(project)


def send_parcel(root: str) -> httpx.Response:
    parcel = {"recipient": "Ada", "weight": 1}
    return httpx.post(f"{root}/v1/parcels", json=parcel, headers={"X-Parcels-Key": "k"})


def test_a_new_project_is_served_with_its_behaviour(project: Installed) -> None:
    project.output("init")
    with project.serving() as root:
        before = httpx.post(
            f"{root}/v1/parcels", json={"recipient": "Ada", "weight": 1}, headers={"X-Parcels-Key": "k"}
        )
    (project.home / "behaviour/parcels/operations/parcels.py").write_text(CODE)
    with project.serving() as root:
        after = send_parcel(root)

    assert (before.status_code, before.json()["recipient"]) == (201, "Ada")
    assert (after.status_code, after.json()["message"]) == (400, "no parcels today")


def test_the_example_is_read_whole(project: Installed) -> None:
    project.output("init")

    [report] = json.loads(project.output("check", "--json"))

    assert report["findings"] == []
    assert report["samples"] == []
