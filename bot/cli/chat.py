"""`kefu chat`: talk to the bot in the terminal. The same engine, database and shop as `kefu serve`; no network."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.conversation.outbox import Line
    from bot.turn import Turns

NAME = "chat"
CHANNEL = "terminal"
MOST_BUTTONS, LONGEST_TITLE = 100, 1000
GREETING = (
    "Ask anything, in English or Chinese. Empty line, Ctrl-D or /quit: leave.  有什么可以帮您？回车或 /quit 退出。"
)


def command(
    sender: Annotated[str, typer.Option(help="Go on with this conversation; by default a new one begins.")] = "",
    customer: Annotated[str, typer.Option(help="Sign in as this customer (id or e-mail).")] = "",
) -> None:
    """Talk to the bot in the terminal."""
    import asyncio
    from uuid import uuid4

    from bot import log
    from bot.assembly import assemble
    from bot.settings import load_settings

    settings = load_settings()
    log.configure("WARNING", settings.log_format)
    kefu = assemble(settings)
    sender = sender or uuid4().hex[:8]
    typer.secho(f"{GREETING}\n(conversation {CHANNEL}:{sender})", dim=True)
    asyncio.run(converse(kefu.turns, sender, customer))
    kefu.database.close()


async def converse(turns: "Turns", sender: str, customer: str) -> None:
    """Read lines until the person leaves; a line that is the number of a button says that button."""
    import asyncio

    from bot.channels.base import make_message
    from bot.conversation.signing import SIGNED_AS

    proven: dict[str, str | float | None] = {SIGNED_AS: customer} if customer else {}
    buttons: list[str] = []
    while (typed := await asyncio.to_thread(read_line)) not in ("", "/quit"):
        words = buttons[int(typed) - 1] if typed.isdecimal() and 0 < int(typed) <= len(buttons) else typed
        message = make_message(CHANNEL, sender, words, None, {}, 4000, proven)
        lines = await turns.receive(message)
        buttons = show(lines)
        turns.sent(lines)
    await turns.close()


def read_line() -> str:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def show(lines: "list[Line]") -> list[str]:
    """Print the replies; returns what the numbered buttons say."""
    from bot.messaging.capabilities import Capabilities
    from bot.messaging.fitting import degrade

    payloads: list[str] = []
    for line in lines:
        plain = degrade(line.message, Capabilities(buttons=MOST_BUTTONS, title_limit=LONGEST_TITLE))
        typer.secho(plain.text or "", fg=typer.colors.CYAN)
        for button in plain.buttons:
            payloads.append(button.payload)
            typer.secho(f"  [{len(payloads)}] {button.title}", fg=typer.colors.GREEN)
    if not lines:
        typer.secho("(a person has this conversation now; the bot is silent)", dim=True)
    return payloads
