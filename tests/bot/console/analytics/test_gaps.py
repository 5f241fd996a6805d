"""Content gaps on vectors whose likeness is known, and on real messages with the model that serves."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.console.analytics.catching_up import catch_up
from bot.console.analytics.gaps import Floats, Gap, Looking, alike, typical
from bot.console.analytics.period import Period
from bot.database import Database
from nlu.interpreter import Interpreter
from nlu.types import Language
from tests.bot.console.analytics.made_up import ZONE, MadeUp, at

NOON = at("2026-03-02 12:00")
DAY = Period(date(2026, 3, 2), date(2026, 3, 2), ZONE)
MODEL = Path(__file__).parents[4] / "nlu" / "models"


def circle(*degrees: float) -> Floats:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_groups_are_as_alike_on_average_as_is_asked_for() -> None:
    vectors = circle(0, 10, 90, 95, 100, 200)
    assert alike(vectors, 0.9) == [[2, 3, 4], [0, 1], [5]]
    assert alike(vectors, 1.1) == [[place] for place in range(6)]
    assert alike(vectors, -1.1) == [[0, 1, 2, 3, 4, 5]]
    assert typical(vectors, [2, 3, 4])[0] == 3


def test_a_chain_of_neighbours_is_no_group() -> None:
    """Single linkage would make one of them: each is near the next, but the ends have nothing in common."""
    groups = alike(circle(*range(0, 181, 20)), 0.75)
    assert max(map(len, groups)) < 6


def asked(tables: Database, words: Sequence[str], language: Language = "en", channel: str = "web") -> None:
    for number, text in enumerate(words):
        made = MadeUp(tables, f"{channel}:{language}{number}", language=language)
        made.says(NOON + number, text, "out_of_scope", kind="dont_know")
    catch_up(tables)


def by_first_word(texts: Sequence[str], _language: Language) -> Floats:
    firsts = sorted({text.split()[0] for text in texts})
    return np.stack([np.eye(len(firsts), dtype=np.float32)[firsts.index(text.split()[0])] for text in texts])


def found(tables: Database, language: Language = "en", channel: str | None = None, least: int = 2) -> list[Gap]:
    with tables.read() as connection:
        looking = Looking(connection, DAY, channel, by_first_word, lambda text, *_: text.replace("Ann", "Alex"))
        return looking.gaps(language, least)


def test_a_gap_has_its_size_examples_and_the_conversations_behind_it(tables: Database) -> None:
    asked(tables, ["wrap it for Ann", "wrap it for Ann", "wrap this", "bitcoin please", "bitcoin ok?", "mars"])
    wrap, bitcoin = found(tables)
    assert (wrap.size, bitcoin.size) == (3, 2)
    assert set(wrap.examples) == {"wrap it for Alex", "wrap this"}, "redacted, and nothing twice"
    assert set(wrap.conversations) == {"web:en0", "web:en1", "web:en2"}
    assert [gap.size for gap in found(tables, least=1)] == [3, 2, 1]


def test_only_what_was_not_answered_in_the_period_language_and_channel_counts(tables: Database) -> None:
    asked(tables, ["wrap it", "wrap this"])
    MadeUp(tables, "web:ok").says(NOON, "wrap that", "ask_wrap")
    MadeUp(tables, "web:old").says(NOON - 86_400, "wrap those", "out_of_scope", kind="dont_know")
    catch_up(tables)
    assert [gap.size for gap in found(tables)] == [2]
    assert found(tables, "zh") == []
    assert found(tables, channel="line") == []


@pytest.mark.parametrize(
    ("language", "groups"),
    [
        (
            "en",
            [
                ["do you offer gift wrapping?", "can you wrap it as a present", "is gift wrap available?"],
                ["can i pay with bitcoin", "do you accept crypto", "bitcoin payment?"],
                ["is this dishwasher safe", "can I put the mug in the dishwasher"],
            ],
        ),
        (
            "zh",
            [
                ["可以礼品包装吗", "能帮忙包装成礼物吗", "有没有礼盒"],
                ["支持比特币付款吗", "可以用虚拟货币支付吗"],
                ["你们招人吗", "有招聘吗"],
            ],
        ),
    ],
)
def test_the_model_puts_together_what_asks_for_the_same(language: Language, groups: list[list[str]]) -> None:
    interpreter = Interpreter.load(MODEL)
    texts = [text for group in groups for text in group]
    made = [[texts[place] for place in group] for group in alike(interpreter.embed(texts, language))]
    assert sorted(map(sorted, made)) == sorted(map(sorted, groups))
