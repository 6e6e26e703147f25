"""The client compares worlds and lists what falls due, by the control API."""

from datetime import timedelta

import pytest

from tests.conftest import StandIn
from understudy.client import Control, Declined, RemoteWorld, UnknownKeyword


def test_a_copy_is_compared_by_its_name_or_itself(stand_in: StandIn) -> None:
    with Control(stand_in.root) as control:
        stand_in.world  # noqa: B018 - creates the world
        world = RemoteWorld(control, stand_in.world_name)
        world.clock.freeze()
        copy = world.fork(f"{stand_in.world_name[:50]}-copy")
        copy.collection("twc", "realms").delete("understudy")
        by_name, by_itself = world.compare(copy.name, vendor="twc"), world.compare(copy)
        copy.delete()

    assert by_name == by_itself
    [found] = by_name["collections"]
    assert (found["name"], found["only_in_world"]) == ("realms", 1)


def test_what_falls_due_is_listed_up_to_a_time(stand_in: StandIn) -> None:
    with Control(stand_in.root) as control:
        stand_in.world  # noqa: B018 - creates the world
        world = RemoteWorld(control, stand_in.world_name)
        world.clock.freeze("2026-01-01T00:00:00Z")
        world.faults.add("drop", vendor="ecdp", lasting=60)
        end = world.clock.now() + timedelta(seconds=60)

        assert [each["kind"] for each in world.due(until=end)] == ["fault ends"]
        assert world.due(until=end - timedelta(seconds=1)) == []


def test_a_misspelt_keyword_and_an_unknown_world_are_refused(stand_in: StandIn) -> None:
    with Control(stand_in.root) as control:
        stand_in.world  # noqa: B018 - creates the world
        world = RemoteWorld(control, stand_in.world_name)
        with pytest.raises(UnknownKeyword, match="did you mean 'vendor'"):
            world.compare("main", vendr="twc")  # type: ignore[call-arg] # misspelt on purpose
        with pytest.raises(UnknownKeyword, match="did you mean 'until'"):
            world.due(untill="2026-01-01T00:00:00Z")  # type: ignore[call-arg] # misspelt on purpose
        with pytest.raises(Declined, match="no world 'nobody' is in use"):
            world.compare("nobody")
