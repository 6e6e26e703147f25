import pytest

from understudy.core.table import by


def test_an_index_by_properties_goes_down_at_dots() -> None:
    indexes = by("email", "contact.id")
    row = {"email": "a@b", "contact": {"id": 7}}

    assert {name: extract(row) for name, extract in indexes.items()} == {"email": "a@b", "contact.id": 7}


@pytest.mark.parametrize("row", [{}, {"contact": None}, {"contact": "text"}, {"contact": {}}, {"contact": [1]}])
def test_a_record_without_the_property_is_not_in_the_index(row: dict[str, object]) -> None:
    assert by("contact.id")["contact.id"](row) is None
