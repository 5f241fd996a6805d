"""What may have arrived, and nobody knows: it is sent again only where it can be known that it is there, and cleared up
where the platform reports it."""

import time
from collections.abc import Callable

import orjson
import pytest

from bot.channels.wecom_kf import WAITING
from bot.channels_in_use import all_channels
from bot.messaging import delivery
from tests.contracts.conftest import Bench, OpenBench, platform_of
from tests.contracts.test_delivery import STATUS, failing, hang_up, until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "pause_seconds", lambda _tries: 0.02)
    monkeypatch.setattr("bot.background.DELIVER_SECONDS", 0.05)


def left_by_a_process_that_died(bench: Bench, seconds_ago: float = 1) -> None:
    """It had handed its line over, and did not live to note it."""
    until(lambda: bench.rows("SELECT DISTINCT status FROM outbox") == [("delivered",)])
    over = time.time() - seconds_ago
    with bench.kefu.database.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox SET status = 'pending'")
        connection.exec_driver_sql("DELETE FROM delivery_parts")
        connection.exec_driver_sql(f"UPDATE deliveries SET parts_done = 0, claimed_until = {over}, due_at = 0")
        connection.commit()


def test_what_may_have_arrived_is_not_sent_twice_unless_the_platform_knows_it_again(bench: Bench) -> None:
    failing(bench, hang_up)
    bench.say("one")
    if all_channels()[bench.name].remembers_seconds:
        assert len(bench.heard(2)) == 2
        assert [row[0] for row in bench.rows(STATUS)] == ["delivered"]
    else:
        assert len(bench.heard(1)) == 1
        [(state, why)] = bench.rows(STATUS)
        assert state == "unsure" and why.startswith("no answer")


def test_a_claim_whose_process_died_is_sent_again_only_where_that_is_safe(bench: Bench) -> None:
    is_safe = all_channels()[bench.name].remembers_seconds > 0
    bench.say("one")
    bench.heard(1)
    left_by_a_process_that_died(bench)
    until(lambda: bench.rows("SELECT status FROM outbox") != [("pending",)])
    assert bench.rows("SELECT status FROM outbox") == [("delivered" if is_safe else "unsure",)]
    assert len(bench.heard(1)) == (2 if is_safe and not bench.platform.is_asked_first else 1)


@pytest.mark.parametrize("name", ["line", "feishu"])
def test_what_the_platform_has_forgotten_meanwhile_is_not_sent_again(open_bench: OpenBench, name: str) -> None:
    bench = open_bench(name)
    bench.say("one")
    bench.heard(1)
    left_by_a_process_that_died(bench, all_channels()[name].remembers_seconds + 1)
    until(lambda: bench.rows("SELECT status FROM outbox") == [("unsure",)])
    assert len(bench.heard(1)) == 1


@pytest.mark.parametrize("name", ["whatsapp", "twilio", "messenger"])
def test_a_report_tells_of_a_line_whose_process_died_that_it_arrived(open_bench: OpenBench, name: str) -> None:
    bench = open_bench(name)
    failing(bench, hang_up)
    bench.say("one")
    until(lambda: bench.rows("SELECT status FROM outbox") == [("unsure",)])
    [call] = bench.calls()
    report = bench.platform.report_of(call, "delivered", time.time())
    assert report and bench.deliver(report).status_code == 200
    assert bench.rows("SELECT status FROM outbox") == [("delivered",)]
    [(state, is_ours)] = bench.rows("SELECT state, outbox_id IS NOT NULL FROM delivery_parts")
    assert (state, is_ours) == ("sent" if name == "messenger" else "delivered", 1)
    assert len(bench.heard(1)) == 1


def left_without_an_answer(bench: Bench) -> None:
    failing(bench, hang_up)


@pytest.mark.parametrize("leave", [left_by_a_process_that_died, left_without_an_answer])
def test_a_session_goes_to_wecoms_people_though_nobody_knows_whether_the_closing_line_arrived(
    open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch, leave: Callable[[Bench], None]
) -> None:
    platform = platform_of("wecom_kf")
    given = platform.settings
    monkeypatch.setattr(platform, "settings", lambda url: {**given(url), "people": "wecom"})
    bench = open_bench("wecom_kf")
    if leave is left_without_an_answer:
        leave(bench)
    bench.say("person")
    if leave is left_by_a_process_that_died:
        leave(bench)
    until(lambda: bench.rows("SELECT DISTINCT status FROM outbox") == [("unsure",)])
    changes = [one.body for one in bench.emulator.heard if one.path.startswith("/cgi-bin/kf/service_state/trans?")]
    waiting = [one for one in changes if orjson.loads(one)["service_state"] == WAITING]
    assert len(waiting) == (2 if leave is left_by_a_process_that_died else 1)
