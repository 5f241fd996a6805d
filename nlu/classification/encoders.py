"""Finds the encoders to learn with: the pretrained ones, or, where there are none, the graphs that are shipped."""

import atexit
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nlu.classification.learners import FreezeEncoder, Learner, ReadWords, TuneEncoder, freeze_pretrained
from nlu.classification.recipe import Recipe, recipe_for, tiny_recipe_for
from nlu.classification.string_encoder import ReadStrings
from nlu.errors import EncoderNotFound
from nlu.metadata import load_metadata
from nlu.types import Language

SMALL: dict[Language, str] = {"en": "all-minilm-l6-v2", "zh": "simbert-tiny-zh"}
RECIPES: dict[Language, Callable[[int], Recipe]] = {"en": recipe_for, "zh": tiny_recipe_for}
BEST, BEST_MULTILINGUAL = "all-mpnet-base-v2", "use-multilingual-v3"
SHIPPED = Path(__file__).parents[1] / "models"
VARIABLE = "KEFU_ENCODERS"


@dataclass(frozen=True)
class Workshop:
    """The learners for each language, and what to call the result."""

    learners: dict[Language, tuple[Learner, ...]]
    description: str


def find_workshop(folder: Path | None, best: bool = False) -> Workshop:
    """Tunes the small encoders found in `folder`, in KEFU_ENCODERS or in ./encoders; without them (or without torch)
    reads the shipped graphs. `best`: reads the large English encoder as it is, or the multilingual one.

    Raises EncoderNotFound when what was asked for is not there."""
    found = _folder(folder)
    if best:
        return _best(found)
    if found is None or importlib.util.find_spec("torch") is None:
        return _shipped()
    return Workshop(
        {"en": (_tuned(found, "en"), ReadWords()), "zh": (_tuned(found, "zh"), _beside("zh"), ReadWords())},
        "small encoder, tuned, + n-grams",
    )


def _tuned(folder: Path, language: Language) -> TuneEncoder:
    return TuneEncoder(folder / SMALL[language], RECIPES[language])


def _beside(language: Language) -> FreezeEncoder:
    """What ships knows customers' words and moods already. For Chinese the two together are still small (13 M
    parameters)."""
    facts = load_metadata(SHIPPED).languages[language]
    return FreezeEncoder(SHIPPED / language, facts.max_tokens, "the shipped encoder was read too, as it is")


def _best(folder: Path | None) -> Workshop:
    """Both languages' texts go through one: the large English one where it is, else the multilingual one."""
    if folder is None:
        raise EncoderNotFound(
            f"put {BEST} or {BEST_MULTILINGUAL} into a folder and name that with --encoders or {VARIABLE}"
        )
    if (folder / BEST_MULTILINGUAL).is_dir() and not (folder / BEST).is_dir():
        strings = ReadStrings(folder / BEST_MULTILINGUAL)
        return Workshop(
            {"en": (strings, ReadWords()), "zh": (strings, ReadWords())}, f"{BEST_MULTILINGUAL}, frozen, + n-grams"
        )
    scratch = Path(tempfile.mkdtemp(prefix="kefu-"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    learner = freeze_pretrained(folder / BEST, scratch)
    return Workshop({"en": (learner, ReadWords()), "zh": (learner, ReadWords())}, f"{BEST}, frozen, + n-grams")


def _folder(named: Path | None) -> Path | None:
    if named is not None:
        if not named.is_dir():
            raise EncoderNotFound(f"{named} is no folder; get the encoders with `kefu encoders fetch`")
        return named
    candidates = [Path(os.environ[VARIABLE])] if os.environ.get(VARIABLE) else [Path("encoders")]
    return next((candidate for candidate in candidates if candidate.is_dir()), None)


def _shipped() -> Workshop:
    languages = load_metadata(SHIPPED).languages
    learners: dict[Language, tuple[Learner, ...]] = {
        language: (FreezeEncoder(SHIPPED / language, facts.max_tokens), ReadWords())
        for language, facts in languages.items()
    }
    return Workshop(learners, "shipped encoder, frozen, + n-grams")
