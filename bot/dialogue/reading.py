"""From Rasa 3.1 YAML files to what they define. A domain may be split over as many files as one likes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.dialogue.forms import Form, parse_form
from bot.dialogue.responses import Response, parse_response
from bot.dialogue.rules import Rule, parse_rule
from bot.dialogue.session import SessionConfig, parse_session
from bot.dialogue.slots import Slot, parse_slot
from bot.dialogue.yaml_source import Place, Problems, YamlList, YamlMap, read_yaml

WRITES = "writes"
"""Kefu's own mark on an action, `- action_subscribe: {writes: true}`: it changes something without having asked."""
READ_ELSEWHERE = ("version", "nlu")
"""`nlu` examples may stand in any file; the trainer reads them."""
REFUSED = {
    "stories": "Kefu follows rules only; write each story as rules (docs/rasa-yaml.md shows how)",
    "e2e_actions": "end-to-end actions need a trained policy; write them as responses (utter_…)",
    "templates": "Rasa 3 calls them responses",
    "policies": "Kefu's policies are fixed (docs/architecture.md); leave config.yml out of the assistant",
    "pipeline": "Kefu's NLU is fixed (nlu/pipeline.yml); leave config.yml out of the assistant",
    "recipe": "leave config.yml out of the assistant",
    "language": "leave config.yml out of the assistant",
    "config": "Rasa 2's domain config is gone; remove it",
}


@dataclass
class Contents:
    """What the files say, before it is known to be consistent."""

    intents: dict[str, Place] = field(default_factory=dict)
    entities: dict[str, Place] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    actions: dict[str, Place] = field(default_factory=dict)
    writing: set[str] = field(default_factory=set)
    """The actions that write without having asked for a yes."""
    rules: list[Rule] = field(default_factory=list)
    session: SessionConfig = field(default_factory=SessionConfig)
    session_at: Place | None = None
    raw: dict[str, dict[str, Any]] = field(default_factory=lambda: {"slots": {}, "forms": {}, "responses": {}})
    """Slots, forms and responses as written, for the action protocol."""

    def domain(self) -> dict[str, Any]:
        """Rasa's domain dict."""
        return {
            "version": "3.1",
            "config": {"store_entities_as_slots": True},
            "intents": [{name: {"use_entities": True}} for name in self.intents],
            "entities": list(self.entities),
            "actions": list(self.actions),
            "e2e_actions": [],
            "session_config": {
                "session_expiration_time": self.session.expiration_minutes,
                "carry_over_slots_to_new_session": self.session.carries_over_slots,
            },
            **self.raw,
        }


def read_file(path: Path, name: str, contents: Contents, problems: Problems) -> None:
    """Add what the file at `path` says to `contents`; `name` is what complaints call the file."""
    document = read_yaml(path, name, problems)
    problems.check_keys(document, (*READERS, *READ_ELSEWHERE), "an assistant's file", REFUSED)
    version = document.get("version")
    if version is not None and not str(version).startswith("3."):
        problems.add(
            document.at("version"), f"version {version} is not Rasa 3; run 'rasa data migrate' on the bot first"
        )
    for key, reader in READERS.items():
        if key in document:
            reader(document, contents, problems)


def _read_intents(document: YamlMap, contents: Contents, problems: Problems) -> None:
    _read_names(document, "intents", contents.intents, ("use_entities", "ignore_entities"), problems)


def _read_entities(document: YamlMap, contents: Contents, problems: Problems) -> None:
    _read_names(document, "entities", contents.entities, ("roles", "groups", "influence_conversation"), problems)


def _read_actions(document: YamlMap, contents: Contents, problems: Problems) -> None:
    _read_names(document, "actions", contents.actions, ("send_domain", WRITES), problems)
    for item in document["actions"] if isinstance(document["actions"], YamlList) else ():
        if isinstance(item, YamlMap):
            marked = (
                name for name, described in item.items() if isinstance(described, YamlMap) and WRITES in described
            )
            contents.writing.update(name for name in marked if item[name][WRITES] is True)


def _read_names(
    document: YamlMap, key: str, into: dict[str, Place], details: tuple[str, ...], problems: Problems
) -> None:
    """A list of names, each plain or `name: {details}`; the details steer what Kefu does not have and are let pass."""
    for item, at in problems.sequence(document[key], document.at(key), key).located():
        if isinstance(item, YamlMap):
            for name, described in item.items():
                problems.check_keys(problems.mapping(described, at, f"'{name}'"), details, f"'{name}' in {key}")
                into.setdefault(name, at)
        else:
            into.setdefault(str(item), at)


def _read_slots(document: YamlMap, contents: Contents, problems: Problems) -> None:
    _read_definitions(document, "slots", contents.slots, contents, parse_slot, problems)


def _read_forms(document: YamlMap, contents: Contents, problems: Problems) -> None:
    _read_definitions(document, "forms", contents.forms, contents, parse_form, problems)


def _read_definitions(
    document: YamlMap,
    key: str,
    into: dict[str, Any],
    contents: Contents,
    parse: Callable[[str, YamlMap, Problems], Any],
    problems: Problems,
) -> None:
    definitions = problems.mapping(document[key], document.at(key), key)
    for name, item in definitions.items():
        node = problems.mapping(item, definitions.at(name), f"'{name}' in {key}")
        if name in into:
            if contents.raw[key][name] != node:
                problems.add(
                    definitions.at(name), f"'{name}' in {key} is defined otherwise at {into[name].place}; keep one"
                )
            continue
        into[name] = parse(name, node, problems)
        contents.raw[key][name] = node


def _read_responses(document: YamlMap, contents: Contents, problems: Problems) -> None:
    definitions = problems.mapping(document["responses"], document.at("responses"), "responses")
    for name, item in definitions.items():
        if name in contents.responses:
            problems.add(definitions.at(name), f"response '{name}' stands already at {contents.responses[name].place}")
            continue
        if not name.startswith("utter_"):
            problems.add(definitions.at(name), f"response '{name}' must be called utter_…")
        node = problems.sequence(item, definitions.at(name), f"response '{name}'")
        contents.responses[name] = parse_response(name, node, problems)
        contents.raw["responses"][name] = node


def _read_rules(document: YamlMap, contents: Contents, problems: Problems) -> None:
    for item, at in problems.sequence(document["rules"], document.at("rules"), "rules").located():
        rule = parse_rule(problems.mapping(item, at, "a rule"), problems)
        if rule:
            contents.rules.append(rule)


def _read_session(document: YamlMap, contents: Contents, problems: Problems) -> None:
    at = document.at("session_config")
    if contents.session_at:
        problems.add(at, f"session_config stands already at {contents.session_at}; keep one")
    contents.session_at = at
    contents.session = parse_session(problems.mapping(document["session_config"], at, "session_config"), problems)


READERS: dict[str, Callable[[YamlMap, Contents, Problems], None]] = {
    "intents": _read_intents,
    "entities": _read_entities,
    "slots": _read_slots,
    "forms": _read_forms,
    "responses": _read_responses,
    "actions": _read_actions,
    "session_config": _read_session,
    "rules": _read_rules,
}
