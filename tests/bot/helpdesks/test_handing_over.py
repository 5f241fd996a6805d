"""Conversations that are handed to people in another system: told in order, never lost, heard once."""

import time
from dataclasses import replace
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr, ValidationError

from bot.conversation import attachments
from bot.conversation.forgetting import forget_conversations
from bot.conversation.schema import metadata
from bot.database import UnitOfWork
from bot.handoff import agents
from bot.helpdesks.choosing import open_helpdesk
from bot.settings import Settings, SettingsError
from knowledge.shop.schema import Base
from tests.bot import servers
from tests.bot.conftest import API_TOKEN
from tests.bot.helpdesks.conftest import PEERS, OpenPair, Pair, until
from tests.contracts.emulator import Hangup, Heard, Reply


def test_a_whole_handoff(pair: Pair) -> None:
    pair.customer_says("where is my parcel")
    pair.customer_says("person")
    name, case = pair.case()
    brief = case.notes[0]
    assert "where is my parcel" in brief and "Customer" in brief
    assert pair.customer_says("are you there?") == []
    until(lambda: case.lines == ["are you there?"])
    pair.mei_says(name, "Mei here. It left this morning.")
    assert pair.said_by_people() == ["Mei here. It left this morning."]
    assert pair.handoffs() == [("agent", "Mei")]
    told = pair.customer_says("我知道了，谢谢")
    assert "Mei here. It left this morning." in told
    until(lambda: case.lines == ["are you there?", "我知道了，谢谢"])
    pair.mei_ends(name, "resolved")
    assert pair.handoffs() == [("resolved", "Mei")]
    assert pair.customer_says("hello again")[-1] == "You said hello again"
    until(lambda: not case.is_open)
    time.sleep(0.2)
    assert case.lines == ["are you there?", "我知道了，谢谢"]


def test_given_back_the_bot_goes_on_and_the_case_is_closed(pair: Pair) -> None:
    pair.customer_says("person")
    name, case = pair.case()
    pair.mei_says(name, "I have looked into it.")
    pair.mei_ends(name, "handed_back")
    assert pair.handoffs() == [("bot", "Mei")]
    assert pair.customer_says("thanks")[-1] == "You said thanks"
    until(lambda: not case.is_open)


def test_what_is_delivered_again_is_done_once(pair: Pair) -> None:
    pair.customer_says("person")
    name, _case = pair.case()
    again = pair.mei_says(name, "Mei here.")
    assert [pair.deliver(again) for _ in range(3)] == [200] * 3
    assert pair.said_by_people() == ["Mei here."]


def test_only_that_system_is_heard_now_and_with_both_secrets(pair: Pair) -> None:
    pair.customer_says("person")
    name, _case = pair.case()
    now = time.time()
    genuine = pair.peer.says(name, "Mei here.", 1, now)
    forged = [
        pair.peer.says(name, "evil", 2, now, "wrong"),
        replace(genuine, headers={"content-type": "application/json"}),
        replace(genuine, body=genuine.body + b" "),
        *(genuine.with_flipped_byte(place) for place in range(0, len(genuine.body), 11)),
        pair.peer.says(name, "late", 3, now - 302),
        pair.peer.says(name, "early", 4, now + 302),
    ]
    assert {pair.deliver(one) for one in forged} == {401}
    assert pair.said_by_people() == []
    assert pair.deliver(genuine) == pair.deliver(pair.peer.says(name, "again", 5, now, "previous")) == 200
    assert pair.said_by_people() == ["Mei here.", "again"]


def test_what_it_calls_for_as_well_does_nothing(pair: Pair) -> None:
    pair.customer_says("person")
    name, _case = pair.case()
    assert [pair.deliver(one) for one in pair.peer.chatter(name, time.time())].count(200) == len(
        pair.peer.chatter(name, time.time())
    )
    assert pair.said_by_people() == [] and pair.handoffs() == [("requested", None)]


def test_a_case_of_somebody_elses_is_left_alone(pair: Pair) -> None:
    pair.customer_says("person")
    pair.case()
    assert pair.deliver(pair.peer.says("987654", "not about Kefu", 1, time.time())) == 200
    assert pair.said_by_people() == []


def test_what_it_does_not_take_now_is_told_later_in_order_and_nothing_is_lost(pair: Pair) -> None:
    failures = [500, 503, 429]

    def answer(heard: Heard) -> Reply:
        return Reply(failures.pop(0), b"", {"retry-after": "0"}) if failures else pair.peer.answer(heard)

    pair.emulator.answer = answer
    pair.customer_says("person")
    _name, case = pair.case()
    failures += [503]
    for words in ("one", "two", "three"):
        pair.customer_says(words)
    until(lambda: len(case.lines) >= 3)
    assert case.lines == ["one", "two", "three"]
    assert len(pair.peer.cases) == 1


def test_an_answer_that_never_came_begins_no_second_case(pair: Pair) -> None:
    hung_up: list[str] = []

    def answer(heard: Heard) -> Reply:
        reply = pair.peer.answer(heard)
        if heard.method == "POST" and len(hung_up) < 3 and heard.path not in hung_up:
            hung_up.append(heard.path)
            raise Hangup
        return reply

    pair.emulator.answer = answer
    pair.customer_says("person")
    until(lambda: pair.rows("SELECT external_id FROM helpdesk_links WHERE external_id IS NOT NULL") != [])
    assert len(pair.peer.cases) == 1


def test_who_would_rather_have_the_bot_before_anybody_heard_of_it_makes_no_case(open_pair: OpenPair) -> None:
    pair = open_pair("chatwoot")
    pair.emulator.answer = lambda _heard: Reply(503, b"")
    pair.customer_says("person")
    until(lambda: pair.rows("SELECT tries FROM helpdesk_links WHERE tries > 0") != [])
    path, bearer = "/conversations/rest:ann/tracker/events", {"Authorization": "Bearer an-api-token-for-tests"}
    assert pair.client.post(path, json=[{"event": "resume"}], headers=bearer).status_code == 200
    pair.emulator.answer = pair.peer.answer
    with pair.kefu.database.writing() as connection:
        connection.exec_driver_sql("UPDATE helpdesk_links SET due_at = 0")
        connection.commit()
    until(lambda: pair.rows("SELECT state FROM helpdesk_links") == [("closed",)])
    assert pair.peer.cases == {}


def test_an_answer_in_a_case_that_is_over_takes_the_conversation_up_again(pair: Pair) -> None:
    pair.customer_says("person")
    name, case = pair.case()
    pair.mei_says(name, "Done.")
    pair.mei_ends(name, "resolved")
    until(lambda: not case.is_open)
    pair.mei_says(name, "One more thing: the invoice.")
    assert pair.handoffs() == [("resolved", "Mei"), ("agent", "Mei")]
    pair.customer_says("which one?")
    until(lambda: case.lines == ["which one?"])
    assert len(pair.peer.cases) == 1


def test_who_answers_while_the_case_is_still_being_opened_is_heard(pair: Pair) -> None:
    answered: list[int] = []

    def answer(heard: Heard) -> Reply:
        reply = pair.peer.answer(heard)
        if pair.peer.cases and any(case.notes for case in pair.peer.cases.values()) and not answered:
            answered.append(0)
            [name] = pair.peer.cases
            delivered = pair.peer.says(name, "That was quick!", 1, time.time())
            Thread(target=lambda: answered.append(pair.deliver(delivered))).start()
            time.sleep(0.5)  # Kefu has no answer yet, and so does not know the name of the case
        return reply

    pair.emulator.answer = answer
    pair.customer_says("person")
    until(lambda: answered == [0, 200])
    assert pair.said_by_people() == ["That was quick!"]


def test_that_it_is_over_is_said_once_however_often_it_is_told(pair: Pair) -> None:
    pair.customer_says("person")
    name, _case = pair.case()
    pair.mei_says(name, "Done.")
    for _ in range(3):
        pair.mei_ends(name, "resolved")
    assert pair.rows("SELECT COUNT(*) FROM handoff_events WHERE kind = 'resolve'") == [(1,)]
    bodies = [row[0] for row in pair.rows("SELECT body FROM outbox")]
    assert len([body for body in bodies if '"notice":"resolved"' in body]) == 1


def test_what_is_told_late_of_an_old_case_does_not_end_a_new_one(pair: Pair) -> None:
    pair.customer_says("person")
    old, case = pair.case()
    pair.mei_ends(old, "resolved")
    until(lambda: not case.is_open)
    pair.customer_says("person")
    until(lambda: len([one for one in pair.peer.cases.values() if one.notes]) == 2)
    pair.mei_ends(old, "handed_back")
    assert [state for state, _agent in pair.handoffs()] == ["resolved", "requested"]


def test_an_answer_that_does_not_reach_the_customer_is_said_there(pair: Pair) -> None:
    pair.customer_says("person")
    name, case = pair.case()
    pair.mei_says(name, "   ")
    assert "The customer did not get this" in case.notes[-1] and pair.said_by_people() == []


def test_a_colleague_there_goes_on_without_asking(pair: Pair) -> None:
    pair.customer_says("person")
    name, _case = pair.case()
    pair.mei_says(name, "Mei here.")
    as_bob = pair.peer.says(name, "Bob here, I'll finish this.", 77, time.time(), agent="Bob")
    assert pair.deliver(as_bob) == 200
    assert pair.said_by_people() == ["Mei here.", "Bob here, I'll finish this."]
    assert pair.handoffs() == [("agent", "Bob")]


@pytest.mark.parametrize("name", sorted(PEERS))
def test_two_processes_open_one_case(open_pair: OpenPair, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('shared')}/kefu.db"
    one = open_pair(name, url)
    two = open_pair(name, url)
    two.emulator.answer = one.emulator.answer = one.peer.answer
    for number in range(5):
        one.customer_says("person", sender=f"guest-number-{number}")
    until(lambda: sum(bool(case.notes) for case in one.peer.cases.values()) == 5)
    time.sleep(0.3)
    assert len(one.peer.cases) == 5 and [len(case.notes) for case in one.peer.cases.values()] == [1] * 5


def test_who_takes_it_in_the_console_is_named_there_and_not_interrupted(pair: Pair) -> None:
    pair.customer_says("person")
    name, case = pair.case()
    with pair.kefu.database.transaction() as session:
        anna = agents.add(session.connection(), "Anna", "anna@shop.example", time.time())

    def take(unit: UnitOfWork) -> None:
        pair.kefu.desk.take(unit, "rest:ann", anna.id, None)

    assert pair.client.portal
    pair.client.portal.call(pair.kefu.turns.change, "rest:ann", take)
    until(lambda: any("Anna" in note for note in case.notes))
    pair.mei_ends(name, "resolved")
    assert pair.handoffs() == [("agent", "Anna")]
    assert case.is_open


def test_a_file_is_told_as_an_address_that_ends(open_pair: OpenPair) -> None:
    pair = open_pair("webhook")
    pair.customer_says("person")
    _name, case = pair.case()
    photo = attachments.File("broken.png", "image/png", "image", b"\x89PNG")
    with pair.kefu.database.writing() as connection:
        kept = attachments.store_upload(connection, "rest:ann", "user", photo, time.time())
        connection.exec_driver_sql(
            "INSERT INTO inbox (channel, account, message_id, conversation_id, seq, text, metadata, received_at,"
            f" status) VALUES ('rest', '', 'p', 'rest:ann', 99, '', '{{}}', {time.time()}, 'done')"
        )
        connection.exec_driver_sql(
            f"UPDATE attachments SET inbox_id = (SELECT id FROM inbox WHERE message_id = 'p') WHERE id = {kept.id}"
        )
        connection.commit()
    until(lambda: case.lines != [])
    words, address = case.lines[0].strip().split(": ", 1)
    assert words == "broken.png" and address.startswith(f"https://kefu.example/attachments/{kept.id}?until=")


def test_a_case_in_the_customers_language(open_pair: OpenPair) -> None:
    pair = open_pair("webhook")
    pair.customer_says("我的包裹在哪里？")
    path, bearer = "/conversations/rest:ann/tracker/events", {"Authorization": f"Bearer {API_TOKEN}"}
    assert pair.client.post(path, json=[{"event": "pause"}], headers=bearer).status_code == 200
    _name, case = pair.case()
    assert "对话记录：" in case.notes[0] and "顾客：我的包裹在哪里？" in case.notes[0]
    assert pair.peer.cases and "Customer" not in case.notes[0]


def test_an_erased_customer_leaves_no_link(pair: Pair) -> None:
    pair.customer_says("person")
    name, _case = pair.case()
    pair.mei_says(name, "Mei here.")
    with pair.kefu.database.transaction() as session:
        forget_conversations(session.connection(), ["rest:ann"])
    assert pair.rows("SELECT * FROM helpdesk_links") == pair.rows("SELECT * FROM helpdesk_heard") == []


@pytest.mark.parametrize("name", sorted(PEERS))
def test_what_is_missing_or_empty_stops_the_start(name: str) -> None:
    given = PEERS[name]().settings("https://desk.example")
    for left_out in set(given) - {"handoff_target", "handoff_previous_secret"}:
        fewer = {field: value for field, value in given.items() if field != left_out}
        with pytest.raises(SettingsError, match=left_out.upper()):
            open_helpdesk(Settings(**fewer))
    with pytest.raises(ValidationError, match="at least 8"):
        Settings(**{**given, "handoff_secret": SecretStr("")})
    assert open_helpdesk(Settings(**given)) is not None
    assert open_helpdesk(Settings()) is None


def test_on_postgresql_too(open_pair: OpenPair) -> None:
    with servers.postgres() as url:
        pair = open_pair("webhook", url)
        pair.customer_says("person")
        name, case = pair.case()
        pair.customer_says("one")
        until(lambda: len(case.lines) == 1)
        again = pair.mei_says(name, "Mei here.")
        assert pair.deliver(again) == 200 and pair.said_by_people() == ["Mei here."]
        pair.mei_ends(name, "resolved")
        until(lambda: not case.is_open)
        with pair.kefu.database.read() as connection:
            found = compare_metadata(MigrationContext.configure(connection), [Base.metadata, metadata])  # type: ignore[arg-type]
        assert [change for change in found if "helpdesk" in str(change)] == []
        pair.client.__exit__(None, None, None)
