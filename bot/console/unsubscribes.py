"""Unsubscribing from campaign mails: POST does it (RFC 8058, also by a mail program), GET only asks.

A GET changes nothing, because mail programs and virus scanners follow links. The token says which mail it was; no
login is asked for, and the page shows neither name nor address.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from bot.console.articles import choose
from knowledge.articles.article import Language
from knowledge.campaigns.permission import Fingerprints
from knowledge.campaigns.unsubscribing import PATH, Links, Way, unsubscribe
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.shop.columns import utc_now

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "lang": "en",
        "ask_title": "Unsubscribe",
        "ask": "Shall we stop sending you these e-mails?",
        "button": "Yes, unsubscribe me",
        "done_title": "You are unsubscribed",
        "done": "We won't send you these e-mails any more. Messages about your orders still reach you. "
        "If you change your mind, you can agree again at any time in your account or in the chat.",
        "wrong_title": "This link doesn't work",
        "wrong": "It may have been cut off by your mail program. Reply “unsubscribe” to the e-mail instead, and we "
        "will take care of it.",
    },
    "zh": {
        "lang": "zh-CN",
        "ask_title": "退订邮件",
        "ask": "不再接收这类邮件，是吗？",
        "button": "是的，退订",
        "done_title": "已经退订",
        "done": "我们不会再给您发这类邮件了，订单相关的通知仍会照常发送。"
        "如果改变主意，随时可以在账户里或聊天中重新订阅。",
        "wrong_title": "链接无法使用",
        "wrong": "可能是链接没有复制完整。您也可以直接回复那封邮件，写上“退订”，我们会为您处理。",
    },
}
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>{title}</title>
  <link rel="stylesheet" href="/pages/article.css">
</head>
<body><main>
<h1>{title}</h1>
<p>{text}</p>
{form}</main></body>
</html>
"""
FORM = '<form method="post" action="{action}"><button type="submit">{button}</button></form>\n'
Transaction = Callable[[], AbstractContextManager[Session]]


def router(transaction: Transaction) -> APIRouter:
    routes = APIRouter(tags=["campaigns"], default_response_class=HTMLResponse)

    @routes.get(PATH, summary="Ask whether to unsubscribe")
    def ask(request: Request, token: str = "", lang: str | None = None) -> HTMLResponse:
        language = choose(request, lang)
        with transaction() as session:
            if _links(session).member(token) is None:
                return page(language, "wrong", status=404)
        action = f"{PATH}?token={token}&lang={language}&way=page"
        form = FORM.format(action=escape(action, quote=True), button=escape(WORDS[language]["button"]))
        return page(language, "ask", form)

    @routes.post(PATH, summary="Unsubscribe")
    def leave(request: Request, token: str = "", lang: str | None = None, way: str = "") -> HTMLResponse:
        language = choose(request, lang)
        said: Way = "page" if way == "page" else "one click"
        with transaction() as session:
            links = _links(session)
            member_id = links.member(token)
            if member_id is None:
                return page(language, "wrong", status=404)
            unsubscribe(session, member_id, said, Fingerprints(links.key), utc_now())
        return page(language, "done")

    return routes


def _links(session: Session) -> Links:
    return Links(Pseudonyms.of_shop(session).key)


def page(language: Language, what: str, form: str = "", status: int = 200) -> HTMLResponse:
    words = WORDS[language]
    title, text = escape(words[f"{what}_title"]), escape(words[what])
    return HTMLResponse(PAGE.format(lang=words["lang"], title=title, text=text, form=form), status_code=status)
