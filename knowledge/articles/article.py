"""One help article: Markdown with front matter (`title`, `tags`, `questions`), cut into short sections.

    ---
    title: Returning an item
    tags: [return, send back]
    questions:
      - Can I send this back?
    ---
    The general answer, two to four sentences.

    ## If the parcel was damaged
    …

A section is what the bot says as one answer, so it should stand alone. `{return_window_days}` and the like are filled
in from the shop's policy when the section is shown, never frozen into the text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import yaml

from knowledge.articles.errors import ArticleError

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CONTENT = Path(__file__).parent / "content"
FRONT_MATTER_KEYS = {"title", "tags", "questions"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Section:
    """`heading` is empty for the opening section."""

    heading: str
    text: str


@dataclass(frozen=True)
class Article:
    slug: str
    language: Language
    title: str
    tags: tuple[str, ...]
    questions: tuple[str, ...]
    """How people ask for this; the index matches against them, nobody sees them."""
    sections: tuple[Section, ...]

    @property
    def source(self) -> str:
        return f"/articles/{self.slug}"

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the policy facts that the text needs."""
        return frozenset(name for section in self.sections for name in _PLACEHOLDER.findall(section.text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its `{fact}` placeholders filled in. A fact that is missing raises KeyError."""
    return _PLACEHOLDER.sub(lambda match: facts[match.group(1)], text)


def read_article(path: Path, language: Language) -> Article:
    """Read one file; ArticleError says what to mend."""
    head, body = _split_front_matter(path)
    unknown = sorted(head.keys() - FRONT_MATTER_KEYS)
    if unknown:
        raise ArticleError(path, f"unknown front matter key {unknown[0]!r}; use title, tags and questions")
    title = head.get("title")
    if not isinstance(title, str):
        raise ArticleError(path, "the front matter needs a `title:`")
    sections = _sections(body)
    if not sections:
        raise ArticleError(path, "there is no text under the front matter")
    return Article(path.stem, language, title, _texts(path, head, "tags"), _texts(path, head, "questions"), sections)


def read_articles(directory: Path = CONTENT) -> tuple[Article, ...]:
    """Every article under `<directory>/{en,zh}/`, sorted by slug; each must exist in both languages."""
    articles = [
        read_article(path, language) for language in LANGUAGES for path in sorted((directory / language).glob("*.md"))
    ]
    for english, chinese in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        missing = {a.slug for a in articles if a.language == english} - {
            a.slug for a in articles if a.language == chinese
        }
        if missing:
            slug = min(missing)
            raise ArticleError(
                directory / chinese / f"{slug}.md", f"missing; {english}/{slug}.md exists, so write this one"
            )
    return tuple(articles)


def _split_front_matter(path: Path) -> tuple[dict[str, object], str]:
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ArticleError(path, "must begin with front matter between two lines of `---`")
    try:
        head = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise ArticleError(path, f"the front matter is not YAML: {error}") from error
    if not isinstance(head, dict):
        raise ArticleError(path, "the front matter must be `key: value` lines")
    return head, parts[2]


def _texts(path: Path, head: dict[str, object], key: str) -> tuple[str, ...]:
    values = head.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ArticleError(path, f"`{key}:` must be a list of texts")
    return tuple(values)


def _sections(body: str) -> tuple[Section, ...]:
    opening, *rest = re.split(r"^## +", body, flags=re.MULTILINE)
    sections = [Section("", _joined(opening))]
    for part in rest:
        heading, _, text = part.partition("\n")
        sections.append(Section(heading.strip(), _joined(text)))
    return tuple(section for section in sections if section.text)


def _joined(text: str) -> str:
    """Lines of a wrapped paragraph as one; a list keeps its lines."""
    paragraphs = (paragraph.strip() for paragraph in text.split("\n\n"))
    return "\n".join(p if p.startswith("- ") else " ".join(p.splitlines()) for p in paragraphs if p)
