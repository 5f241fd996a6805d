"""What a platform tells of what it was sent: early, late, twice, in any order."""

import itertools
import time
from typing import get_args

import pytest

from bot.channels_in_use import all_channels
from bot.conversation.receipts import receipts_of
from bot.messaging.channel import Channel
from tests.contracts.conftest import Bench, OpenBench, platform_of
from tests.contracts.platform import Platform, State
from tests.contracts.test_delivery import until

REPORTING = sorted(name for name, kind in all_channels().items() if kind.receipts is not Channel.receipts)


def state_of(bench: Bench) -> str:
    [(conversation_id,)] = bench.rows("SELECT id FROM conversations")
    with bench.kefu.database.read() as connection:
        [one] = receipts_of(connection, conversation_id).values()
    return one.state


@pytest.mark.parametrize("name", REPORTING)
def test_a_channel_that_has_receipts_has_some_to_try(name: str) -> None:
    assert type(platform_of(name)).report is not Platform.report, f"say it in tests/contracts/platforms/{name}.py"


@pytest.mark.parametrize("name", REPORTING)
def test_reports_in_any_order_raise_the_state_and_a_forged_one_does_not(open_bench: OpenBench, name: str) -> None:
    bench, numbers = open_bench(name), itertools.count(10)
    bench.say("hello")
    bench.heard(1)
    until(lambda: state_of(bench) == "sent")
    [(platform_id,)] = bench.rows("SELECT platform_id FROM delivery_parts")
    known: list[State] = [
        state for state in get_args(State) if bench.platform.report(platform_id, state, 1, time.time())
    ]
    assert known
    arrived = [state for state in known if state != "failed"]
    for state in [*reversed(arrived), *arrived]:
        delivered = bench.platform.report(platform_id, state, next(numbers), time.time())
        assert delivered and bench.deliver(delivered).status_code == 200
    if arrived:
        assert state_of(bench) == arrived[-1]
    if "failed" in known:
        failed = bench.platform.report(platform_id, "failed", next(numbers), time.time())
        assert failed and bench.deliver(failed).status_code == 200
        assert state_of(bench) == (arrived[-1] if arrived else "failed")
    assert bench.rows("SELECT COUNT(*) FROM inbox") == [(1,)]


@pytest.mark.parametrize("name", REPORTING)
def test_what_failed_is_dead_and_agents_see_why(open_bench: OpenBench, name: str) -> None:
    bench = open_bench(name)
    bench.say("hello")
    bench.heard(1)
    until(lambda: state_of(bench) == "sent")
    [(platform_id,)] = bench.rows("SELECT platform_id FROM delivery_parts")
    failed = bench.platform.report(platform_id, "failed", 10, time.time())
    if failed is None:
        pytest.skip("it never says that something failed")
    assert bench.deliver(failed).status_code == 200
    [(status, why)] = bench.rows("SELECT o.status, d.why FROM outbox o JOIN deliveries d ON d.outbox_id = o.id")
    assert status == "dead" and why
