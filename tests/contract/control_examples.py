"""State of the server that the examples of the control API assume."""

from tests.asgi import call
from understudy.app import Understudy
from understudy.state.faults import Fault


def prepare_control_examples(understudy: Understudy) -> None:
    """Reduce the server to the world ``main``, with one exchange, fault and delivery, and one kept snapshot of it."""
    worlds = understudy.worlds
    for name in worlds.names():
        worlds.delete(name)
    for snapshot in worlds.snapshot_names():
        worlds.drop_snapshot(snapshot)
    world = worlds.get_or_create()
    worlds.keep_snapshot("before-checkout", world.name)
    ecdp = understudy.vendors["ecdp"]
    assert ecdp.vendor.sign_in
    headers = ecdp.vendor.sign_in(world.vendors["ecdp"])
    assert call(understudy.asgi, "GET", "/ecdp/customerattributes", headers=headers).status == 200
    world.faults.add(Fault("status", "crmcom", "create_purchase", times=1, status=503), world.clock.timestamp())
    world.vendors["twc"].outbox.add(
        "webhook",
        "https://shop.example/hook",
        {"entity": "CUSTOMER"},
        because={"collection": "events", "id": "1"},
        headers={"Authorization": "Bearer secret"},
    )
