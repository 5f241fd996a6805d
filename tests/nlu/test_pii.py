"""Personal data in the form of Presidio's synthetic set."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from nlu.errors import DatasetError
from nlu.interpreter import Interpreter
from nlu.pii import FILE, read_pii, score_pii


def write(folder: Path, *rows: Any) -> None:
    with gzip.open(folder / FILE, "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)


def row(text: str, **spans: str) -> dict[str, Any]:
    marked = [{"type": kind, "start": text.index(s), "end": text.index(s) + len(s)} for kind, s in spans.items()]
    return {"text": text, "template_id": 1, "spans": marked}


def test_each_type_is_counted_by_its_own_kind(tmp_path: Path) -> None:
    write(
        tmp_path,
        row("My name is Ada Byron, ada@mail.example", PERSON="Ada Byron", EMAIL_ADDRESS="ada@mail.example"),
        row("12 Elm Street, Boston, MA 02118", STREET_ADDRESS="12 Elm Street, Boston, MA 02118"),
        row("It was Grace who paid with 4111111111111111", PERSON="Grace", CREDIT_CARD="4111111111111111"),
    )
    scores, mistakes = score_pii(Interpreter.load(), read_pii(tmp_path))
    assert (scores["person"].spans, scores["person"].exact) == (2, 1)
    assert scores["email"].exact == scores["address"].exact == 1
    assert mistakes == ["-person 'Grace' in 'It was Grace who paid with 4111111111111111'"]


def test_a_folder_without_the_set_and_a_broken_line_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such file"):
        read_pii(tmp_path)
    write(tmp_path, row("fine"), {"text": "no template"})
    with pytest.raises(DatasetError, match=rf"{FILE}:2: not a sentence"):
        read_pii(tmp_path)
