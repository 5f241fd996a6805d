"""What customers wrote is learned from only where it may be, redacted, and with a person in between."""

import asyncio
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, text
from typer.testing import CliRunner, Result

from bot.assembly import assemble
from bot.channels.base import make_message
from bot.cli import build
from bot.conversation import review_queue
from bot.conversation.corrections import choose_article, chosen_articles, correct, corrected
from bot.conversation.review_queue import Candidate
from bot.database import Database, open_database, upgrade
from bot.review.collecting import Corrected, reason_of
from bot.review.files import Reviewed, merge_examples, read_reviewed, write_queue
from bot.review.redaction import redact
from bot.settings import Settings
from bot.stored_messages import StoredMessage, stored_messages
from nlu.components.language import has_han
from nlu.dataset import read_examples
from nlu.errors import DatasetError
from nlu.interpreter import Interpreter
from nlu.pii import FILE
from tests.bot.conftest import API_TOKEN
from tests.bot.servers import postgres

SECRETS = ("ada.lovelace@example.org", "13912345678", "4012888888881881", "wx_ada99", "Ada")
SAID = (
    "hello",
    "do you offer gift wrapping",
    "could you recite a poem for ada.lovelace@example.org",
    "write my homework, I am Ada, call 13912345678",
    "tell me about 4012888888881881 and wx_ada99",
    "what's the weather like tomorrow",
    "讲个笑话吧",
)


@dataclass(frozen=True)
class Shop:
    url: str
    folder: Path

    def run(self, *arguments: str, days: int = 30) -> Result:
        variables = {
            "KEFU_DATABASE_URL": self.url,
            "KEFU_REVIEW_RETENTION_DAYS": str(days),
            "KEFU_MODELS": str(self.folder),
        }
        return CliRunner(env={**variables, "COLUMNS": "200"}).invoke(build(), ["data", *arguments])

    def rows(self) -> list[tuple[str, str]]:
        database = open_database(self.url)
        try:
            with database.read() as connection:
                return [(row[0], row[1]) for row in connection.execute(text("SELECT text, status FROM reviews"))]
        finally:
            database.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("review")
    url = f"sqlite:///{folder}/kefu.db"
    asyncio.run(talk(Settings(database_url=url, sqlite_synchronous="NORMAL")))
    return Shop(url, folder)


async def talk(settings: Settings) -> None:
    kefu = assemble(settings)
    for number, words in enumerate(SAID):
        await kefu.turns.receive(make_message("web", f"c{number}", words, None, {}, 4000))
    await kefu.close()


def test_without_the_setting_nothing_is_kept_and_nothing_taken_back(shop: Shop, tmp_path: Path) -> None:
    for arguments in (["review"], ["review", "--accept", str(tmp_path / "x.yml")]):
        done = shop.run(*arguments, days=0)
        assert done.exit_code != 0 and "KEFU_REVIEW_RETENTION_DAYS is 0" in str(done.exception)
    assert shop.rows() == []


def test_what_is_collected_goes_out_redacted_and_comes_back_as_examples(shop: Shop, tmp_path: Path) -> None:
    assert shop.run("correct", "web:c1", "1", "recommend_product", "--by", "mia").exit_code == 0
    wrong = shop.run("correct", "web:c1", "1", "recomend_product")
    assert wrong.exit_code != 0 and "recommend_product" in wrong.output
    assert "No decision of turn 9" in shop.run("correct", "web:c1", "9", "greet").output
    queue = tmp_path / "queue.jsonl"
    done = shop.run("review", "--out", str(queue))
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in queue.read_text("utf-8").splitlines()]
    assert {"corrected", "out_of_scope"} <= {line["reason"] for line in lines}
    assert "hello" not in [line["text"] for line in lines]
    [mended] = [line for line in lines if line["reason"] == "corrected"]
    assert (mended["text"], mended["intent"]) == (SAID[1], "recommend_product")
    kept = json.dumps(shop.rows()) + queue.read_text("utf-8") + done.output
    assert not [secret for secret in SECRETS if secret in kept] and "web:c" not in kept
    assert "0 new" in shop.run("review").output  # what is there is not collected twice

    weather = next(line for line in lines if "weather" in line["text"])
    poem = next(line for line in lines if "poem" in line["text"])
    reviewed = [
        mended,
        {**weather, "intent": "-"},
        {**poem, "intent": "small_talk", "text": "a poem for bob@x.example.com"},
    ]
    queue.write_text("\n".join(json.dumps(line) for line in reviewed), "utf-8")
    examples = tmp_path / "reviewed.yml"
    for added in (2, 0):
        back = shop.run("review", "--accept", str(queue), "--into", str(examples))
        assert back.exit_code == 0 and f"{added} new examples" in back.output, back.output
    learned = {(one.text, one.label) for one in read_examples(examples, "nlu")}
    assert learned == {(SAID[1], "recommend_product"), ("a poem for name@example.com", "small_talk")}
    assert sorted(status for _, status in shop.rows() if status != "waiting") == ["accepted", "accepted", "dismissed"]


def test_an_unknown_intent_or_a_broken_line_stops_the_taking_back(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    for content, told in (
        ('{"text": "x", "intent": "gret"}', r"bad.jsonl:1: intent 'gret' is not in the domain; did you mean 'greet'"),
        ('\n{"text": 3, "intent": "greet"}', "bad.jsonl:2: `text` and `intent` must be words"),
        ("{", "bad.jsonl:1: not a JSON object"),
    ):
        file.write_text(content, "utf-8")
        done = shop.run("review", "--accept", str(file), "--into", str(tmp_path / "out.yml"))
        assert done.exit_code != 0 and told in str(done.exception)
    assert not (tmp_path / "out.yml").exists()


def test_accepted_examples_leave_the_rest_of_the_file_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "own.yml"
    ours = 'version: "3.1"\nnlu:\n  # ours\n  - intent: greet\n    examples: |\n      - I am [Ada](person)'
    file.write_text(ours, "utf-8")
    new = [Reviewed("i am ada", "greet", "q:1"), Reviewed("bye\nbye", "goodbye", "q:2")]
    assert (merge_examples(file, new), merge_examples(file, new)) == (1, 0)
    assert file.read_text("utf-8") == ours + "\n  - intent: goodbye\n    examples: |\n      - bye bye\n"
    file.write_text(ours + "\nsentiment: []\n", "utf-8")
    with pytest.raises(DatasetError, match="must stand last"):
        merge_examples(file, new)
    assert list(tmp_path.iterdir()) == [file] and "goodbye" not in file.read_text("utf-8")


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "queue.jsonl"
    file.write_bytes(b'{"text": "hi", "intent": null}\n' + "退款".encode("gb18030"))
    with pytest.raises(DatasetError, match=r"queue\.jsonl:2: byte 0xcd is not UTF-8"):
        read_reviewed(file, None)
    with pytest.raises(DatasetError, match="no such file"):
        read_reviewed(tmp_path / "none.yml", None)
    for name in ("none/queue.jsonl", "none/queue.yml"):
        with pytest.raises(DatasetError, match="cannot be written"):
            write_queue(tmp_path / name, [], [])


def test_the_queue_goes_out_as_rasa_yaml_too(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "queue.yml"
    assert shop.run("review", "--out", str(file)).exit_code == 0
    assert {one.text for one in read_examples(file, "nlu")} == {
        " ".join(words.split()) for words, status in shop.rows() if status == "waiting"
    }


def test_what_is_older_than_the_setting_allows_is_deleted(shop: Shop) -> None:
    database = open_database(shop.url)
    with database.transaction() as session:
        session.execute(text("UPDATE reviews SET said_at = said_at - 3 * 86400 WHERE text = '讲个笑话吧'"))
        session.execute(text("UPDATE turns SET created_at = created_at - 3 * 86400 WHERE conversation_id = 'web:c6'"))
    database.close()
    before = len(shop.rows())
    shop.run("review", days=2)
    assert len(shop.rows()) == before - 1 and "讲个笑话吧" not in [words for words, _ in shop.rows()]
    assert shop.run("review", days=0).exit_code != 0
    assert shop.rows() == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I'm Rosa Diaz, where is #W2378156?", "I'm Alex, where is #W0000000?"),
        ("打我电话13912345678，邮箱a.b@qq.com", "打我电话13800000000，邮箱name@example.com"),
        ("see https://shop.example/track?token=abc1234 please", "see link please"),
        ("我的微信号是 lily_1992", "我的微信号是 account0"),
        ("tracking 1Z999AA10123456784", None),
        ("I bought 2 shirts for $35 on May 3", "I bought 2 shirts for $35 on May 3"),
    ],
)
def test_personal_data_become_stand_ins(said: str, kept: str | None) -> None:
    heard = interpreter().parse(said)
    redacted = redact(said, heard.entities, heard.language, ["Rosa", "Diaz"])
    assert redacted == kept if kept else "999AA10123456784" not in redacted


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("card 4111.1111.1111.1111, or 4111 1111 – 1111—1111", "card 0000.0000.0000.0000, or 0000 0000 – 0000—0000"),
        ("skype:john.doe pin 4821", "skype:account0 pin 0000"),
        ("my telegram is catlady", "my telegram is account0"),
        ("我的微信是 lovecat_mm ，姓欧阳", "我的微信是 account0 ，姓李"),
        ("微信lovecat，QQ 998877，尾号4242", "微信account0，QQ account0，尾号0000"),
        ("密码是abc123!，身份证11010519491231002X", "密码是secret，身份证account0"),
        ("pay to GB82 WEST 1234 5698 7654 32", "pay to account0"),
        ("call (555) 123-4567, ask for Mr. Smithers", "call (000) 000-0000, ask for Mr. Smith"),
        ("is alipay accepted? my wechat is not working", None),
        ("the line is busy, the login is broken", None),
        ("微信pay和支付宝app打不开，姓名怎么改", None),
        ("it costs 1299.00, not $12.50; and my password, again", None),
    ],
)
def test_patterns_alone_find_what_a_word_or_its_form_gives_away(said: str, kept: str | None) -> None:
    assert redact(said, (), "zh" if has_han(said) else "en") == (kept or said)


def test_a_date_is_replaced_where_it_is_a_birthday() -> None:
    for said, kept in (("I was born on May 3", "I was born on January 1"), ("生日是5月3日", "生日是1月1日")):
        heard = interpreter().parse(said)
        assert redact(said, heard.entities, heard.language) == kept


def test_next_to_no_number_or_address_of_a_known_form_gets_through_without_the_model(shared_data: Path) -> None:
    forms = ("EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "US_SSN")
    there, leaked = Counter[str](), Counter[str]()
    with gzip.open(shared_data / "pii_en" / FILE, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            kept = redact(row["text"], (), "en")
            for span in (one for one in row["spans"] if one["type"] in forms):
                there[span["type"]] += 1
                leaked[span["type"]] += row["text"][span["start"] : span["end"]] in kept
    assert min(there.values()) > 5
    assert {form: leaked[form] / there[form] for form in there if leaked[form] > 0.01 * there[form]} == {}


_LOADED: list[Interpreter] = []


def interpreter() -> Interpreter:
    if not _LOADED:
        _LOADED.append(Interpreter.load())
    return _LOADED[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path}/kefu.db")
        upgrade(opened)
        yield opened
        opened.close()
        return
    with postgres() as url:
        opened = open_database(url)
        upgrade(opened)
        yield opened
        opened.close()


def test_corrections_and_the_queue_work_on_either_database(database: Database) -> None:
    now = time.time()
    with database.transaction() as session:
        connection = session.connection()
        _begin(connection)
        rows = [
            Candidate("web:a", turn, f"text {turn}", "en", "fallback", "greet", 0.3, None, now - turn)
            for turn in (1, 2)
        ]
        for _ in range(2):
            review_queue.put(connection, rows)
        correct(connection, "web:a", 1, "thank")
        correct(connection, "web:a", 1, "goodbye", "mia")
        for article in ("shipping", "returning-an-item"):
            choose_article(connection, "web:a", 1, article, "mia")
        assert chosen_articles(connection) == {("web:a", 1): "returning-an-item"}
        first, second = review_queue.waiting(connection, now - 60)
        assert (first.text, first.intent, first.reason, second.intent) == ("text 1", "goodbye", "corrected", None)
        assert (first.article, second.article) == ("returning-an-item", None)
        assert review_queue.settle(connection, "accepted", [first.id, 999]) == 1
        assert review_queue.known(connection, 0.0) == {("web:a", 1), ("web:a", 2)}
        assert review_queue.forget(connection, 1, now) == 0
        assert review_queue.forget(connection, 0, now) == 2


def test_what_an_agent_put_right_comes_first_then_the_newest(database: Database) -> None:
    now = time.time()
    with database.transaction() as session:
        connection = session.connection()
        _begin(connection)
        rows = [
            Candidate("web:a", turn, f"text {turn}", "en", "fallback", "greet", 0.3, None, now - 30 + turn)
            for turn in (1, 2, 3)
        ]
        review_queue.put(connection, rows)
        choose_article(connection, "web:a", 1, "shipping", "mia")
        waiting = review_queue.waiting(connection, 0.0)
        assert [(one.text, one.reason) for one in waiting] == [
            *(("text 1", "corrected"), ("text 3", "fallback"), ("text 2", "fallback")),
        ]


@pytest.mark.parametrize("code", ["rated", "commented"])
def test_an_answer_to_how_it_was_is_nothing_to_learn_from_unless_an_agent_says_so(code: str) -> None:
    guesses = [{"intent": "inform", "confidence": 0.4}, {"intent": "greet", "confidence": 0.3}]
    mark = StoredMessage("web:a", 1, "4/5", {"steps": [{"code": code}], "intents": guesses}, 0.0, None)
    assert reason_of(mark, Corrected({}, {})) is None
    assert reason_of(mark, Corrected({("web:a", 1): "greet"}, {})) == "corrected"
    asked = StoredMessage("web:a", 1, "4/5", {"steps": [{"code": "asked"}], "intents": guesses}, 0.0, None)
    assert reason_of(asked, Corrected({}, {})) == "low_margin"


def test_every_stored_message_is_looked_through_page_by_page(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.stored_messages._PAGE", 3)
    said = [{"event": "user", "text": "hi"}]
    with database.transaction() as session:
        _begin(session.connection())
        for turn in range(2, 9):
            session.execute(
                text(
                    "INSERT INTO turns (conversation_id, turn, events, decision, created_at)"
                    " VALUES ('web:a', :turn, :events, '{}', 0)"
                ),
                {"turn": turn, "events": json.dumps(said)},
            )
    assert [one.turn for one in stored_messages(database, 0.0)] == [8, 7, 6, 5, 4, 3, 2]
    assert [[one.turn for one in stored_messages(database, 0.0, limit)] for limit in (4, 3, 0)] == [
        [8, 7, 6, 5],
        [8, 7, 6],
        [],
    ]


def test_what_is_kept_of_a_conversation_goes_with_it(database: Database) -> None:
    with database.transaction() as session:
        connection = session.connection()
        _begin(connection)
        review_queue.put(connection, [Candidate("web:a", 1, "text", "en", "fallback", "greet", 0.3, None, time.time())])
        correct(connection, "web:a", 1, "thank")
        connection.execute(text("DELETE FROM turns WHERE conversation_id = 'web:a'"))
        connection.execute(text("DELETE FROM conversations WHERE id = 'web:a'"))
        assert not review_queue.waiting(connection, 0.0) and not corrected(connection)


def _begin(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO conversations (id, channel, account, sender_id, created_at, updated_at)"
            " VALUES ('web:a', 'web', '', 'a', 0, 0)"
        )
    )
    connection.execute(
        text(
            "INSERT INTO turns (conversation_id, turn, events, decision, created_at) VALUES ('web:a', 1, '[]', '{}', 0)"
        )
    )


def test_an_agent_corrects_over_the_api(client: TestClient) -> None:
    client.post("/webhooks/rest/webhook", json={"sender": "ann", "message": "hello"})
    bearer = {"Authorization": f"Bearer {API_TOKEN}"}
    where = "/conversations/rest:ann/corrections"
    assert client.post(where, json={"turn": 1, "intent": "greet"}).status_code == 401
    assert client.post(where, json={"turn": 1, "intent": "greet", "by": "mia"}, headers=bearer).status_code == 201
    assert client.post(where, json={"turn": 7, "intent": "greet"}, headers=bearer).status_code == 404
    assert client.post(where, json={"turn": 0, "intent": "greet"}, headers=bearer).status_code == 422
