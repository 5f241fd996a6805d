"""Topics among messages that no intent covers."""

from collections import Counter

import numpy as np
import pytest

from nlu.clusters import SMALLEST, find_clusters
from nlu.interpreter import Interpreter
from nlu.telling_words import telling_words
from nlu.types import Language

PLANTED: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "gift": (
            "can you gift wrap this for me",
            "do you offer gift wrapping",
            "I'd like it wrapped as a present",
            "is gift wrapping available for birthdays",
            "how much does gift wrap cost",
            "please wrap the parcel as a gift",
        ),
        "install": (
            "do you offer installation at home",
            "can a technician install it for me",
            "is installation included",
            "how much is it to have it installed",
            "who does the installation",
            "I need somebody to install it",
        ),
        "student": (
            "is there a student discount",
            "do students get money off",
            "I'm a student, is there a discount for me",
            "how do I get the student discount",
            "do you do discounts for university students",
            "can I use my student card for a discount",
        ),
    },
    "zh": {
        "包装": (
            "可以礼品包装吗",
            "能帮我包成礼物吗",
            "有没有礼盒包装",
            "礼品包装要多少钱",
            "能不能加个礼品袋",
            "送人的，能包装一下吗",
        ),
        "安装": (
            "洗衣机有人上门安装吗",
            "包安装吗",
            "上门安装要收费吗",
            "可以预约安装时间吗",
            "你们负责安装吗",
            "安装师傅什么时候来",
        ),
        "学生": (
            "学生有优惠吗",
            "学生证能打折吗",
            "有学生价吗",
            "大学生买有折扣吗",
            "怎么认证学生优惠",
            "我是学生，能便宜点吗",
        ),
    },
}
NOISE: dict[Language, tuple[str, ...]] = {
    "en": (
        "what's the weather tomorrow",
        "who won the football match",
        "my cat is sick",
        "do you like pizza",
        "what is the capital of Peru",
        "how tall is Mount Everest",
        "which phone did Obama use",
        "what is 12 times 17",
        "book me a flight to Rome",
    ),
    "zh": (
        "明天天气怎么样",
        "昨晚球赛谁赢了",
        "我家猫生病了",
        "你喜欢吃什么",
        "秘鲁的首都是哪里",
        "珠穆朗玛峰多高",
        "一加一等于几",
        "帮我订张机票",
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_three_planted_topics_among_noise_are_found_as_three_clusters(
    interpreter: Interpreter, language: Language
) -> None:
    topics = PLANTED[language]
    texts = [text for planted in topics.values() for text in planted] + list(NOISE[language])
    clusters = find_clusters(interpreter.embed(texts, language))
    assert len(clusters) == len(topics)
    found = []
    for rows in clusters:
        planted = [next((name for name, said in topics.items() if texts[row] in said), "noise") for row in rows]
        topic, size = Counter(planted).most_common(1)[0]
        assert size >= 0.8 * len(rows) and len(rows) >= SMALLEST
        others = [text for row, text in enumerate(texts) if row not in rows]
        assert topic in " ".join(telling_words([texts[row] for row in rows], others))
        found.append(topic)
    assert sorted(found) == sorted(topics)


def test_noise_alone_makes_no_cluster(interpreter: Interpreter) -> None:
    assert find_clusters(interpreter.embed(NOISE["en"], "en")) == []


@pytest.mark.parametrize("count", [0, 1, 4, 6])
def test_few_or_equal_texts_are_no_trouble(count: int) -> None:
    rows = np.tile(np.eye(4, dtype=np.float32)[:1], (count, 1))
    assert find_clusters(rows) == ([list(range(count))] if count >= SMALLEST else [])
