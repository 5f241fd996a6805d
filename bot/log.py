"""Structured logs on stderr. What customers write, their addresses and any token stay out of them."""

import json
import logging
import sys
import time
from typing import Literal

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


def configure(level: str, form: Literal["text", "json"]) -> None:
    """Send every logger's records to stderr in the given form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("uvicorn.access").disabled = True
    for name in ("httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(names_no_path)
    for name in ("uvicorn.error", "websockets", "asyncio"):  # at DEBUG they print every frame, tokens and all
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelName(level)))


def names_no_path(record: logging.LogRecord) -> bool:
    """Not the lines that uvicorn writes about every WebSocket, with its path: customers' ids stand in it."""
    return '"WebSocket %s"' not in str(record.msg)


def extras(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in record.__dict__.items() if name not in STANDARD}


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, the extras, the exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **extras(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """For people: `12:30:01 INFO kefu.turn turn failed conversation=web:x`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return " ".join([super().formatMessage(record), *(f"{name}={value}" for name, value in extras(record).items())])
