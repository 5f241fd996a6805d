"""Mails as people and programs write them: whose, in which thread, what is new in them, and what no person wrote."""

import time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messaging.channel import Fetched, Receipt
from bot.messaging.mail import reading
from bot.messaging.mail.authored import authored
from bot.messaging.mail.automatic import bounce, why_automatic
from bot.messaging.mail.plain import plain
from bot.messaging.mail.restraint import Restraint
from bot.messaging.mail.writing import Letter, linked, subject, written

OWN = "help@shop.example"


def raw(headers: str, body: bytes = b"Where is my order?") -> bytes:
    return headers.strip().replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


# ---- what is new in a mail ----

NEW = "Where is order W1001?\nIt should have come on Monday."
NEW_ZH = "请问订单 W1001 到哪了？\n应该周一就到的。"
HISTORIES = {
    "Gmail": "\n\nOn Mon, Nov 2, 2026 at 10:00 AM Shop <s@x.example> wrote:\n\n> Hello Ann,\n> how can I help?\n",
    "Gmail, broken": "\n\nOn Mon, Nov 2, 2026 at 10:00 AM Shop of a long name\n<s@x.example> wrote:\n\n> Hello\n",
    "Apple": "\n\nSent from my iPhone\n\n> On 2 Nov 2026, at 10:00, Shop <s@x.example> wrote:\n> \n> Hello Ann\n",
    "Outlook": "\n\nFrom: Shop <s@x.example>\nSent: Monday, November 2, 2026\nTo: Ann\nSubject: Re: a\n\nHello\n",
    "Outlook, ruled": "\n____________________\nFrom: Shop\nSent: Monday\nTo: Ann\nSubject: order\n\nHello Ann\n",
    "Original": "\n\n-----Original Message-----\nFrom: Shop\n\nHello Ann\n",
    "Thunderbird": "\n\nOn 02.11.26 10:00, Shop help wrote:\n> Hello Ann,\n>> nested\n",
    "German": "\n\nAm 02.11.2026 um 10:00 schrieb Shop help:\n> Hallo\n",
    "signature": "\n\n-- \nAnn Example\n+49 30 123456\n",
    "farewell": "\n\nBest regards,\nAnn Example\nExample Ltd.\n",
    "phone": "\n\nSent from my iPhone\n",
    "Outlook for iOS": "\n\nGet Outlook for iOS\n",
}
HISTORIES_ZH = {
    "QQ": '\n\n发自我的iPhone\n\n\n------ 原始邮件 ------\n发件人: "客服" <s@x.example>;\n您好\n',
    "163": '\n\n\n在 2026-11-02 10:00:00，"客服" <s@x.example> 写道：\n\n您好，请问有什么可以帮您？\n',
    "Gmail": "\n\n客服 <s@x.example> 于2026年11月2日周一 10:00写道：\n\n> 您好\n",
    "Outlook": "\n\n发件人: 客服 <s@x.example>\n发送时间: 2026年11月2日 10:00\n收件人: 王伟\n主题: 订单\n\n您好\n",
    "Foxmail": "\n\n王伟\n\n发件人： 客服\n发送时间： 2026-11-02 10:00\n收件人： 王伟\n主题： 订单\n",
    "farewell": "\n\n此致\n敬礼\n王伟\n",
    "phone": "\n\n发自我的华为手机\n",
}


@pytest.mark.parametrize("name", HISTORIES)
def test_history_and_signature_are_left_out(name: str) -> None:
    assert authored(NEW + HISTORIES[name]) == NEW
    assert authored((NEW + HISTORIES[name]).replace("\n", "\r\n")) == NEW


@pytest.mark.parametrize("name", sorted(set(HISTORIES_ZH) - {"Foxmail"}))
def test_chinese_history_and_signature_are_left_out(name: str) -> None:
    assert authored(NEW_ZH + HISTORIES_ZH[name]) == NEW_ZH


def test_a_name_that_nothing_announces_is_kept() -> None:
    assert authored(NEW_ZH + HISTORIES_ZH["Foxmail"]) == NEW_ZH + "\n\n王伟"


def test_what_is_written_below_and_between_quotations_is_kept() -> None:
    below = "On Mon, Shop help wrote:\n> Which order is it?\n\nIt is W1001.\n\n> And which size?\n\nSize 42.\n"
    assert authored(below) == "It is W1001.\n\nSize 42."


@pytest.mark.parametrize(
    "words",
    [
        "On Monday I ordered shoes. Where are they?",
        "A list:\n- shoes\n- a hat\n\nAll of them please.",
        "To: my mother\nplease send it to her.",
        "Kind regards to your team! Where is my order, and when will it come?",
        "-",
        "我在周一写道",
    ],
)
def test_what_only_looks_like_history_is_kept(words: str) -> None:
    assert authored(words) == words


def test_a_mail_that_is_all_history_is_kept_whole() -> None:
    forwarded = "-----Original Message-----\nFrom: Ann\n\nWhere is my order?"
    assert authored(forwarded) == forwarded


@pytest.mark.parametrize("piece", ["On ", "\n>", "From: a\n", " \n", "_", "在 ", "- \n", "On x wrote:\n", "regards\n"])
def test_no_mail_takes_long(piece: str) -> None:
    started = time.process_time()
    authored(piece * 20_000)
    plain(f"<div>{piece}" * 5_000)
    assert time.process_time() - started < 3


@given(st.text(max_size=200), st.binary(max_size=200))
def test_nothing_in_a_mail_can_make_reading_raise(words: str, content: bytes) -> None:
    authored(words)
    plain(words)
    for made in (
        content,
        b"Content-Type: text/html\r\n\r\n" + content,
        raw(f"Subject: {words!a}\nFrom: {words!a}", content),
    ):
        mail = reading.parsed(made)
        reading.thread_of(mail, made)
        reading.words_of(mail)
        why_automatic(mail, OWN)
        bounce(mail)
        [reading.attachment_of(part, "1") for _, part in reading.files_of(mail)]


# ---- HTML ----


UNCLOSED = ("<", "<a ", "<!--", "<?", "</", "<![", "<a x='", '<a b="', "<style>", "&#9", '<a ">', '<a id=\'" ">')


@pytest.mark.parametrize("unit", UNCLOSED)
def test_no_page_takes_long_however_it_is_left_unclosed(unit: str) -> None:
    """Python's own parser needs six minutes for 80 kB of the second."""
    began = time.process_time()
    plain((unit * 100_000)[:100_000])
    assert time.process_time() - began < 2


def test_a_page_that_makes_no_sense_gives_what_text_there_is() -> None:
    assert plain("Hello <![if !mso]>there<![endif]>") == "Hello there"
    assert plain(f"Hello &#{'9' * 5_000}; there") == "Hello there"
    assert plain('<p title="a > b">Hello</p><script>if (a<b) "</p>"</script>there') == "Hello\n\nthere"
    assert plain("2 < 3 and <b>5 &lt; 6") == "2 < 3 and 5 < 6"


def test_a_header_or_a_charset_that_nobody_can_read_does_not_keep_the_mail_from_being_read() -> None:
    mail = reading.parsed(raw("From: Ann <ann@x.example>\nSubject: =?utf-8?B?A?=\nReply-To: =?utf-8?B?A?="))
    assert reading.sender_of(mail) == "ann@x.example" and reading.header(mail, "subject") == "=?utf-8?B?A?="
    slow = raw("From: ann@x.example\nContent-Type: text/plain; charset=PunyCode", b"a-" + b"zk9" * 300_000)
    began = time.process_time()
    assert reading.words_of(reading.parsed(slow)).startswith("a-zk9")
    assert time.process_time() - began < 2


def test_html_is_read_as_a_person_sees_it() -> None:
    page = """<html><head><title>x</title><style>p{color:red}</style></head><body>
    <div style="display:none">preheader</div><p>Where is&nbsp;my <b>order</b>?</p>
    <ul><li>W1001</li><li>W1002 &amp; more</li></ul>Thanks<br>Ann<img src="x.png">
    <div class="gmail_quote">On Monday, Shop wrote:<blockquote>Hello</blockquote></div></body></html>"""
    assert plain(page) == "Where is my order?\n\n- W1001\n- W1002 & more\n\nThanks\nAnn"
    assert plain("<p>你好<div id='divRplyFwdMsg'>旧<p>的</div>！") == "你好！"
    assert plain("<b>unclosed <i>all over") == "unclosed all over"


# ---- charsets ----


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("gb2312", "gb18030"), ("GBK", "gb18030"), ("gb18030", "gb18030"), ("big5", "big5"), ("utf-8", "utf-8")],
)
def test_chinese_charsets_are_read(charset: str, codec: str) -> None:
    words = (
        "請問訂單到哪了" if codec == "big5" else "请问订单到哪了？朱镕基㐂" if codec == "gb18030" else "请问订单到哪了"
    )
    mail = reading.parsed(raw(f"Content-Type: text/plain; charset={charset}", words.encode(codec)))
    assert reading.words_of(mail) == words


def test_an_unknown_or_wrong_charset_is_guessed() -> None:
    for named in ("x-unknown", "us-ascii", "utf-8"):
        mail = reading.parsed(raw(f"Content-Type: text/plain; charset={named}", "你好".encode("gb18030")))
        assert reading.words_of(mail) == "你好"


def test_headers_are_decoded_and_stay_on_one_line() -> None:
    mail = reading.parsed(
        raw("Subject: =?gb2312?B?tqm1pQ==?=\n =?utf-8?Q?_W1001?=\nFrom: =?utf-8?B?546L?= <Wang@A.Example>")
    )
    assert reading.header(mail, "subject") == "订单 W1001"
    assert reading.sender_of(mail) == "wang@a.example"


def test_what_is_no_address_is_nobody() -> None:
    for sender in ("", "Ann", "ann@", "<>", "a@b@c", "ann@a.example\x00", '"a b"@x.example'):
        assert reading.sender_of(reading.parsed(raw(f"From: {sender}"))) == "", sender
    form = reading.parsed(raw(f"From: {OWN}\nReply-To: Ann <ann@a.example>"))
    assert reading.sender_of(form) == "ann@a.example"
    assert why_automatic(form, OWN) is None


# ---- threads ----


def test_an_answer_goes_into_the_thread() -> None:
    asked = raw("Message-ID: <2@a>\nReferences: <0@a>\n <1@a>\nSubject: RE: 回复: order", b"hi")
    thread = reading.thread_of(reading.parsed(asked), asked)
    mail = written(Letter("ann@a.example", "Hello\nAnn", "kefu-1-2-0", True), address(), thread)
    assert (mail["In-Reply-To"], mail["References"]) == ("<2@a>", "<0@a> <1@a> <2@a>")
    assert (mail["Subject"], mail["Message-ID"]) == ("Re: order", "<kefu-1-2-0@shop.example>")
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    one, other = raw("From: ann@a.example", b"1"), raw("From: ann@a.example", b"2")
    ids = [reading.thread_of(reading.parsed(made), made).message_id for made in (one, one, other)]
    assert ids[0] == ids[1] != ids[2]


def address() -> Address:
    return Address("Shop help 客服", addr_spec=OWN)


def test_an_answer_is_text_and_html_and_can_carry_files() -> None:
    file = Fetched("发票".encode(), "application/pdf", "发票.pdf")
    letter = Letter("ann@a.example", "见 https://shop.example/a?b=1&c=2。\n<b>1</b>\n\n再见", "k", False, (file,))
    mail = reading.parsed(written(letter, address(), None).as_bytes())
    assert reading.words_of(mail) == "见 https://shop.example/a?b=1&c=2。\n<b>1</b>\n\n再见"
    [(_, part)] = list(reading.files_of(mail))
    assert (reading.name_of(part), reading.bytes_of(part)) == ("发票.pdf", "发票".encode())
    assert mail["Auto-Submitted"] is None
    assert linked(letter.text.split("\n\n")[0]) == (
        '见 <a href="https://shop.example/a?b=1&amp;c=2">https://shop.example/a?b=1&amp;c=2</a>。<br>\n&lt;b&gt;1&lt;/b&gt;'
    )


def test_a_subject_is_never_answered_with_many_re() -> None:
    def answered(words: str) -> str:
        return subject(reading.Thread("<1@a>", "", words))

    assert {answered(words) for words in ("order", "Re: order", "RE: Re[2]: order", "回复：答复: order")} == {
        "Re: order"
    }
    assert answered("") == "Re: your message · 您的来信"


# ---- attachments ----


def test_attachments_are_known_and_logos_are_not() -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "ann@a.example"
    mail.set_content("See the picture")
    mail.add_alternative("<p>See the <img src='cid:logo'></p>", subtype="html")
    page = mail.get_payload()[1]  # type: ignore[index]
    page.add_related(b"x" * 100, maintype="image", subtype="png", cid="<logo>")  # type: ignore[union-attr]
    page.add_related(b"x" * 9000, maintype="image", subtype="png", cid="<shot>")  # type: ignore[union-attr]
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../../etc/账单.pdf")
    mail.add_attachment("a,b", subtype="csv", filename="list.csv")
    mail.add_attachment("note", filename="note.txt")
    found = [
        reading.attachment_of(part, str(number)) for number, part in reading.files_of(reading.parsed(mail.as_bytes()))
    ]
    assert [(one.kind, one.name, one.size) for one in found] == [
        ("image", "", 9000),
        ("file", "账单.pdf", 4),
        ("file", "list.csv", 5),
        ("file", "note.txt", 6),
    ]
    assert reading.words_of(reading.parsed(mail.as_bytes())) == "See the picture"


# ---- machines ----


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "Precedence: bulk",
        "List-Id: <news.a.example>",
        "List-Unsubscribe: <https://a.example>",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "X-Autoreply: yes",
        "Return-Path: <>",
        "X-Spam-Flag: YES",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)
def test_machines_are_not_answered(headers: str) -> None:
    assert why_automatic(reading.parsed(raw(f"From: ann@a.example\n{headers}")), OWN)


@pytest.mark.parametrize(
    "sender", ["MAILER-DAEMON@a.example", "no-reply@a.example", "noreply+1@a.example", "bounce-12@a.example", OWN, ""]
)
def test_nobody_and_this_mailbox_are_not_answered(sender: str) -> None:
    assert why_automatic(reading.parsed(raw(f"From: {sender}")), OWN)


@pytest.mark.parametrize(
    "headers",
    ["", "Auto-Submitted: no", "Precedence: normal", "X-Auto-Response-Suppress: DR, RN", "Return-Path: <a@b.c>"],
)
def test_people_are_answered(headers: str) -> None:
    for sender in ("ann@a.example", "noreplyann@a.example", "bouncer@a.example"):
        assert why_automatic(reading.parsed(raw(f"From: {sender}\n{headers}".strip())), OWN) is None


BOUNCE = """From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ann@a.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ann@a.example>: unknown
--b
Content-Type: {kind}

From: help@shop.example
Message-ID: <kefu-1-2-0@shop.example>
Subject: Re: order

--b--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_says_which_mail_did_not_arrive(kind: str) -> None:
    mail = reading.parsed(BOUNCE.format(action="failed", kind=kind).replace("\n", "\r\n").encode())
    assert bounce(mail) == Receipt("<kefu-1-2-0@shop.example>", "failed", "the mail came back: 5.1.1")
    delayed = reading.parsed(BOUNCE.format(action="delayed", kind=kind).encode())
    assert bounce(delayed) is None and why_automatic(delayed, OWN)


def test_no_address_is_answered_more_than_so_often_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("bot.messaging.mail.restraint.time.monotonic", lambda: now)
    restraint = Restraint(2)
    assert [restraint.allows("ann@a", one) for one in ("1", "1", "2", "3", "1")] == [True, True, True, False, True]
    assert restraint.allows("li@a", "4")
    now = 3601.0
    assert restraint.allows("ann@a", "5")
