"""The texts of a campaign: a YAML file, one section a language. Kefu brings some (messages/), a shop writes its own.

Each text may name {first_name}, {name} and, where the message gives a coupon, {coupon}, {saving} and {until}.
"""

import string
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from knowledge.campaigns.errors import CampaignError
from knowledge.shop.types import Language

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=150, strip_whitespace=True, pattern=r"^[^\r\n]*$")]
OF_EVERY_MAIL = frozenset({"first_name", "name"})
OF_A_COUPON = frozenset({"coupon", "saving", "until"})


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Section):
    """One language's texts. `preview` is what a mail box shows beside the subject."""

    subject: Line
    preview: Line
    heading: Line
    paragraphs: tuple[Text, ...] = Field(min_length=1)
    button: Line

    def texts(self) -> Iterator[str]:
        yield from (self.subject, self.preview, self.heading, *self.paragraphs, self.button)


class Message(_Section):
    """`products`: how many recommendations a mail shows. `link`: where the button leads; None is the shop's address."""

    en: Words
    zh: Words
    products: int = Field(default=0, ge=0, le=6)
    coupon: Line | None = None
    link: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None

    @model_validator(mode="after")
    def _names_only_what_there_is(self) -> Self:
        known = OF_EVERY_MAIL | (OF_A_COUPON if self.coupon else frozenset())
        for language, words in (("en", self.en), ("zh", self.zh)):
            for name in (name for text in words.texts() for name in _placeholders(text)):
                if name not in known:
                    raise ValueError(f"{language} names {{{name}}}, which is not known here; known: {sorted(known)}")
        return self

    def words(self, language: Language) -> Words:
        return self.zh if language == "zh" else self.en


def load_message(name_or_file: str) -> Message:
    """One that Kefu brings, by its name, or a file. Raises CampaignError naming what is wrong."""
    file: Path | Traversable = Path(name_or_file)
    if not name_or_file.endswith((".yml", ".yaml")):
        file = files(__package__) / "messages" / f"{name_or_file}.yml"
        if not file.is_file():
            raise CampaignError(
                f"there is no message '{name_or_file}'; there are {', '.join(packaged_names())}, or name a .yml file"
            )
    return message_from(_read(file, name_or_file), name_or_file)


def message_from(content: Any, origin: str) -> Message:
    """Raises CampaignError naming the key."""
    try:
        return Message.model_validate(content)
    except ValidationError as error:
        problems = (f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
        raise CampaignError(f"{origin}: {'; '.join(problems)}") from error


def packaged_names() -> list[str]:
    return sorted(file.name.removesuffix(".yml") for file in (files(__package__) / "messages").iterdir())


def _read(file: Path | Traversable, origin: str) -> Any:
    try:
        return yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise CampaignError(f"{origin} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CampaignError(f"{origin} is not valid YAML: {error}") from error


def _placeholders(text: str) -> Iterator[str]:
    """Raises ValueError for braces that are none."""
    for _, name, _, _ in string.Formatter().parse(text):
        if name is not None:
            yield name
