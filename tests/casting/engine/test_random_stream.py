"""Record n is a pure function of (seed, kind, n, field)."""

from collections import Counter
from uuid import UUID

import pytest

from understudy.casting.engine.random_stream import RandomStream


def columns(names: list[str]) -> dict[str, list[int]]:
    fields = {name: RandomStream(7, "person", name) for name in names}
    rows = [{name: field.draw(n) for name, field in fields.items()} for n in range(50)]
    return {name: [row[name] for row in rows] for name in names}


def test_numbers_are_the_same_on_every_machine() -> None:
    field = RandomStream(1, "person", "id")
    assert [field.draw(n) for n in (0, 1, 10**9)] == [15812265339641609277, 1795278983655787467, 10065969659756474202]
    assert field.uuid(41) == "8427586c-5858-455e-990d-5e416e527653"
    assert [field.shuffled(n, 10) for n in range(10)] == [5, 3, 4, 1, 0, 6, 8, 2, 7, 9]


def test_a_new_field_changes_no_other() -> None:
    before = columns(["first_name", "city"])
    after = columns(["first_name", "nickname", "city"])
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(("seed", "kind", "name"), [(2, "person", "id"), (1, "shop", "id"), (1, "person", "zip")])
def test_seed_kind_and_field_each_matter(seed: int, kind: str, name: str) -> None:
    assert RandomStream(seed, kind, name).draw(0) != RandomStream(1, "person", "id").draw(0)


def test_names_that_are_equal_when_joined_have_different_streams() -> None:
    assert RandomStream(1, "person", "shop").draw(0) != RandomStream(1, "personshop", "").draw(0)
    assert RandomStream(11, "person", "id").draw(0) != RandomStream(1, "1person", "id").draw(0)


def test_numbers_are_uniformly_distributed() -> None:
    counts = Counter(RandomStream(3, "person", "gender").below(n, 10) for n in range(20_000))
    assert set(counts) == set(range(10))
    assert all(1_850 < count < 2_150 for count in counts.values())


def test_every_item_is_picked() -> None:
    assert {RandomStream(3, "person", "domain").pick(n, "abc") for n in range(50)} == set("abc")


@pytest.mark.parametrize("size", [1, 2, 3, 6, 97, 100, 1_000, 4_097])
def test_shuffling_gives_each_number_a_place_of_its_own(size: int) -> None:
    field = RandomStream(5, "person", "card_number")
    assert sorted(field.shuffled(n, size) for n in range(size)) == list(range(size))


@pytest.mark.parametrize("n", [-1, 10, 11])
def test_a_number_outside_the_range_is_not_shuffled(n: int) -> None:
    with pytest.raises(ValueError, match="is not below 10"):
        RandomStream(5, "person", "card_number").shuffled(n, 10)


def test_ids_are_uuids_of_version_4() -> None:
    texts = [RandomStream(1, "person", "id").uuid(n) for n in range(5_000)]
    assert len(set(texts)) == len(texts)
    assert all(str(UUID(text)) == text and UUID(text).version == 4 for text in texts)
    assert {UUID(text).variant for text in texts} == {"specified in RFC 4122"}
