"""What text alone shows: conflicts, duplicates, leaks, too few examples."""

from pathlib import Path

import pytest

from nlu.dataset import Example, read_examples
from nlu.errors import DatasetError
from nlu.lint.finding import Finding
from nlu.lint.leaks import frozen_texts, leaks
from nlu.lint.linting import lint


def example(text: str, label: str, where: str = "nlu.yml:1") -> Example:
    return Example(text, label, where)


def kinds(found: list[Finding]) -> set[str]:
    return {finding.kind for finding in found}


def test_a_text_under_two_labels_is_a_conflict_in_whatever_case_and_width_it_stands() -> None:
    found = lint(
        [example("Cancel it", "cancel_order", "a.yml:3"), example("ｃancel it", "nevermind", "b.yml:9")], thin=1
    )
    assert [finding.kind for finding in found] == ["conflict"]
    assert found[0].places == ("a.yml:3", "b.yml:9")
    assert set(found[0].labels) == {"cancel_order", "nevermind"}


def test_a_text_twice_under_one_label_is_a_duplicate_and_no_conflict() -> None:
    assert kinds(lint([example("退货", "return_item"), example("退货！", "return_item")], thin=1)) == {"duplicate"}


def test_thin_and_one_sided_labels_are_told_by_language() -> None:
    english = [example(f"sentence number {chr(97 + n)}", "greet") for n in range(10)]
    found = lint([*english, example("你好", "greet")], thin=3)
    assert [finding.kind for finding in found] == ["thin_label"]
    assert "1 examples in 'zh'" in found[0].message
    assert kinds(lint([*english, *(example(f"你好{'啊呀哦'[n]}", "greet") for n in range(3))], thin=3)) == {
        "unbalanced"
    }


def test_labels_and_the_domain_must_name_the_same_intents() -> None:
    found = lint([example("hi", "gret")], known={"greet"}, thin=1)
    assert [(finding.kind, finding.labels) for finding in found] == [
        ("empty_label", ("greet",)),
        ("unknown_label", ("gret",)),
    ]


def test_a_test_sentence_in_the_training_data_is_a_leak_with_both_places(tmp_path: Path) -> None:
    (tmp_path / "intents.yml").write_text("nlu:\n- intent: thank\n  examples: |\n    - thanks a lot!\n", "utf-8")
    (tmp_path / "negation.yml").write_text('en:\n- {text: "do not do it", never: [affirm]}\n', "utf-8")
    trained = [example("Thanks a lot", "thank", "nlu.yml:8"), example("do not do it", "deny", "nlu.yml:9")]
    found = leaks(trained, frozen_texts(tmp_path))
    assert [finding.places for finding in found] == [
        ("nlu.yml:8", f"{tmp_path}/intents.yml:4"),
        ("nlu.yml:9", f"{tmp_path}/negation.yml:2"),
    ]


def test_a_test_sentence_with_a_slip_is_a_leak_and_its_opposite_is_none() -> None:
    frozen = [example("please cancel my whole oder at once", "frozen", "frozen.yml:1")]
    trained = ["cancel the whole order at once", "don't cancel my whole oder at once", "cancel my order"]
    found = leaks([example(text, "cancel_order") for text in trained], frozen)
    assert [finding.examples[0].text for finding in found] == ["cancel the whole order at once"]


def test_sentences_that_only_test_entities_cannot_leak(tmp_path: Path) -> None:
    (tmp_path / "entities.yml").write_text("en:\n- text: W2378156\n  entities: [{entity: order_number}]\n", "utf-8")
    assert frozen_texts(tmp_path) == []


def test_a_missing_folder_of_test_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere"):
        frozen_texts(tmp_path / "nowhere")


ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("folder", "kind"), [("nlu", "nlu"), ("sentiment", "sentiment")])
def test_what_the_default_model_learns_from_has_no_conflict_and_none_of_the_test_sentences(
    folder: str, kind: str
) -> None:
    examples = read_examples(ROOT / "bot/assistant" / folder, "nlu" if kind == "nlu" else "sentiment")
    frozen = [
        text
        for tests in ("frozen", "blind")
        for text in frozen_texts(ROOT / "tests/nlu" / tests)
        if text.label.startswith("sentiment") != (kind == "nlu")
    ]
    serious = [finding for finding in lint(examples, frozen, thin=1) if finding.kind in ("conflict", "leak")]
    assert [f"{finding.message} {finding.places}" for finding in serious] == []
