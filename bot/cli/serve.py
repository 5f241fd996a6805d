"""`kefu serve`: answer customers over HTTP and WebSocket."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings

NAME = "serve"


def command() -> None:
    """Serve the bot: its channels, the widget, the agents' console and, with KEFU_DEMO, the demo storefront."""
    import uvicorn

    from bot import log
    from bot.app import web_app
    from bot.assembly import assemble
    from bot.settings import load_settings

    settings = load_settings()
    log.configure(settings.log_level, settings.log_format)
    app = web_app(assemble(settings))
    print("\n".join(ways_in(settings)), flush=True)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws_max_size=settings.body_limit_bytes,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def ways_in(settings: "Settings") -> list[str]:
    """Where to go now, a line each; in the demo shop also as whom."""
    from bot.console.login.demo import shown

    url = f"http://{settings.host}:{settings.port}"
    if not settings.demo:
        return [f"Kefu listens on {url}", f"  console   {url}/console/"]
    anna, *_, ada = shown()
    return [
        f"Kefu listens on {url}",
        f"  chat      {url}/",
        f"  console   {url}/console/   as {anna['email']} (an agent) or {ada['email']} (the administrator)",
        f"            password {anna['password']}; `kefu demo conversations` gives it something to show",
    ]
