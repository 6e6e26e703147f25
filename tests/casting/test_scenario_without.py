"""Scenarios that lack a kind of thing: every vendor starts, and its credentials are whole."""

from pathlib import Path

import pytest

from understudy.app import create_app
from understudy.settings import Settings


@pytest.mark.parametrize(
    "lacking",
    [
        "people: 0",
        "products: 0",
        "shops: 0",
        "merchants: 0\nshops: 0",
        "people: 1\nmerchants: 1\nshops: 1\nproducts: 1",
    ],
    ids=["people", "products", "shops", "merchants", "all but one"],
)
def test_every_vendor_starts_without_it(tmp_path: Path, lacking: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"{lacking}\n")

    understudy = create_app(Settings(scenario=path))

    usual = create_app(Settings(scenario=Path("start"))).credentials("")
    for vendor, credentials in understudy.credentials("").items():
        assert credentials.keys() == usual[vendor].keys()
        assert all(value not in (None, "") for value in credentials.values()), vendor
    for state in understudy.worlds.start_world.vendors.values():
        assert state.collections
