"""Words of a text in either language, for comparing two texts: English words, Chinese characters one by one."""

import re

WORD = re.compile(r"[a-z']+|[\u4e00-\u9fff]")
IDLE = frozenset(
    """
    a an the it that this them one to of i me my you your please now then just go do and yes ok okay
    吧 啊 呀 了 的 就 请 把 嗯 好
    """.split()  # noqa: SIM905
)
"""Words that any text may hold."""


WORDLESS = re.compile(r"[\s?？!！.。…,，、;；~～·*-]+")


def is_wordless(text: str) -> bool:
    """Whether the text is nothing but punctuation: it says nothing, not even a yes or anger."""
    return bool(WORDLESS.fullmatch(text))


def all_words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def telling_words(text: str) -> list[str]:
    """The words of the text that say what it is about."""
    return [word for word in all_words(text) if word not in IDLE]
