"""Files that come with messages: acknowledged at once, fetched afterwards, looked at, kept with the conversation."""

import hashlib
import time

import pytest

from bot.channels_in_use import all_channels
from bot.messaging.channel import Channel
from tests.contracts.conftest import Bench, OpenBench, platform_of
from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, Platform
from tests.contracts.test_delivery import until

FETCHING = sorted(name for name, kind in all_channels().items() if kind.fetch is not Channel.fetch)
KEPT = (
    "SELECT a.status, a.why, a.media_type, a.size, a.sha256, c.content FROM attachments a"
    " LEFT JOIN attachment_contents c ON c.attachment_id = a.id"
)


def holding(bench: Bench, held: bytes = PICTURE) -> None:
    """The platform gives this out when it is asked for the file."""

    def answer(heard: Heard) -> Reply:
        reply = bench.platform.holds(heard)
        if reply is None:
            return bench.platform.answer(heard)
        bench.emulator.heard.remove(heard)  # it says nothing to anybody
        return Reply(reply.status, reply.body.replace(PICTURE, held), reply.headers)

    bench.emulator.answer = answer


def send(bench: Bench, number: int = 1) -> None:
    delivered = bench.platform.with_file("ann", number, time.time())
    assert delivered is not None
    assert bench.deliver(delivered).status_code == 200


def settled(bench: Bench) -> list[tuple[object, ...]]:
    until(lambda: bool(bench.rows(KEPT)) and "pending" not in {row[0] for row in bench.rows(KEPT)})
    return bench.rows(KEPT)


@pytest.mark.parametrize("name", FETCHING)
def test_a_channel_that_takes_files_has_one_to_try(name: str) -> None:
    assert type(platform_of(name)).with_file is not Platform.with_file, f"say it in tests/contracts/platforms/{name}.py"


@pytest.mark.parametrize("name", FETCHING)
def test_a_picture_is_kept_and_the_customer_thanked(open_bench: OpenBench, name: str) -> None:
    bench = open_bench(name)
    holding(bench)
    send(bench)
    assert settled(bench) == [("stored", None, "image/png", len(PICTURE), hashlib.sha256(PICTURE).hexdigest(), PICTURE)]
    assert bench.heard(1)[0].startswith("Thank you, I have your file")
    send(bench)
    assert len(settled(bench)) == 1 and len(bench.heard(1)) == 1


def test_what_is_no_picture_is_refused_by_its_bytes_and_the_customer_told(open_bench: OpenBench) -> None:
    bench = open_bench("slack")  # which calls it image/png
    holding(bench, b"<html><script>alert(1)</script>")
    send(bench)
    [(status, why, *_, content)] = settled(bench)
    assert (status, content) == ("refused", None) and "unknown" in str(why)
    assert any("I can't take this kind of file" in text for text in bench.heard(2))


def test_what_is_too_large_is_not_kept_and_the_customer_told(open_bench: OpenBench) -> None:
    bench = open_bench("line", attachment_limit_bytes=100_000)
    holding(bench, PICTURE + bytes(200_000))
    send(bench)
    assert settled(bench)[0][0] == "too_large"
    assert any("I can take up to 0.1 MB" in text for text in bench.heard(2))


def test_what_the_platform_does_not_give_now_is_asked_for_again(
    open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.messaging.fetching.LOOK_SECONDS", 0.05)
    bench = open_bench("line")
    holding(bench)
    answer, failures = bench.emulator.answer, [503, 429]

    def reluctant(heard: Heard) -> Reply:
        if bench.platform.holds(heard) and failures:
            bench.emulator.heard.remove(heard)
            return Reply(failures.pop(), b"", {"retry-after": "0"})
        return answer(heard)

    bench.emulator.answer = reluctant
    send(bench)
    assert settled(bench)[0][0] == "stored" and not failures


def test_a_person_who_has_the_conversation_sees_for_themselves_what_is_missing(open_bench: OpenBench) -> None:
    bench = open_bench("slack")
    holding(bench, b"MZ\x90\x00\x03 a program")
    bench.say("person", 1)
    bench.heard(1)
    send(bench, 2)
    assert settled(bench)[0][0] == "refused"
    assert not any("this kind of file" in text for text in bench.heard(1))
