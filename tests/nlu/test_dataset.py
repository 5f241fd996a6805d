from pathlib import Path

import pytest

from nlu.dataset import Example, load_dataset
from nlu.errors import DatasetError

GOOD = """version: "3.1"
nlu:
- intent: cancel_order
  examples: |
    - cancel [#W1234567](order_number)
    - 取消[订单]{"entity": "order_number"}

- intent: greet
  examples: |
    - hello
"""


def write(folder: Path, text: str, name: str = "a.yml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_rasa_marks_are_read_as_plain_text_and_script_tells_the_language(tmp_path: Path) -> None:
    dataset = load_dataset(write(tmp_path, GOOD))
    assert [(e.text, e.label, e.language) for e in dataset.intents] == [
        ("cancel #W1234567", "cancel_order", "en"),
        ("取消订单", "cancel_order", "zh"),
        ("hello", "greet", "en"),
    ]
    assert dataset.intents[0].where.endswith("a.yml:5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nlu: [", "not readable"),
        ("stories: []", r"a\.yml:1: unknown key 'stories'"),
        ("nlu:\n- intent: a\n  examples: |\n    hello", r"a\.yml:4: an example starts with '- '"),
        ("nlu:\n- intent: a\n", r"a\.yml:2: a block needs 'intent' and 'examples'"),
        ("nlu:\n- lookup: city\n  examples: |\n    - x", r"a\.yml:2: synonym, regex and lookup"),
        ("nlu:\n- intent: a\n  metadata: x\n  examples: |\n    - x", r"a\.yml:2: unknown key 'metadata'"),
        ("nlu: hello", r"a\.yml:1: a list"),
        ("nlu:\n- intent: a\n  examples: [x]", r"a\.yml:3: write the examples as a block"),
        ("", "no examples found"),
        ("nlu:\n- intent: a\n  examples: |\n    -", r"a\.yml:4: an empty example"),
        ("nlu:\n- intent: a\n  examples: |\n\n- intent: b\n  examples: |\n    - x", r"a\.yml:3: 'a' has no examples"),
        ("nlu:\n- intent: a\n  examples:", r"a\.yml:3: 'a' has no examples"),
        ("nlu:\n- intent:\n  examples: |\n    - x", r"a\.yml:2: 'intent' needs a name"),
        ("nlu:\n- intent: .nan\n  examples: |\n    - x", r"a\.yml:2: 'intent' needs a name; found '\.nan'"),
        ("nlu:\n- intent: a\n  examples: |\n    - x\n  examples: |\n    - y", r"a\.yml:5: 'examples' stands here for"),
        ("nlu:\n- intent: a\n  examples: |\n    - x\0y", r"a\.yml:4: not readable as YAML: character U\+0000"),
        ("nlu:\n- intent: a\n  examples: |\n    - x\n - y", r"a\.yml:5: not readable as YAML"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        load_dataset(write(tmp_path, text))


def test_an_unknown_mood_is_refused(tmp_path: Path) -> None:
    moods = tmp_path / "moods"
    moods.mkdir()
    write(moods, "sentiment:\n- label: furious\n  examples: |\n    - argh")
    with pytest.raises(DatasetError, match=r"a\.yml:2: sentiment 'furious'"):
        load_dataset(write(tmp_path, GOOD, "b.yml"), moods)


def test_of_a_text_under_two_labels_the_first_counts_if_that_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "nlu:\n- intent: thank\n  examples: |\n    - Hello", "b.yml")
    dataset = load_dataset(tmp_path, keep_first=True)
    assert sum(e.text.lower() == "hello" for e in dataset.intents) == 1
    assert "'thank'" in dataset.contradictions[0]


def test_a_text_under_two_labels_is_a_mistake_that_names_both_places(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "nlu:\n- intent: thank\n  examples: |\n    - Hello", "b.yml")
    with pytest.raises(DatasetError, match=r"b\.yml:4: 'Hello' .* of 'thank' here and of 'greet' at .*a\.yml:10"):
        load_dataset(tmp_path)


def test_an_intent_that_the_assistant_does_not_know_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    write(tmp_path, "nlu:\n- intent: cancel_oder\n  examples: |\n    - cancel it")
    with pytest.raises(DatasetError, match=r"a\.yml:4: intent 'cancel_oder' .* did you mean 'cancel_order'"):
        load_dataset(tmp_path, known_intents={"cancel_order", "greet"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_file_in_utf16_is_called_that(tmp_path: Path, encoding: str) -> None:
    text = "nlu:\n- intent: greet\n  examples: |\n    - 你好\n"
    (tmp_path / "a.yml").write_bytes(
        ("" if encoding == "utf-16" else "\ufeff").encode(encoding) + text.encode(encoding)
    )
    with pytest.raises(DatasetError, match=r"a\.yml:1: .*it is UTF-16.*iconv -f utf-16"):
        load_dataset(tmp_path)


def test_bytes_that_are_not_utf8_are_found_by_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes("nlu:\n- intent: a\n  examples: |\n    - 取消订单\n".encode("gb18030"))
    with pytest.raises(DatasetError, match=r"a\.yml:4: byte 0xcf is not UTF-8; .*gb18030"):
        load_dataset(tmp_path)


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert len(load_dataset(tmp_path).intents) == 3


def test_the_same_texts_have_the_same_hash_wherever_they_stand(tmp_path: Path) -> None:
    whole = load_dataset(write(tmp_path, GOOD)).sha256
    cancel, greet = GOOD.split("\n\n")
    (tmp_path / "apart").mkdir()
    write(tmp_path / "apart", 'version: "3.1"\nnlu:\n' + greet, "1.yml")
    write(tmp_path / "apart", cancel, "2.yml")
    assert load_dataset(tmp_path / "apart").sha256 == whole
    write(tmp_path / "apart", GOOD.replace("- hello", "- hi"), "3.yml")
    assert load_dataset(tmp_path / "apart").sha256 != whole


def test_about_a_tenth_is_held_out_whatever_the_spelling() -> None:
    held = [Example(f"sentence {n}", "x", "").is_held_out for n in range(1000)]
    assert 70 < sum(held) < 130
    assert Example("Sentence 1", "x", "").is_held_out == Example("sentence 1 ", "x", "").is_held_out
