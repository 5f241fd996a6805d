"""Label names as texts: where there are few examples, `card_arrival` is one more way to say what is meant."""

import re

from nlu.classification.texts import LabelledTexts, language_of, out_of_scope_label
from nlu.types import Language

FEW_PER_LABEL = 20
"""With more texts a label than this, the name says nothing new."""
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINTS = re.compile(r"[\s_\-/.:|]+")
_TELLING = re.compile(r"[^\W\d_]{3,}|[\u4e00-\u9fff]{2,}")


def with_names(train: LabelledTexts, language: Language) -> LabelledTexts:
    """The examples, and after them each label's name in words, where examples are few and names speak the language."""
    names = train.names
    if len(train) > FEW_PER_LABEL * len(names):
        return train
    outside = out_of_scope_label(names)
    said = {name: in_words(name) for name in names if name != outside}
    speaking = [name for name, words in said.items() if _TELLING.search(words) and language_of(words) == language]
    return LabelledTexts(
        train.texts + tuple(said[name] for name in speaking),
        train.labels + tuple(speaking),
        train.where + tuple(f"the name of the label '{name}'" for name in speaking),
    )


def in_words(name: str) -> str:
    """`card_arrival` and `CardArrival` → card arrival."""
    return _JOINTS.sub(" ", _HUMPS.sub(" ", name)).strip().lower()
