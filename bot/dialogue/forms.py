"""A form: the slots it needs and how it asks for them."""

from dataclasses import dataclass

from bot.dialogue.yaml_source import Place, Problems, YamlMap

FORM_KEYS = ("required_slots", "ignored_intents", "gives_way_to")


@dataclass(frozen=True)
class Form:
    name: str
    place: Place
    required_slots: tuple[str, ...]
    ignored_intents: frozenset[str]
    gives_way_to: str | None = None
    """Kefu's own: the form that does the same thing at another time. The actions of the two find out which is due."""

    @property
    def validator(self) -> str:
        return f"validate_{self.name}"

    def ways_to_ask(self, slot: str) -> tuple[str, ...]:
        """The actions and responses that may ask for `slot`, best first."""
        return (
            f"action_ask_{self.name}_{slot}",
            f"action_ask_{slot}",
            f"utter_ask_{self.name}_{slot}",
            f"utter_ask_{slot}",
        )


def parse_form(name: str, node: YamlMap, problems: Problems) -> Form:
    what = f"form '{name}'"
    problems.check_keys(node, FORM_KEYS, what)
    if "required_slots" not in node:
        problems.add(node.place, f"{what} needs required_slots (a list of slot names, [] if its validation names them)")
    required = problems.sequence(node.get("required_slots"), node.at("required_slots"), f"required_slots of {what}")
    ignored = node.get("ignored_intents") or []
    return Form(
        name,
        node.place,
        tuple(str(slot) for slot in required),
        frozenset(str(intent) for intent in (ignored if isinstance(ignored, list) else [ignored])),
        str(node["gives_way_to"]) if "gives_way_to" in node else None,
    )
