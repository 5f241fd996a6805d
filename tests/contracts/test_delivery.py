"""What becomes of a line on its way to a platform: over real HTTP, with an API that fails in every way."""

import time
from collections.abc import Callable

import orjson
import pytest

from bot.conversation import attachments, deliveries, outbox
from bot.conversation.belonging import Whose, conversations_of
from bot.conversation.dead_lines import dead_lines, send_again
from bot.conversation.forgetting import forget_conversations
from bot.messages import BotMessage
from bot.messaging import delivery
from bot.messaging.capabilities import Capabilities
from tests.bot.conftest import API_TOKEN
from tests.contracts.conftest import Bench, OpenBench
from tests.contracts.emulator import Hangup, Heard, Reply
from tests.contracts.platform import PUBLIC_URL

STATUS = "SELECT o.status, d.why FROM outbox o LEFT JOIN deliveries d ON d.outbox_id = o.id ORDER BY o.id"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "pause_seconds", lambda _tries: 0.02)
    monkeypatch.setattr("bot.background.DELIVER_SECONDS", 0.05)


def failing(bench: Bench, *failures: Callable[[], Reply]) -> None:
    """The platform's next calls with a text fail like this, the ones after them go well."""
    left = list(failures)

    def answer(heard: Heard) -> Reply:
        return left.pop(0)() if left and bench.platform.said(heard) else bench.platform.answer(heard)

    bench.emulator.answer = answer


def status(code: int, **headers: str) -> Callable[[], Reply]:
    return lambda: Reply(code, b"", {name.replace("_", "-"): value for name, value in headers.items()})


def hang_up() -> Reply:
    raise Hangup


def first_lines(texts: list[str]) -> list[str]:
    return [text.split("\n")[0] for text in texts]


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_due(bench: Bench) -> None:
    """As if every pause were over."""
    with bench.kefu.database.writing() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET due_at = 0")
        connection.commit()


def test_what_the_platform_does_not_take_now_is_tried_again_and_keeps_its_place(bench: Bench) -> None:
    failing(bench, status(500), status(503))
    bench.say("one", 1)
    bench.say("two", 2)
    assert first_lines(bench.heard(4)) == ["You said one"] * 3 + ["You said two"]
    assert [row[0] for row in bench.rows(STATUS)] == ["delivered"] * 2


def test_a_retry_after_is_kept(bench: Bench) -> None:
    if not bench.platform.names_a_pause:
        pytest.skip("it never says when to try again")
    failing(bench, status(429, retry_after="1"))
    bench.say("one")
    assert len(bench.heard(2)) == 2
    first, second = bench.calls()
    assert second.at - first.at > 0.9


def test_what_the_platform_will_never_take_is_dead_with_a_reason_and_the_next_line_goes_out(bench: Bench) -> None:
    failing(bench, status(400))
    bench.say("one", 1)
    bench.say("two", 2)
    assert first_lines(bench.heard(2)) == ["You said one", "You said two"]
    [(dead, why), (delivered, _)] = bench.rows(STATUS)
    assert (dead, delivered) == ("dead", "delivered") and why.startswith(("HTTP 400", "SMTP 5"))


def test_after_ten_tries_it_is_dead(bench: Bench) -> None:
    failing(bench, *[status(503)] * 12)
    bench.say("one")
    assert len(bench.heard(10)) == delivery.MOST_TRIES
    [(state, why)] = bench.rows(STATUS)
    assert state == "dead" and why in ("HTTP 503", "SMTP 451")


def test_of_a_split_line_only_what_is_left_is_sent_again(open_bench: OpenBench) -> None:
    bench = open_bench("slack", text_limit_characters=9000)
    bench.emulator.answer = in_turn(bench, 200, 503)
    words = " ".join(f"w{n}" for n in range(1400))
    bench.say(words)
    heard = bench.heard(4)
    assert heard[1] == heard[2] and len(heard) == 4
    assert " ".join([heard[0], *heard[2:]]).split() == f"You said {words}".split()


def in_turn(bench: Bench, *codes: int) -> Callable[[Heard], Reply]:
    left = list(codes)

    def answer(heard: Heard) -> Reply:
        code = left.pop(0) if left else 200
        return bench.platform.answer(heard) if code == 200 else Reply(code, b"")

    return answer


def test_a_line_that_waits_is_refused_when_a_person_takes_over_and_the_persons_words_go_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "pause_seconds", lambda _tries: 60.0)
    failing(bench, status(503))
    bench.say("one")
    bench.heard(1)
    [(conversation_id,)] = bench.rows("SELECT id FROM conversations")
    path, bearer = f"/conversations/{conversation_id}/tracker/events", {"Authorization": f"Bearer {API_TOKEN}"}
    events = [{"event": "pause"}, {"event": "agent", "text": "Mei here, hello!"}]
    assert bench.client.post(path, json=events, headers=bearer).status_code == 200
    assert bench.heard(2)[1:] == ["Mei here, hello!"]
    assert [row[0] for row in bench.rows(STATUS)] == ["refused", "delivered"]


def test_two_processes_never_claim_the_same_line(open_bench: OpenBench) -> None:
    bench = open_bench("telegram")
    failing(bench, status(429, retry_after="30"))
    bench.say("one")
    until(lambda: bench.rows("SELECT 1 FROM deliveries WHERE claimed_until IS NULL") != [])
    [(conversation_id,)] = bench.rows("SELECT id FROM conversations")
    later = time.time() + 60
    for expected in (True, False):
        with bench.kefu.database.writing() as connection:
            claimed = deliveries.claim(connection, conversation_id, 0, later)
            connection.commit()
        assert (claimed is not None) == expected


def test_a_number_stands_for_the_button_only_where_buttons_were_written_as_numbers(
    open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_bench("telegram")
    bench.say("hello", 1)
    bench.heard(1)
    bench.say("1", 2)
    assert first_lines(bench.heard(2))[1] == "You said 1"
    monkeypatch.setattr("bot.channels.telegram.Telegram.can", Capabilities(text_limit=4096))
    bench.say("hello again", 3)
    assert bench.heard(3)[2] == "You said hello again\nReply with a number:\n1. Again"
    bench.say("１.", 4)
    assert first_lines(bench.heard(4))[3] == "You said hello again"
    bench.say("2", 5)
    assert first_lines(bench.heard(5))[4] == "You said 2"


def test_secrets_and_words_stay_out_of_the_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "kefu")
    failing(bench, status(400), hang_up)
    bench.say("my private words", 1)
    bench.say("other words", 2)
    bench.heard(2)
    secrets = bench.platform.settings("").values()
    assert not [word for word in ("private words", *secrets) if word and len(word) > 8 and word in caplog.text]


@pytest.mark.parametrize("name", ["telegram", "line"])
def test_typing_is_shown_unless_a_person_has_the_conversation(
    open_bench: OpenBench, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.messaging.intake.PATIENCE_SECONDS", 0)
    bench = open_bench(name)
    bench.say("person", 1)
    bench.heard(1)
    until(lambda: len(bench.emulator.heard) == 2)
    bench.say("still there?", 2)
    until(lambda: bench.rows("SELECT status FROM inbox") == [("done",)] * 2)
    bench.settle()
    assert len(bench.emulator.heard) == 2


def test_a_customer_who_is_erased_takes_what_is_known_of_the_sending_along(open_bench: OpenBench) -> None:
    bench = open_bench("telegram")
    bench.say("hello")
    bench.heard(1)
    with bench.kefu.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE conversations SET customer_id = 'customer-1'")
        connection = session.connection()
        forget_conversations(connection, conversations_of(connection, Whose("customer-1")))
    assert bench.rows("SELECT * FROM deliveries") == bench.rows("SELECT * FROM outbox") == []


def test_nothing_is_sent_once_the_platforms_window_is_closed_and_agents_see_why(
    open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.Telegram.can", Capabilities(text_limit=4096, window_hours=24))
    bench = open_bench("telegram")
    bench.say("person", 1)
    bench.heard(1)
    [(conversation_id,)] = bench.rows("SELECT id FROM conversations")
    with bench.kefu.database.writing() as connection:
        connection.exec_driver_sql("UPDATE inbox SET received_at = received_at - 90000")
        connection.commit()
    path, bearer = f"/conversations/{conversation_id}/tracker/events", {"Authorization": f"Bearer {API_TOKEN}"}
    bench.client.post(path, json=[{"event": "agent", "text": "Still there?"}], headers=bearer)
    until(lambda: bench.rows(STATUS)[-1][0] == "dead")
    assert bench.rows(STATUS)[-1][1].startswith("window closed") and "Still there?" not in bench.heard(1)
    bench.say("yes", 2)
    bench.client.post(path, json=[{"event": "agent", "text": "Good."}], headers=bearer)
    assert bench.heard(2)[-1] == "Good."


def test_an_agents_file_goes_out_as_bytes_or_as_a_signed_address(open_bench: OpenBench) -> None:
    for name in ("telegram", "webhook"):
        bench = open_bench(name)
        bench.say("person", 1)
        bench.heard(1)
        [(conversation_id,)] = bench.rows("SELECT id FROM conversations")
        file = attachments.File("invoice.pdf", "application/pdf", "file", b"%PDF-1.7 of tests")
        with bench.kefu.database.writing() as connection:
            kept = attachments.store_upload(connection, conversation_id, "agent", file, time.time())
            row = connection.exec_driver_sql(
                "UPDATE conversations SET last_seq = last_seq + 1 RETURNING last_seq, epoch"
            )
            seq, epoch = row.one()
            message = BotMessage(text="Here it is.", files=(kept.attachment,))
            outbox.put(connection, outbox.Batch(conversation_id, [message], seq, epoch, role="agent"), time.time())
            connection.commit()
        until(lambda bench=bench: bench.rows(STATUS)[-1][0] == "delivered")  # type: ignore[misc]
        last = bench.emulator.heard[-1]
        if name == "telegram":
            assert last.path.endswith("/sendDocument") and file.content in last.body and b"invoice.pdf" in last.body
        else:
            url = orjson.loads(last.body)["files"][0]["reference"]
            assert url.startswith(f"{PUBLIC_URL}/attachments/")
            assert bench.client.get(url.removeprefix(PUBLIC_URL)).content == file.content


def test_a_dead_line_is_sent_again_when_somebody_says_so(open_bench: OpenBench) -> None:
    bench = open_bench("telegram")
    failing(bench, status(400))
    bench.say("one")
    until(lambda: [row[0] for row in bench.rows(STATUS)] == ["dead"])
    with bench.kefu.database.writing() as connection:
        [dead] = dead_lines(connection, 10)
        assert (dead.channel, dead.status, dead.role) == ("telegram", "dead", "bot") and "HTTP 400" in dead.why
        assert send_again(connection, dead.outbox_id, time.time())
        connection.commit()
    assert len(bench.heard(2)) == 2
    until(lambda: [row[0] for row in bench.rows(STATUS)] == ["delivered"])
    with bench.kefu.database.writing() as connection:
        assert send_again(connection, dead.outbox_id, time.time()) is None and dead_lines(connection, 10) == []


def test_lines_are_counted_by_what_became_of_them(open_bench: OpenBench) -> None:
    bench = open_bench("telegram")
    failing(bench, status(503), status(400))
    bench.say("one", 1)
    bench.say("two", 2)
    until(lambda: [row[0] for row in bench.rows(STATUS)] == ["dead", "delivered"])
    shown = bench.client.get("/metrics").text
    for outcome in ("later", "dead", "delivered"):
        assert f'kefu_deliveries_total{{channel="telegram",outcome="{outcome}"}} 1.0' in shown
