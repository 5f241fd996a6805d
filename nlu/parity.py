"""Do both languages get the same bot, and does it stand how strangers type? On examples it was not trained on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nlu.calibration import expected_calibration_error
from nlu.dataset import Example
from nlu.evaluation import Evaluation, read_all
from nlu.interpreter import Interpreter
from nlu.transfer.scoring import Share
from nlu.types import Language
from nlu.variants import VARIANTS

MOST_BETWEEN_LANGUAGES = 0.03
MOST_LOST_BY_A_VARIANT = 0.04
_DRAWS = 300
_Z = 1.96


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class LanguageFigures:
    accuracy: Estimate
    out_of_scope_recall: Estimate
    calibration_error: Estimate

    def gaps(self, other: "LanguageFigures") -> dict[str, float]:
        """How far apart two languages are in each figure, without sign."""
        names = ("accuracy", "out_of_scope_recall", "calibration_error")
        return {name: abs(getattr(self, name).value - getattr(other, name).value) for name in names}


@dataclass(frozen=True)
class VariantFigures:
    """One rewriting of one language's examples; those that it leaves as they are do not count."""

    name: str
    language: Language
    rewritten: int
    clean: float
    """Accuracy on the same examples before …"""
    accuracy: float
    """… and after."""
    loss: Estimate
    """`clean` less `accuracy`, its interval from the pairs."""


@dataclass(frozen=True)
class ParityReport:
    languages: dict[Language, LanguageFigures]
    variants: tuple[VariantFigures, ...]


def measure_parity(
    interpreter: Interpreter, examples: Sequence[Example], progress: Callable[[int], None] = lambda _: None
) -> ParityReport:
    """Every language that the model reads, which must have examples. `progress` hears how many texts are read."""
    languages: dict[Language, LanguageFigures] = {}
    variants: list[VariantFigures] = []
    done = 0
    for language, rewritings in VARIANTS.items():
        own = [example for example in examples if example.language == language]
        clean = read_all(interpreter, own)
        languages[language] = _figures(clean)
        progress(done := done + len(own))
        for name, rewrite in rewritings.items():
            variants.append(_variant(interpreter, name, language, clean, rewrite))
            progress(done := done + variants[-1].rewritten)
    return ParityReport(languages, tuple(variants))


def _figures(read: Evaluation) -> LanguageFigures:
    taken_for_a_request = (read.acted & (read.answerable > 0))[read.outside]
    refused = Share(len(taken_for_a_request) - int(taken_for_a_request.sum()), len(taken_for_a_request))
    return LanguageFigures(
        accuracy=_estimate(Share(int(read.correct.sum()), len(read.correct))),
        out_of_scope_recall=_estimate(refused),
        calibration_error=_calibration(read),
    )


def _estimate(share: Share) -> Estimate:
    return Estimate(share.value, *share.interval())


def _calibration(read: Evaluation) -> Estimate:
    rng, count = np.random.default_rng(0), len(read.correct)
    draws = [
        expected_calibration_error(read.confidences[rows], read.correct[rows])
        for rows in (rng.integers(0, count, count) for _ in range(_DRAWS))
    ]
    value = expected_calibration_error(read.confidences, read.correct)
    return Estimate(value, float(np.percentile(draws, 2.5)), float(np.percentile(draws, 97.5)))


def _variant(
    interpreter: Interpreter, name: str, language: Language, clean: Evaluation, rewrite: Callable[[str], str]
) -> VariantFigures:
    written = [rewrite(example.text) for example in clean.examples]
    changed = [at for at, example in enumerate(clean.examples) if written[at] != example.text]
    before = clean.correct[changed].astype(float)
    after = np.array([interpreter.parse(written[at]).intent.name == clean.examples[at].label for at in changed])
    lost = before - after.astype(float)
    half = _Z * float(lost.std()) / max(len(lost), 1) ** 0.5
    loss = Estimate(float(lost.mean()), float(lost.mean()) - half, float(lost.mean()) + half)
    return VariantFigures(name, language, len(changed), float(before.mean()), float(after.mean()), loss)
