"""What every messaging channel promises. A new file in `bot/channels` fails until it has a platform here."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels_in_use import all_channels, open_channels, variables
from bot.settings import Settings, SettingsError
from tests.contracts.conftest import Bench, OpenBench, platform_of

DOCUMENTS = Path(__file__).parents[2] / "docs" / "channels"
CHANNELS = all_channels()
DAY_SECONDS = 86_400


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_is_called_like_its_file_and_has_a_page_with_its_address_and_settings(name: str) -> None:
    kind, page = CHANNELS[name], (DOCUMENTS / f"{name}.md").read_text("utf-8")
    assert kind.name == name
    assert f"/webhooks/{name}{kind.path}" in page or not kind.delivers
    for variable, description in variables(kind).items():
        assert f"`{variable}`" in page and description in page, variable
    assert page.count("`KEFU_") == len(variables(kind)) + page.count("`KEFU_PUBLIC_URL`")


@pytest.mark.parametrize("name", CHANNELS)
def test_an_empty_short_or_missing_secret_stops_the_start(name: str) -> None:
    given = platform_of(name).settings("http://127.0.0.1:9")
    kind = CHANNELS[name].Settings
    secrets = [field for field, info in kind.model_fields.items() if "SecretStr" in str(info.annotation)]
    assert secrets
    for field in secrets:
        for value in ("", "ab", None):
            if value is None and not kind.model_fields[field].is_required():
                continue
            values = {**given, field: value}
            wrapped = {one: SecretStr(words) for one, words in values.items() if words is not None}
            with pytest.raises(SettingsError, match=f"KEFU_{name}_{field}".upper()):
                open_channels(Settings(channels={name: wrapped}))


def test_a_message_is_acknowledged_and_answered_once(bench: Bench) -> None:
    assert bench.say("hello").status_code == 200
    assert [text.split("\n")[0] for text in bench.heard(1)] == ["You said hello"]
    assert bench.rows("SELECT status FROM outbox") == [("delivered",)]


@pytest.mark.parametrize("name", ["callback", "slack"])
def test_whoever_asks_whether_the_channel_is_there_is_answered_as_rasa_answers(
    open_bench: OpenBench, name: str
) -> None:
    assert open_bench(name).client.get(f"/webhooks/{name}/").json() == {"status": "ok"}


def test_what_is_not_signed_by_the_platform_is_refused_and_not_stored(called: Bench) -> None:
    genuine = called.platform.delivery("ann", "hello", 1, time.time())
    forged = [
        *called.platform.forged(genuine),
        called.platform.delivery("ann", "hello", 1, time.time(), "wrong"),
    ]
    assert {called.deliver(one).status_code for one in forged} == {401}
    assert called.rows("SELECT * FROM inbox") == []


def test_a_late_or_early_delivery_is_refused_where_its_time_is_signed(called: Bench) -> None:
    now = time.time()
    expected = 401 if CHANNELS[called.name].is_timed else 200
    assert [called.say("hello", n, at=now + 302 * way).status_code for n, way in enumerate((-1, 1))] == [expected] * 2
    assert [called.say("hello", n, at=now + 295 * way).status_code for n, way in enumerate((-1, 1), 5)] == [200] * 2


def test_both_secrets_count_while_one_is_changed(called: Bench) -> None:
    assert called.say("hello", 1).status_code == called.say("again", 2, secret="previous").status_code == 200
    assert len(called.heard(2)) == 2


def test_a_redelivery_eight_days_later_is_answered_no_more(bench: Bench) -> None:
    bench.say("hello")
    bench.heard(1)
    with bench.kefu.database.transaction() as session:
        session.connection().exec_driver_sql(f"UPDATE inbox SET received_at = received_at - {8.5 * DAY_SECONDS}")
    assert bench.say("hello").status_code == 200
    assert len(bench.heard(1)) == 1


def test_chaos_nothing_forged_nothing_lost_nothing_twice(bench: Bench) -> None:
    dice = random.Random(5)
    now = time.time()
    genuine = [bench.platform.delivery(f"guest{n % 7}", f"words {n}", n, now - n % 200) for n in range(40)]
    forged = []
    if bench.platform.delivers:
        forged = [bench.platform.delivery(f"guest{n % 7}", f"forged {n}", 100 + n, now, "wrong") for n in range(20)]
    if bench.platform.delivers and bench.platform.signs_body:
        forged += [one.with_flipped_byte(dice.randrange(10_000)) for one in genuine]
    queue = [(one, 200) for one in genuine for _ in range(dice.randint(1, 4))] + [(one, 401) for one in forged]
    dice.shuffle(queue)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: (bench.deliver(one[0]).status_code, one[1]), queue))
    assert [got for got, wanted in answers if got != wanted] == []
    assert sorted(text.split("\n")[0] for text in bench.heard(40, 30)) == sorted(
        f"You said words {n}" for n in range(40)
    )
    assert bench.rows("SELECT COUNT(*) FROM inbox") == [(40,)]
