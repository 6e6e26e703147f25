"""Stand-in of the document that the services of these tests keep to."""

from pathlib import Path

import pytest

from tests.proxy.drifting_service import DOCUMENT
from understudy.app import Understudy, create_app
from understudy.settings import Settings


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("shop") / "shop.yaml"
    path.write_text(DOCUMENT)
    return path


@pytest.fixture(scope="session")
def shop(document: Path) -> Understudy:
    return create_app(Settings(documents=(("shop", str(document)),), cache=None, is_strict=False, records=0))
