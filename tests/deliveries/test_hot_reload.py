"""Deliveries of a server whose files change: the task goes on with the new application and its worlds."""

import asyncio

from tests.acme import Company
from tests.deliveries.task_of_worlds import RecordingSender, rest
from tests.test_hot_reload import Shop
from understudy.deliveries.rules import DeliveryRule
from understudy.deliveries.targets import split_given
from understudy.hot_reload import ReloadingApp
from understudy.state.outbox import Outbox

HOOK = "https://shop.example/hook"


class ReloadedShop:
    """Shop whose server delivers what a test adds to its outbox."""

    def __init__(self, company: Company) -> None:
        self.shop = Shop(company)
        self.reloading: ReloadingApp = self.shop.reloading
        self.task = self.reloading.understudy.deliveries
        self.task.rules = (DeliveryRule(*split_given("https:*=http://127.0.0.1:9/")),)
        self.sender = RecordingSender()
        self.task._senders[""] = self.sender  # noqa: SLF001 - a server takes those of SENDERS

    @property
    def outbox(self) -> Outbox:
        return self.reloading.understudy.worlds.get_or_create().vendors["acme"].outbox

    def reload(self) -> None:
        """Reload the changed files; the rules of the new application are those of this one."""
        rules = self.task.rules
        self.shop.reload()
        self.task.rules = rules
        self.reloading.understudy.worlds.signal.note("main")


def test_deliveries_go_on_with_the_worlds_after_a_reload(company: Company) -> None:
    async def run() -> None:
        reloaded = ReloadedShop(company)
        loop = asyncio.get_running_loop()
        reloaded.task.start()
        reloaded.reloading._loop = loop  # noqa: SLF001 - as the server's start sets it
        reloaded.sender.answer = lambda _: "down"
        reloaded.outbox.add("webhook", HOOK, {"n": 1})
        await rest(reloaded.task)

        reloaded.shop.write(word="second")
        await asyncio.to_thread(reloaded.reload)
        assert reloaded.shop.reloading.understudy.deliveries is reloaded.task
        assert [each["state"] for each in reloaded.outbox] == ["failed"]

        reloaded.sender.answer = lambda _: ""
        reloaded.outbox.resend("acme-1")
        reloaded.outbox.add("webhook", HOOK, {"n": 2})
        await rest(reloaded.task)
        await reloaded.task.stop()
        assert [each["state"] for each in reloaded.outbox] == ["delivered"] * 2

    asyncio.run(run())
