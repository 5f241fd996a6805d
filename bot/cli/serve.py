"""`kefu serve`: answer customers over HTTP and WebSocket."""

NAME = "serve"


def command() -> None:
    """Serve the bot: REST, WebSocket, widget and, with KEFU_DEMO, the demo storefront."""
    import uvicorn

    from bot import log
    from bot.app import web_app
    from bot.assembly import assemble
    from bot.settings import load_settings

    settings = load_settings()
    log.configure(settings.log_level, settings.log_format)
    app = web_app(assemble(settings))
    print(f"Kefu listens on http://{settings.host}:{settings.port}", flush=True)
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
