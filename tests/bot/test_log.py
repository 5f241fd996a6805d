import io
import json
import logging

from bot.log import JsonLines, TextLines, configure, names_no_path


def record() -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log = logging.Logger("kefu.test")
    log.addHandler(handler)
    try:
        raise ValueError("bad")
    except ValueError:
        log.exception("turn failed", extra={"inbox_id": 7})
    return stream.getvalue()


def test_a_json_record_is_one_line_with_its_extras_and_exception() -> None:
    line = json.loads(record())
    assert (line["level"], line["logger"], line["message"], line["inbox_id"]) == (
        "ERROR",
        "kefu.test",
        "turn failed",
        7,
    )
    assert "ValueError: bad" in line["exception"] and record().count("\n") == 1


def test_a_text_record_names_its_extras() -> None:
    made = logging.makeLogRecord({"name": "kefu", "msg": "started", "levelname": "INFO", "port": 8000})
    assert TextLines().format(made).endswith("INFO kefu started port=8000")


def test_at_debug_the_frames_of_the_web_socket_stay_out_of_the_log() -> None:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    try:
        configure("DEBUG", "text")
        assert logging.getLogger("kefu").isEnabledFor(logging.DEBUG)
        assert not logging.getLogger("uvicorn.error").isEnabledFor(logging.DEBUG)
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]


def test_the_path_of_a_web_socket_stays_out_of_the_log() -> None:
    said = {"name": "uvicorn.error", "msg": '%s - "WebSocket %s" [accepted]', "args": ("1.2.3.4", "/api/customers/ann")}
    assert not names_no_path(logging.makeLogRecord(said))
    assert names_no_path(logging.makeLogRecord({"name": "uvicorn.error", "msg": "Application startup complete."}))
