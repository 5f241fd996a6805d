"""The assistant: everything its YAML says, read once and checked."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.checks import check
from bot.dialogue.forms import Form
from bot.dialogue.reading import Contents, read_file
from bot.dialogue.responses import Response
from bot.dialogue.rules import RuleBook
from bot.dialogue.session import SessionConfig
from bot.dialogue.slots import ENGINE_SLOTS, Slot
from bot.dialogue.yaml_source import Place, Problems

NOT_THE_DIALOGUE = ("nlu", "sentiment", "named")
"""Folders that hold examples, for training and for the gates of `kefu models promote`."""
DEFAULT_RESPONSES = Path(__file__).parent / "default_responses.yml"
TITLE = "utter_intent_"
LANGUAGES = ("en", "zh")


class AssistantError(Exception):
    """The assistant's files cannot be used. The message lists every problem with file, line and the way out."""

    def __init__(self, problems: Iterable[tuple[Place, str]]) -> None:
        self.problems = tuple(sorted(problems, key=lambda found: (found[0].file, found[0].line)))
        lines = [f"  {place}: {text}" for place, text in self.problems]
        super().__init__("\n".join([f"the assistant has {len(lines)} problem(s):", *lines]))


@dataclass(frozen=True)
class Assistant:
    """Read-only once loaded, shared by every conversation."""

    intents: frozenset[str]
    entities: frozenset[str]
    slots: Mapping[str, Slot]
    forms: Mapping[str, Form]
    responses: Mapping[str, Response]
    actions: frozenset[str]
    """The custom actions, which a runner runs."""
    writing: frozenset[str]
    """Those that write without having asked for a yes."""
    rules: RuleBook
    session: SessionConfig
    initial_slots: Mapping[str, Any]
    version: str
    """A short hash of the files: another hash, another behaviour."""
    titles: Mapping[str, str]
    """Intent by its title (in any language, lower case), as `utter_intent_<name>` words it."""
    _domain: dict[str, Any]
    _action_places: Mapping[str, Place]

    @classmethod
    def load(cls, directory: Path, *, languages: tuple[str, ...] = LANGUAGES) -> "Assistant":
        """Read every *.yml under `directory` except nlu/, sentiment/ and named/. Raises AssistantError.

        Every response must speak each of `languages`; an empty tuple switches that check off (for an imported bot).
        """
        if not directory.is_dir():
            raise AssistantError(
                [(Place(str(directory), 1), "no such directory; give the one with the domain's files")]
            )
        files = _files(directory)
        if not files:
            raise AssistantError([(Place(str(directory), 1), "no *.yml file in it; a domain and rules are needed")])
        contents, problems = Contents(), Problems()
        for path in files:
            read_file(path, str(path.relative_to(directory)), contents, problems)
        _add_defaults(contents, problems)
        check(contents, languages, problems)
        if problems.found:
            raise AssistantError(problems.found)
        return cls._built(contents, _hash(files))

    @classmethod
    def _built(cls, contents: Contents, version: str) -> "Assistant":
        declared = {name: slot.initial_value for name, slot in contents.slots.items()}
        return cls(
            frozenset(contents.intents),
            frozenset(contents.entities),
            contents.slots,
            contents.forms,
            contents.responses,
            frozenset(name for name in contents.actions if name not in contents.responses),
            frozenset(contents.writing),
            RuleBook(contents.rules, contents.slots),
            contents.session,
            {
                **ENGINE_SLOTS,
                **{name: value for name, value in declared.items() if value is not None or name not in ENGINE_SLOTS},
            },
            version,
            _titles(contents.responses),
            contents.domain(),
            contents.actions,
        )

    def require(self, runnable: Iterable[str]) -> None:
        """Raise AssistantError unless every custom action is among `runnable`, the actions that a runner knows."""
        known = set(runnable)
        missing = [(self._action_places[name], name) for name in sorted(self.actions - known)]
        if missing:
            way_out = "write a rasa_sdk.Action of that name or take it off the list"
            raise AssistantError((place, f"no code runs action '{name}'; {way_out}") for place, name in missing)

    def domain_dict(self) -> dict[str, Any]:
        """The domain in Rasa's shape for the action protocol: one shared dict, not to be changed."""
        return self._domain

    def can(self, action: str) -> bool:
        """Whether a rule or the engine may run `action`: a custom action or a response."""
        return action in self.actions or action in self.responses

    def title(self, intent: str, language: str) -> str | None:
        """What a customer calls the intent ("Cancel an order" / "取消订单"), None when nothing words it."""
        response = self.responses.get(TITLE + intent)
        if response is None:
            return None
        variation = response.choose({"language": language}, "", intent, None)
        return variation.text if variation else None


def _files(directory: Path) -> list[Path]:
    found = (*directory.rglob("*.yml"), *directory.rglob("*.yaml"))
    return sorted(path for path in found if not set(path.relative_to(directory).parts[:-1]) & set(NOT_THE_DIALOGUE))


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _add_defaults(contents: Contents, problems: Problems) -> None:
    """What the engine itself says, where the assistant has no words of its own for it."""
    defaults = Contents()
    read_file(DEFAULT_RESPONSES, DEFAULT_RESPONSES.name, defaults, problems)
    for name, response in defaults.responses.items():
        contents.responses.setdefault(name, response)


def _titles(responses: Mapping[str, Response]) -> dict[str, str]:
    return {
        variation.text.casefold(): name.removeprefix(TITLE)
        for name, response in responses.items()
        if name.startswith(TITLE)
        for variation in response.variations
        if variation.text
    }
