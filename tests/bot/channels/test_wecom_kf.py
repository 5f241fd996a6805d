"""WeCom customer service: what is pulled and from where, whose a session is, its menu, its errors, its files."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import orjson
import pytest

from bot.channels.wecom_kf import ASSISTANTS, NOBODYS, PERSONS, WAITING, WecomKf, WecomKfSettings
from bot.messages import Attachment, BotMessage, Button
from bot.messaging.channel import Fetched, Handover, Inbound, Part, Pulled, Receipt, Recipient
from bot.messaging.choices import PRESSED
from bot.messaging.errors import NotNow, Rejected
from tests.contracts.platforms.wechat import LENT, SECRETS, sealed, xml
from tests.contracts.platforms.wecom_kf import ACCOUNT, CORP_ID

NOW = time.time()


class Wecom:
    """Its API: accounts, what came for each by cursor, sessions; and what Kefu asked of it."""

    def __init__(self, *messages: dict[str, Any], page: int = 100) -> None:
        self.accounts: dict[str, list[dict[str, Any]]] = {ACCOUNT: list(messages)}
        self.page = page
        self.states: dict[str, int] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refuses: dict[str, int] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/gettoken":
            return httpx.Response(200, content=LENT)
        name = request.url.path.removeprefix("/cgi-bin/")
        fields = orjson.loads(request.content) if request.headers["content-type"] == "application/json" else {}
        self.asked.append((name, fields))
        if name in self.refuses:
            return httpx.Response(200, json={"errcode": self.refuses[name], "errmsg": "they say so"})
        return httpx.Response(200, json={"errcode": 0, **self._answer(name, fields)})

    def _answer(self, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        match name:
            case "kf/account/list":
                return {"account_list": [{"open_kfid": one} for one in self.accounts]}
            case "kf/sync_msg":
                at = int(fields["cursor"] or 0)
                found = self.accounts[fields["open_kfid"]]
                page = found[at : at + self.page]
                return {"next_cursor": str(at + len(page)), "has_more": len(found) > at + self.page, "msg_list": page}
            case "kf/service_state/get":
                return {"service_state": self.states.get(fields["external_userid"], NOBODYS)}
            case "media/upload":
                return {"media_id": "media-9"}
        return {"msgid": fields.get("msgid", "")}

    def named(self, name: str) -> list[dict[str, Any]]:
        return [fields for asked, fields in self.asked if asked == name]


def service(**fields: Any) -> WecomKf:
    given = {"corp_id": CORP_ID, "secret": "a-secret-of-tests", "api_url": "http://api.test", **SECRETS}
    return WecomKf(WecomKfSettings.model_validate({**given, **fields}))


def from_customer(number: int, customer: str = "wmann", **fields: Any) -> dict[str, Any]:
    said = {"msgtype": "text", "text": {"content": "你好"}, "origin": 3, "send_time": int(time.time())}
    return {"msgid": f"m{number}", "open_kfid": ACCOUNT, "external_userid": customer, **said, **fields}


def event(kind: str, **fields: Any) -> dict[str, Any]:
    told = {"event_type": kind, "open_kfid": ACCOUNT, "external_userid": "wmann", **fields}
    return {"msgid": "e1", "msgtype": "event", "event": told, "origin": 4, "send_time": int(time.time())}


def using(wecom: Wecom, work: Callable[[httpx.AsyncClient], Any]) -> Any:
    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(wecom)) as http:
            return await work(http)

    return asyncio.run(run())


def pull(wecom: Wecom, cursor: str | None = None, **fields: Any) -> Pulled:
    pulled: Pulled = using(wecom, lambda http: service(**fields).pull(http, cursor))
    return pulled


def callback(account: str = ACCOUNT, token: str = "token-1", kind: str = "kf_msg_or_event") -> Inbound:
    fields = {"MsgType": "event", "Event": kind, "Token": token, "OpenKfId": account}
    delivered = sealed(xml("sys", int(NOW), **fields), NOW, "current", CORP_ID)
    return Inbound("POST", delivered.query, delivered.headers, delivered.body)


def test_a_callback_holds_no_message_but_wakes() -> None:
    channel = service()
    channel.verify(callback(), NOW)
    assert list(channel.decode(callback())) == [] and channel.wakes(callback())
    assert not channel.wakes(callback(kind="change_contact"))


def test_what_came_is_read_with_the_account_it_came_to() -> None:
    [said] = pull(Wecom(from_customer(1))).messages
    assert (said.text, said.conversation_id, said.message_id, said.account) == ("你好", "wecom_kf:wmann", "m1", ACCOUNT)


def test_the_next_pull_goes_on_at_each_accounts_own_cursor() -> None:
    wecom = Wecom(*(from_customer(n) for n in range(5)), page=2)
    wecom.accounts["wkother"] = [from_customer(9, open_kfid="wkother")]
    channel, cursor, seen = service(), None, []
    for _ in range(3):
        pulled: Pulled = using(wecom, partial(channel.pull, cursor=cursor))
        seen += [one.message_id for one in pulled.messages]
        cursor = pulled.cursor
    assert seen == ["m0", "m1", "m9", "m2", "m3", "m4"]
    assert not pulled.is_more and len(wecom.named("kf/account/list")) == 1
    assert orjson.loads(cursor or "") == {ACCOUNT: "5", "wkother": "1"}


def test_the_callbacks_token_is_shown_once_and_an_account_that_is_new_is_read() -> None:
    wecom, channel = Wecom(), service()
    wecom.accounts["wknew"] = []
    assert channel.wakes(callback("wknew", "token-7"))
    using(wecom, lambda http: channel.pull(http, orjson.dumps({ACCOUNT: "0"}).decode()))
    using(wecom, lambda http: channel.pull(http, orjson.dumps({ACCOUNT: "0", "wknew": "0"}).decode()))
    tokens = [(one["open_kfid"], one.get("token")) for one in wecom.named("kf/sync_msg")]
    assert tokens == [(ACCOUNT, None), ("wknew", "token-7"), (ACCOUNT, None), ("wknew", None)]


def test_what_was_said_days_before_kefu_came_is_not_answered_on_any_page() -> None:
    old = [from_customer(n, send_time=int(NOW) - 86_400) for n in range(3)]
    wecom = Wecom(*old, from_customer(4), page=2)
    first = pull(wecom)
    second = pull(wecom, first.cursor)
    assert first.is_more and [*first.messages] == [] and [one.message_id for one in second.messages] == ["m4"]
    late = Wecom(from_customer(1, send_time=int(NOW) - 86_400))
    assert len(pull(late, orjson.dumps({ACCOUNT: "0"}).decode()).messages) == 1


@pytest.mark.parametrize("origin", [4, 5])
def test_what_the_system_or_a_person_of_yours_wrote_is_not_answered(origin: int) -> None:
    assert [*pull(Wecom(from_customer(1, origin=origin))).messages] == []


def test_a_session_that_is_nobodys_becomes_the_assistants_and_a_persons_stays_theirs() -> None:
    wecom = Wecom(from_customer(1), from_customer(2), from_customer(3, customer="wmbob"))
    wecom.states["wmbob"] = PERSONS
    assert [one.message_id for one in pull(wecom).messages] == ["m1", "m2"]
    [given] = wecom.named("kf/service_state/trans")
    assert (given["external_userid"], given["service_state"]) == ("wmann", ASSISTANTS)
    assert len(wecom.named("kf/service_state/get")) == 2


def test_a_change_that_wecom_refuses_loses_no_message() -> None:
    wecom = Wecom(from_customer(1))
    wecom.refuses["kf/service_state/trans"] = 95016
    assert len(pull(wecom).messages) == 1


@pytest.mark.parametrize(("change", "to"), [(1, "agent"), (2, "agent"), (3, "resolved"), (4, "agent"), (9, None)])
def test_who_has_a_session_is_told(change: int, to: Any) -> None:
    told = event("session_status_change", change_type=change, new_servicer_userid="mei")
    assert list(pull(Wecom(told)).handovers) == ([Handover("wmann", to, "mei", key=f"e1:{change}")] if to else [])


def test_what_could_not_be_shown_is_reported() -> None:
    pulled = pull(Wecom(event("msg_send_fail", fail_msgid="ours-1", fail_type=4)))
    assert list(pulled.receipts) == [
        Receipt("ours-1", "failed", "window closed: 48 hours since the customer last wrote")
    ]


def test_who_opens_the_chat_is_greeted_if_that_is_wanted_and_in_time() -> None:
    opened = event("enter_session", welcome_code="code-1", scene="oa")
    wecom = Wecom(opened, event("enter_session", scene="oa"))
    pull(wecom, welcome="您好！")
    assert wecom.named("kf/send_msg_on_event") == [{"code": "code-1", "msgtype": "text", "text": {"content": "您好！"}}]
    silent = Wecom(opened)
    pull(silent)
    assert silent.named("kf/send_msg_on_event") == []
    late = Wecom(opened, from_customer(1))
    late.refuses["kf/send_msg_on_event"] = 95009
    assert len(pull(late, welcome="您好！").messages) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"msgtype": "location", "location": {"name": "广州塔", "address": "海珠区"}}, "广州塔 海珠区"),
        ({"msgtype": "link", "link": {"title": "A", "url": "https://a.example"}}, "A https://a.example"),
        ({"msgtype": "channels_shop_order", "channels_shop_order": {"order_id": "1234"}}, "1234"),
        ({"msgtype": "business_card", "business_card": {"userid": "u"}}, ""),
    ],
)
def test_other_kinds_are_read(fields: dict[str, Any], words: str) -> None:
    [said] = pull(Wecom(from_customer(1, **fields))).messages
    assert said.text == words


@pytest.mark.parametrize(
    ("kind", "ours"), [("image", "image"), ("voice", "audio"), ("video", "video"), ("file", "file")]
)
def test_attachments_are_named(kind: str, ours: Any) -> None:
    [said] = pull(Wecom({**from_customer(1, msgtype=kind), kind: {"media_id": "media-1"}})).messages
    assert said.attachments == (Attachment(ours, "media-1"),)


def say(wecom: Wecom, message: BotMessage, owner: str = "bot", **fields: Any) -> str:
    contents = {"stored-1": Fetched(b"%PDF", "application/pdf", "a.pdf")}
    to = Recipient("wmann", "wk-first", {"open_kfid": ACCOUNT}, owner)
    part = Part(message, "k", 12, contents if message.files else {})
    platform_id: str = using(wecom, lambda http: service(**fields).deliver(http, part, to))
    return platform_id


def test_a_menus_answer_names_the_button() -> None:
    wecom = Wecom(from_customer(1, text={"content": "No", "menu_id": "12.1"}))
    say(wecom, BotMessage(text="Sure?", buttons=(Button("Yes", "yes, please"), Button("No", "no, thanks"))))
    [sent] = wecom.named("kf/send_msg")
    choices = [(one["type"], one["click"]["id"], one["click"]["content"]) for one in sent["msgmenu"]["list"]]
    assert choices == [("click", "12.0", "Yes"), ("click", "12.1", "No")]
    assert sent["msgmenu"]["head_content"] == "Sure?" and sent["open_kfid"] == ACCOUNT
    [said] = pull(wecom).messages
    assert said.metadata[PRESSED] == "12.1"


def test_a_second_try_carries_the_same_msgid_of_the_allowed_length() -> None:
    wecom = Wecom()
    assert say(wecom, BotMessage(text="hi")) == say(wecom, BotMessage(text="hi"))
    first, second = (one["msgid"] for one in wecom.named("kf/send_msg"))
    assert first == second and len(first) == 32 and first.isalnum()


def test_a_file_is_handed_over_first() -> None:
    wecom = Wecom()
    say(wecom, BotMessage(files=(Attachment("file", "stored-1", "a.pdf"),)))
    [sent] = wecom.named("kf/send_msg")
    assert (sent["msgtype"], sent["file"]) == ("file", {"media_id": "media-9"})


def test_after_the_closing_line_the_session_goes_to_wecoms_queue_where_people_answer_there() -> None:
    wecom = Wecom()
    say(wecom, BotMessage(text="A colleague will answer."), "queue", people="wecom")
    assert [name for name, _ in wecom.asked] == ["kf/send_msg", "kf/service_state/trans"]
    assert wecom.asked[-1][1]["service_state"] == WAITING
    at_kefu = Wecom()
    say(at_kefu, BotMessage(text="A colleague will answer."), "queue")
    assert at_kefu.named("kf/service_state/trans") == []


def test_a_line_that_was_sent_is_not_sent_again_because_the_session_could_not_be_given_away() -> None:
    wecom = Wecom()
    wecom.refuses["kf/service_state/trans"] = -1
    assert say(wecom, BotMessage(text="A colleague will answer."), "queue", people="wecom")
    assert len(wecom.named("kf/send_msg")) == 1


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [(95001, Rejected, "five messages"), (95018, Rejected, "somebody in WeCom"), (45009, NotNow, "45009")],
)
def test_what_wecom_says_is_understood(code: int, error: type[Exception], words: str) -> None:
    wecom = Wecom()
    wecom.refuses["kf/send_msg"] = code
    with pytest.raises(error, match=words):
        say(wecom, BotMessage(text="hi"))


def test_check_asks_for_the_accounts() -> None:
    def problems(wecom: Wecom) -> int:
        return len(using(wecom, lambda http: service().check(http, None)))

    refused, without = Wecom(), Wecom()
    refused.refuses["kf/account/list"], without.accounts = 60020, {}
    assert (problems(Wecom()), problems(refused), problems(without)) == (0, 1, 1)
