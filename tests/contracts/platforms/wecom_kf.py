"""WeCom's customer service: callbacks that only say that there is something, and kf/sync_msg which has it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from tests.contracts.emulator import Emulator, Heard, Reply, running
from tests.contracts.platform import Delivered, Platform
from tests.contracts.platforms.wechat import LENT, SECRETS, altered, picture_at, sealed, xml

CORP_ID = "ww0123456789abcdef"
ACCOUNT = "wk0123456789abcdef"
Signed = tuple[bytes, tuple[tuple[str, str], ...]]
PAGE = 3
"""Small, so that there is more than one."""


class WecomKf(Platform):
    is_pulled = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Signed, dict[str, Any]] = {}
        self._kept: list[dict[str, Any]] = []

    def settings(self, url: str) -> dict[str, str]:
        return {"corp_id": CORP_ID, "secret": "a-secret-of-tests", "api_url": url, **SECRETS}

    def delivery(self, sender: str, text: str, number: int, at: float, secret: str = "current") -> Delivered:
        return self._announced(sender, number, at, secret, {"msgtype": "text", "text": {"content": text}})

    def with_file(self, sender: str, number: int, at: float) -> Delivered:
        return self._announced(sender, number, at, "current", {"msgtype": "image", "image": {"media_id": "media-1"}})

    def holds(self, heard: Heard) -> Reply | None:
        return picture_at(heard)

    def _announced(self, sender: str, number: int, at: float, secret: str, said: dict[str, Any]) -> Delivered:
        event = {"MsgType": "event", "Event": "kf_msg_or_event", "Token": f"token-{number}", "OpenKfId": ACCOUNT}
        delivered = sealed(xml("sys", int(at), **event), at, secret, CORP_ID)
        if secret != "wrong":
            message = {"msgid": f"m{number}", "send_time": int(at), "origin": 3}
            self._known[of(delivered)] = {**message, **whose(f"wm{sender}"), **said}
        return delivered

    def delivering(self, delivered: Delivered) -> None:
        """WeCom has the message before it says so, and has it once, however often it says so."""
        message = self._known.get(of(delivered))
        with self._lock:
            if message and all(message["msgid"] != one["msgid"] for one in self._kept):
                self._kept.append(message)

    def tells(self, customer: str, change_type: int, person: str) -> None:
        """A session changed hands in WeCom's own screens."""
        about = {"event_type": "session_status_change", "change_type": change_type, "new_servicer_userid": person}
        with self._lock:
            number = len(self._kept)
            told = {"msgid": f"e{number}", "send_time": int(time.time()), "origin": 4, "msgtype": "event"}
            self._kept.append({**told, "open_kfid": ACCOUNT, "event": {**about, **whose(customer)}})

    @contextmanager
    def running(self) -> Iterator[Emulator]:
        self._known, self._kept = {}, []
        with running(Emulator(self.answer)) as emulator:
            yield emulator

    def forged(self, genuine: Delivered) -> list[Delivered]:
        return altered(genuine)

    def answer(self, heard: Heard) -> Reply:
        if heard.path.startswith("/cgi-bin/gettoken?corpid="):
            return Reply(200, LENT)
        path = heard.path.removeprefix("/cgi-bin/").removesuffix("?access_token=a-token-lent")
        asked = orjson.loads(heard.body)
        return Reply(200, orjson.dumps({"errcode": 0, "errmsg": "ok", **self._answer(path, asked)}))

    def _answer(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        match path:
            case "kf/account/list":
                return {"account_list": [{"open_kfid": ACCOUNT, "name": "Shop"}]}
            case "kf/sync_msg":
                return self._since(asked["cursor"])
            case "kf/service_state/get":
                return {"service_state": 0, "servicer_userid": ""}
            case "kf/send_msg":
                return {"msgid": asked["msgid"]}
        assert path == "kf/service_state/trans"
        return {}

    def said(self, heard: Heard) -> tuple[str, str] | None:
        if not heard.path.startswith("/cgi-bin/kf/send_msg?"):
            return None
        fields = orjson.loads(heard.body)
        menu = fields.get("msgmenu")
        return fields["touser"], menu["head_content"] if menu else fields["text"]["content"]

    def _since(self, cursor: str) -> dict[str, Any]:
        at = int(cursor or 0)
        with self._lock:
            page = self._kept[at : at + PAGE]
            has_more = int(len(self._kept) > at + PAGE)
        return {"next_cursor": str(at + len(page)), "has_more": has_more, "msg_list": page}


def of(delivered: Delivered) -> Signed:
    return delivered.body, tuple(sorted(delivered.query.items()))


def whose(customer: str) -> dict[str, str]:
    return {"open_kfid": ACCOUNT, "external_userid": customer}


PLATFORM = WecomKf()
