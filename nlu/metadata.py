"""What a trained model says about itself: metadata.json beside its graphs. It also vouches for every file of the model.

    {"format": 2, "version": …, "origin": {when, which Kefu, which data}, "files": {path: sha256}, …, "seal": sha256}

`seal` is the sha256 of the rest of metadata.json. It tells a truncated copy, a failing disk or a slip of the hand;
whoever can write the folder can seal it again.
"""

import json
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from nlu.calibration import Calibration
from nlu.errors import ModelIncompatible, ModelNotFound, ModelTampered
from nlu.integrity import METADATA_FILE as FILE
from nlu.integrity import sha256_of, sha256s, verify
from nlu.risk import Promise, kept
from nlu.types import Language
from nlu.versions import code_version, now

FORMAT = 2

T = TypeVar("T")


@dataclass(frozen=True)
class Origin:
    """Where a model comes from: enough to train it again."""

    created: str
    """UTC, ISO 8601."""
    code_version: str
    """The Kefu that trained it."""
    data_sha256: str
    """`Dataset.sha256` of what it learned from."""
    seed: int | None = None
    parent: str | None = None
    """The version it was trained on top of, where it was not trained from the pretrained encoders."""

    @classmethod
    def here(cls, data_sha256: str, seed: int | None = None, parent: str | None = None) -> "Origin":
        """Of a model that is being trained now, by this Kefu."""
        return cls(now(), code_version(), data_sha256, seed, parent)


@dataclass(frozen=True)
class LanguageFacts:
    """One language's encoder as trained."""

    encoder: str
    max_tokens: int
    temperature: float
    dimension: int
    sentiment_temperature: float = 1.0
    neutral_lean: float = 0.0
    """How much too neutral the sentiment logits are, from all the calm utterances that training saw."""
    int8_agreement: float | None = None
    """How often the int8 graph names the same intent as the network it was made from; None when not measured."""
    retrieval_cosine: float | None = None
    """How close its retrieval vectors are to the pretrained encoder's."""
    knots: tuple[tuple[float, float], ...] = ()
    """What the temperature leaves to correct, see `Calibration`."""
    promises: tuple[Promise, ...] = ()
    """The error rates that can be kept and the confidence that each takes, strictest first."""

    @property
    def calibration(self) -> Calibration:
        return Calibration(self.temperature, self.knots)


@dataclass(frozen=True)
class Metadata:
    """Everything serving needs beside the graphs, and what was measured.

    A field with a default may be missing in an older file; a field that is not known here stops the loading.
    """

    version: str
    intents: tuple[str, ...]
    sentiments: tuple[str, ...]
    conversational: tuple[str, ...]
    """Intents that never make a message several requests."""
    fallback_threshold: float
    """Below this confidence the dialogue should ask back instead of acting."""
    split_threshold: float
    """How sure each clause of a message must be before the message counts as several requests."""
    languages: dict[Language, LanguageFacts]
    origin: Origin
    figures: dict[str, Any] = field(default_factory=dict)
    gates: dict[str, Any] = field(default_factory=dict)
    """What the gates said when the model was last compared with the one that served."""
    files: dict[str, str] = field(default_factory=dict)
    """sha256 of every file of the model by its path in the folder; `save` fills it in."""
    format: int = FORMAT

    def thresholds(self, max_error_rate: float | None = None) -> dict[Language, float]:
        """By language, the confidence from which the bot should act: what keeps the error rate, or, without one, what
        weighs right acts against wrong ones. Raises PromiseImpossible, naming the lowest rate that can be kept."""
        if max_error_rate is None:
            return dict.fromkeys(self.languages, self.fallback_threshold)
        return {name: kept(facts.promises, max_error_rate, name).threshold for name, facts in self.languages.items()}

    def save(self, directory: Path) -> "Metadata":
        """Writes metadata.json over the files that are in `directory` now; returns what was written."""
        saved = replace(self, files=sha256s(directory), format=FORMAT)
        raw = json.loads(json.dumps(asdict(saved)))  # as it will be read: keys are texts then, tuples are lists
        text = json.dumps({**raw, "seal": _seal(raw)}, indent=2, ensure_ascii=False)
        draft = directory / f".{FILE}"
        draft.write_text(text + "\n", "utf-8")
        draft.replace(directory / FILE)
        return saved


def load_metadata(directory: Path) -> Metadata:
    """What the model in `directory` says about itself, once every file of it is proven to be the one that was saved.

    Raises ModelNotFound when the folder holds no model, ModelIncompatible when another version of Kefu wrote it,
    ModelTampered when a file is missing, truncated, changed or added.
    """
    file = directory / FILE
    if not file.is_file():
        raise ModelNotFound(f"no trained model in {directory} ({FILE} is missing); train one with `kefu train`")
    raw = _read(file)
    metadata = _metadata(file, raw)
    verify(directory, metadata.files)
    return metadata


def _read(file: Path) -> dict[str, Any]:
    try:
        raw = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise ModelTampered(file, f"is cut short or damaged ({error})") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ModelIncompatible(f"{file} {_written_by(raw)}")
    if raw.pop("seal", None) != _seal(raw):
        raise ModelTampered(file, "was changed since the model was saved")
    return raw


def _written_by(raw: Any) -> str:
    """Which version wrote it, which one this is, and what to do."""
    said = raw if isinstance(raw, dict) else {}
    found, origin = said.get("format"), said.get("origin")
    author = origin.get("code_version", "?") if isinstance(origin, dict) else "of an unnamed version"
    way_out = "update Kefu" if isinstance(found, int) and found > FORMAT else "train it again (`kefu train`)"
    return (
        f"holds a model of format {found}, written by Kefu {author}; this is Kefu {code_version()}, which reads format "
        f"{FORMAT}: {way_out}"
    )


def _metadata(file: Path, raw: dict[str, Any]) -> Metadata:
    for name in ("intents", "sentiments", "conversational"):
        raw[name] = tuple(raw.get(name, ()))
    raw["languages"] = {name: _facts(facts, file) for name, facts in raw.get("languages", {}).items()}
    raw["origin"] = _typed(Origin, raw.get("origin", {}), file)
    return _typed(Metadata, raw, file)


def _facts(raw: dict[str, Any], file: Path) -> LanguageFacts:
    knots = tuple((said, true) for said, true in raw.get("knots", ()))
    promises = tuple(_typed(Promise, one, file) for one in raw.get("promises", ()))
    return _typed(LanguageFacts, {**raw, "knots": knots, "promises": promises}, file)


def _typed(kind: type[T], raw: dict[str, Any], file: Path) -> T:
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    if unknown := raw.keys() - known.keys():
        raise ModelIncompatible(
            f"{file} says '{min(unknown)}' of its model, which Kefu {code_version()} does not know: it is of a "
            "newer Kefu; update this one, or train the model again with `kefu train`"
        )
    needed = {name for name, one in known.items() if one.default is MISSING and one.default_factory is MISSING}
    if lacking := needed - raw.keys():
        raise ModelTampered(file, f"lacks '{min(lacking)}'")
    return kind(**raw)


def _seal(raw: dict[str, Any]) -> str:
    return sha256_of(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode())
