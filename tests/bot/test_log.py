import io
import json
import logging

from bot.log import JsonLines, TextLines


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
