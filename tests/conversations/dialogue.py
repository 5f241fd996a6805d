"""What a dialogue file may say. README.md explains it with an example; a key that is not here is an error."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

DIALOGUES = Path(__file__).parent / "dialogues"

Language = Literal["en", "zh"]
SlotValue = str | int | bool | None


class Loader(yaml.SafeLoader):
    """YAML in which a customer's `yes` and `no` are words; only `true` and `false` are truth values."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:bool"]
    for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Turn(Strict):
    """One message and what must come back. `bot: []` means that the bot must say nothing."""

    user: str
    bot: list[str]
    """Each must be in the answer; between slashes it is a regular expression."""
    never: list[str] = Field(default=[], alias="not")
    slots: dict[str, SlotValue] = {}
    form: str | None = None
    """The form that is open after the turn; `none` when no form may be open."""
    owner: Literal["bot", "queue", "agent"] = "bot"
    message_id: str | None = None
    """Give two turns the same one to send a message twice."""
    handed_back: bool = False
    """A person who had taken over gives the conversation back to the bot before this message."""


class OrderFacts(Strict):
    """An order in the end. What is left out is not looked at; the rest must be exactly so (`address`: must hold it)."""

    status: str | None = None
    cancel_reason: str | None = None
    address: list[str] | None = None
    lines: list[str] | None = None
    """`variant`, or `variant quantity`, in the order's order."""
    payments: list[str] | None = None
    """`payment 74.00 visa_ann`, `refund 74.00 visa_ann`, oldest first."""
    returns: list[str] | None = None
    """`return 35.00 visa_ann: lamp-white`, `exchange 0.00 visa_ann: shirt-white-M > shirt-blue-M`."""


class CustomerFacts(Strict):
    """A customer in the end; what is left out is not looked at."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    newsletter: bool | None = None
    gift_card: str | None = None
    """Balance, as in `12.00`."""
    address: list[str] | None = None


class TicketFacts(Strict):
    """A ticket that must be there: its kind, its order and words of its subject, summary or details."""

    kind: str
    order: str | None = None
    customer: str | None = None
    says: list[str] = []


class ShopFacts(Strict):
    """The shop in the end. Tickets and writes are complete: what is not listed must not have happened."""

    orders: dict[str, OrderFacts] = {}
    customers: dict[str, CustomerFacts] = {}
    """By customer id, or by e-mail address for one who is new."""
    tickets: list[TicketFacts] = []
    writes: list[str] = []
    """The audited operations, in their order."""


class Dialogue(Strict):
    dialogue: str
    signed_in_as: str | None = None
    """A customer id of shop.yml, vouched for by the shop's site."""
    turns: list[Turn] = Field(min_length=1)
    shop: ShopFacts = ShopFacts()


class Misreading(Dialogue):
    """One that does not go as written, because the model misreads an ordinary sentence."""

    misread: str
    """What the model makes of it, and what comes of that."""


def dialogues(language: Language) -> Iterator[tuple[str, Dialogue]]:
    """Every dialogue of the language with its name in the test report: `en/cancelling: Cancels at once`."""
    for path in sorted((DIALOGUES / language).glob("*.yml")):
        for described in yaml.load(path.read_text("utf-8"), Loader):
            dialogue = Dialogue.model_validate(described)
            yield f"{language}/{path.stem}: {dialogue.dialogue}", dialogue


def known_misreadings() -> list[Misreading]:
    described = yaml.load((DIALOGUES / "known_misreadings.yml").read_text("utf-8"), Loader)
    return [Misreading.model_validate(dialogue) for dialogue in described]
