"""Every call that Kefu makes fits the types of the vendor's SDK for TypeScript, which tsc checks; and for Discord the
schemas made of its OpenAPI description, without a field that is not in them.
"""

import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import orjson
import pytest

from bot.channels.discord import ASKED_AT, TOKEN
from bot.messages import Json
from bot.messaging.channel import Recipient
from tests.contracts.conftest import platform_of
from tests.contracts.emulator import Emulator, Heard, Reply, running
from tests.contracts.openapi.kinds import CUSTOMERS, KINDS, answered, say_everything
from tests.contracts.openapi.packages import install
from tests.contracts.platforms.line import SECRETS as LINE_SECRETS

PACKAGES = (
    "typescript@7.0.2",
    "@grammyjs/types@5.0.0",
    "@line/bot-sdk@11.0.0",
    "@microsoft/teams.api@2.1.0",
    "@slack/web-api@8.2.0",
    "discord-api-spec@10.0.266135",
    "zod@4.6.7",
)
IMPORTS = """
import type { ApiMethods } from "@grammyjs/types";
import type { messagingApi } from "@line/bot-sdk";
import type { IMessageActivity, ITypingActivity } from "@microsoft/teams.api";
import type { IAdaptiveCard } from "@microsoft/teams.cards";
import type { ChatPostMessageArguments, FilesCompleteUploadExternalArguments } from "@slack/web-api";
type Sent<A> = Partial<Omit<A, "from" | "conversation">> & { from: { id: string }; conversation: { id: string } };
type Telegram<M extends keyof ApiMethods<never>> = Parameters<ApiMethods<never>[M]>[0];
"""
TYPES = {
    r"/v2/bot/message/push": "messagingApi.PushMessageRequest",
    r"/v2/bot/chat/loading/start": "messagingApi.ShowLoadingAnimationRequest",
    r"/api/chat\.postMessage": "ChatPostMessageArguments",
    r"/api/files\.completeUploadExternal": "FilesCompleteUploadExternalArguments",
    r"/bot[^/]+/(send\w+)": 'Telegram<"{}">',
    r"/amer/v3/conversations/[^/]+/activities": "Sent<IMessageActivity> | Sent<ITypingActivity>",
}
SCHEMAS = {
    ("POST", r"/users/@me/channels"): "CreatePrivateChannelRequestSchema",
    ("POST", r"/channels/\d+/messages"): "MessageCreateRequestSchema",
    ("POST", r"/webhooks/\d+/[^/]+"): "IncomingWebhookRequestPartialSchema",
    ("PATCH", r"/webhooks/\d+/[^/]+/messages/@original"): "IncomingWebhookUpdateRequestPartialSchema",
}
Answer = Callable[[Heard], Reply]
TSC = ("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--types", "")
ZOD = """
import { readFileSync } from "node:fs";
import * as discord from "./discord.mjs";
for (const [name, fields] of JSON.parse(readFileSync(0, "utf-8"))) {
  const result = discord[name].safeParse(fields);
  if (!result.success) console.log(name, JSON.stringify(result.error.issues));
}
"""
LINE = 'import { validateSignature } from "@line/bot-sdk"; console.log(validateSignature(...process.argv.slice(-3)));'
PAYLOAD = re.compile(rb'name="payload_json"\r\n\r\n(.*?)\r\n--', re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("types")
    install(folder, *PACKAGES)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "check.mjs").write_text(ZOD, "utf-8")
    schemas = (folder / "node_modules/discord-api-spec/build/discord-api-spec.zod.js").read_text("utf-8")
    strict = schemas.replace("let zObject = z.object;", "let zObject = z.strictObject;")
    assert strict != schemas
    (folder / "discord.mjs").write_text(strict, "utf-8")
    return folder


def heard_of(name: str, to: Recipient, answer: Answer | None = None) -> list[Heard]:
    """What the platform hears when everything is said, with files in bytes and by their addresses."""
    with running(Emulator(answer or partial(answered, name))) as emulator:
        for in_bytes in (True, False):
            say_everything(name, emulator.url, to=to, in_bytes=in_bytes)
        assert len(emulator.heard) > 2 * len(KINDS)
        return [one for one in emulator.heard if one.method != "GET"]


def typed(heard: Heard) -> Iterator[str]:
    """The call as TypeScript that compiles only where it has the SDK's type."""
    fields = orjson.loads(heard.body)
    [type_] = [
        kind.format(*found.groups()) for path, kind in TYPES.items() if (found := re.fullmatch(path, heard.path))
    ]
    yield f"({heard.body.decode()}) satisfies {type_};"
    for one in fields.get("attachments", ()):
        if one["contentType"].endswith("card.adaptive"):
            yield f"({orjson.dumps(one['content']).decode()}) satisfies IAdaptiveCard;"


def is_json(heard: Heard) -> bool:
    return heard.headers.get("content-type", "").startswith("application/json")


def complaints_of_tsc(folder: Path, lines: list[str]) -> list[str]:
    (folder / "calls.ts").write_text(IMPORTS + "\n".join(lines), "utf-8")
    command = ["node_modules/.bin/tsc", *TSC, "calls.ts"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout.splitlines()


@pytest.mark.parametrize("name", ["line", "slack", "teams", "telegram"])
def test_every_call_has_the_sdks_type(folder: Path, name: str) -> None:
    lines = [line for heard in heard_of(name, CUSTOMERS[name]) if is_json(heard) for line in typed(heard)]
    assert complaints_of_tsc(folder, lines) == []
    wrong = [line.replace('"text":', '"txet":', 1) for line in lines]
    assert complaints_of_tsc(folder, wrong)


def named(heard: Heard) -> tuple[str, Json]:
    """Discord's schema of the call, and what stands in it."""
    path = heard.path.removeprefix("/api/v10")
    [schema] = [name for (method, of), name in SCHEMAS.items() if method == heard.method and re.fullmatch(of, path)]
    found = PAYLOAD.search(heard.body)
    return schema, orjson.loads(found[1] if found else heard.body)


def complaints_of_zod(folder: Path, calls: Sequence[tuple[str, Json]]) -> list[str]:
    done = subprocess.run(["node", "check.mjs"], cwd=folder, input=orjson.dumps(calls), capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def test_lines_sdk_takes_the_signature_that_kefu_takes(folder: Path) -> None:
    genuine = platform_of("line").delivery("ann", "你好 👋", 1, time.time())
    given = [genuine.body.decode(), LINE_SECRETS["current"], genuine.headers["x-line-signature"]]
    for body, accepted in ((given[0], "true"), (given[0] + " ", "false")):
        command = ["node", "--input-type=module", "--eval", LINE, body, *given[1:]]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == accepted


def answered_before(_heard: Heard) -> Reply:
    return Reply(200, b'{"id": "1", "flags": 0}')


@pytest.mark.parametrize(
    ("asked_seconds_ago", "answer", "expected"),
    [
        (1, None, "IncomingWebhookUpdateRequestPartialSchema"),
        (1, answered_before, "IncomingWebhookRequestPartialSchema"),
        (3600, None, "MessageCreateRequestSchema"),
    ],
    ids=["in place of the answer", "after it", "as a direct message"],
)
def test_every_call_to_discord_is_as_its_description_says(
    folder: Path, asked_seconds_ago: float, answer: Answer | None, expected: str
) -> None:
    latest = {TOKEN: "a-token", ASKED_AT: time.time() - asked_seconds_ago}
    calls = [named(heard) for heard in heard_of("discord", replace(CUSTOMERS["discord"], latest=latest), answer)]
    assert expected in {name for name, _ in calls}
    assert complaints_of_zod(folder, calls) == []
    wrong = [(name, {**fields, "unheard_of": 1}) for name, fields in calls]
    assert len(complaints_of_zod(folder, wrong)) == len(calls)
