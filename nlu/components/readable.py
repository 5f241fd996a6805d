"""What an encoder is given to read for a text: the same when it serves and when its confidence is measured."""

from collections.abc import Collection

from nlu.components.glossary import in_chinese, in_english
from nlu.components.homophones import trade_homophones
from nlu.components.normalizer import for_model
from nlu.components.spelling import Speller, trade_words
from nlu.types import Language


class Readable:
    """One language's: signs for numbers and links, slips put right, words of the other language said in this one."""

    def __init__(self, language: Language, words: Collection[str]) -> None:
        """`words`: those that the encoder knows whole; English ones are never put right."""
        self._speller = Speller(words, trade_words()) if language == "en" else None

    def __call__(self, folded: str) -> str:
        text = for_model(folded)
        if self._speller:
            return self._speller.put_right(in_english(text))
        return in_chinese(trade_homophones().put_right(text))
