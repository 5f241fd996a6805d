"""MODEL_CARD.md: what a person should know of a trained model, written from its metadata."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nlu.metadata import Metadata

CARD_FILE = "MODEL_CARD.md"
MARK = "<!-- Written by Kefu from metadata.json; remove this line to keep your own words. -->"
_FIGURES = ("examples", "accuracy", "macro_f1", "out_of_scope_recall", "calibration_error", "acted", "acted_right")


def write_card(metadata: Metadata, folder: Path) -> None:
    """Writes the card, unless a person has written one."""
    if not is_written_by_hand(folder):
        (folder / CARD_FILE).write_text("\n".join((MARK, card(metadata))), "utf-8")


def is_written_by_hand(folder: Path) -> bool:
    """Whether a person has written the card."""
    file = folder / CARD_FILE
    return file.exists() and not file.read_text("utf-8").startswith(MARK)


def card(metadata: Metadata) -> str:
    """The card as Markdown."""
    parts = (_head(metadata), _origin(metadata), _languages(metadata), _figures(metadata), _gates(metadata), _LIMITS)
    return "\n".join((*(line for part in parts for line in part), ""))


def _head(metadata: Metadata) -> Iterator[str]:
    yield f"# Model card: {metadata.version}"
    yield ""
    yield (
        f"Reads a message of a shop's customer ({' and '.join(metadata.languages)}) and gives {len(metadata.intents)} "
        f"ranked intents, a mood and a vector for finding articles. It asks back below {metadata.fallback_threshold:g}."
    )


def _origin(metadata: Metadata) -> Iterator[str]:
    origin = metadata.origin
    yield from _titled("Where it comes from")
    yield from _table(
        ("what", "value"),
        [
            ("trained", origin.created),
            ("by Kefu", origin.code_version),
            ("from data (sha256)", f"`{origin.data_sha256}`"),
            ("seed", "–" if origin.seed is None else str(origin.seed)),
            ("on top of", origin.parent or "the pretrained encoders"),
        ],
    )


def _languages(metadata: Metadata) -> Iterator[str]:
    yield from _titled("Encoders")
    rows = [
        (language, facts.encoder, str(facts.dimension), _shown(facts.int8_agreement), _shown(facts.retrieval_cosine))
        for language, facts in metadata.languages.items()
    ]
    yield from _table(("language", "encoder", "width", "int8 agrees", "retrieval cosine"), rows)


def _figures(metadata: Metadata) -> Iterator[str]:
    yield from _titled("Figures")
    measured = [
        (f"{name}, {language}", *(_shown(figures.get(key)) for key in _FIGURES))
        for name, by_language in metadata.figures.items()
        if isinstance(by_language, dict)
        for language, figures in by_language.items()
        if isinstance(figures, dict) and "accuracy" in figures
    ]
    if measured:
        yield from _table(("set", *(key.replace("_", " ") for key in _FIGURES)), measured)
    else:
        yield "Not measured yet: `kefu evaluate --save`, or `kefu models compare`."


def _gates(metadata: Metadata) -> Iterator[str]:
    if metadata.gates:
        yield from _titled("Gates")
        yield from _table(("gate", "what it found"), [(name, _judged(said)) for name, said in metadata.gates.items()])


_LIMITS = (
    "",
    "## Not for",
    "",
    "Anything but routing a shop's customer messages: no judging of people, no medical, legal or credit decisions.",
    "Other languages than those above are read as one of them and mostly come out as out of scope.",
)


def _titled(title: str) -> tuple[str, ...]:
    return ("", f"## {title}", "")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _judged(said: Mapping[str, Any]) -> str:
    return f"{'holds' if said['holds'] else '**falls**'}: {said['found']}"


def _shown(value: Any) -> str:
    return "–" if value is None else f"{value:.4g}"
