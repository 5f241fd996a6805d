"""The knobs of what people do: the agents' console, handing over to them, and asking customers how it was."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class PeopleSettings(BaseModel):
    """The base of `Settings` (bot/settings.py), which says how they are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    console_idle_minutes: int = Field(
        default=60,
        ge=1,
        le=1440,
        description="After so many minutes without a click or a key an agent is signed out of the console.",
    )
    console_session_hours: int = Field(
        default=12, ge=1, le=168, description="After so many hours an agent signs in to the console again in any case."
    )
    console_answer_seconds: int = Field(
        default=300,
        ge=10,
        description="Within so many seconds a customer who waits for a person should be answered; half of it where it "
        "is pressing, a quarter where it is urgent. The console colours what is late.",
    )
    agents_see: Literal["all", "own_and_waiting"] = Field(
        default="all",
        description="Which conversations agents see in the console: `all`, or `own_and_waiting`, those that they have "
        "or had last, are offered, and that wait for somebody with their skills. Supervisors and admins see all.",
    )
    csat: Literal["off", "person", "all"] = Field(
        default="all",
        description="When customers are asked how it was: `person` after a person has served them, `all` also when "
        "the bot has done something for them and they say thanks or goodbye, `off` never.",
    )
    handoff_topics: tuple[str, ...] = Field(
        default=(),
        description="Intents that always go to a person, comma-separated, e.g. `delete_account,complaint`.",
    )
    handoff_offer_seconds: int = Field(
        default=45, ge=5, le=3600, description="How long a conversation is offered to one agent before the next."
    )
    handoff_escalate_minutes: float = Field(
        default=5, gt=0, description="After waiting so long a conversation is offered to supervisors, too."
    )
    handoff_give_up_minutes: float = Field(
        default=30,
        gt=0,
        description="After waiting so long within business hours the customer hears that nobody is free, is offered a "
        "call back, and the bot goes on.",
    )
    handoff_wrapup_minutes: float = Field(
        default=10,
        gt=0,
        description="A wrap-up that lasts longer than this ends by itself: the conversation is resolved.",
    )
    handoff_reopened: Literal["bot", "agent"] = Field(
        default="bot",
        description="Who answers a customer that writes again after a person resolved the conversation: the bot, or "
        "people again, the same person first.",
    )
    handoff_reopen_hours: float = Field(
        default=24, gt=0, description="With `agent` above: for how long after that. Later the bot answers."
    )
    handoff_most_a_day: int = Field(
        default=3,
        ge=1,
        description="How often in 24 hours the bot may call a person into one conversation by itself. After that it "
        "does so only when the customer asks.",
    )
    handoff_target: Literal["console", "chatwoot", "zendesk", "webhook"] = Field(
        default="console",
        description="Where people answer who are handed a conversation: Kefu's console, or another system, which the "
        "settings below describe (docs/helpdesks.md). The console works beside it.",
    )
    handoff_url: str | None = Field(
        default=None,
        pattern="^https?://",
        description="That system's address: `https://app.chatwoot.com`, `https://shop.zendesk.com`, or the one that "
        "takes your webhooks.",
    )
    handoff_token: SecretStr | None = Field(
        default=None, description="Chatwoot: the access token of an agent or bot. Zendesk: an API token."
    )
    handoff_user: str | None = Field(default=None, description="Zendesk: the e-mail address of the token's owner.")
    handoff_account: str | None = Field(
        default=None, pattern=r"^\d+$", description="Chatwoot: the account's number, as in its addresses."
    )
    handoff_inbox: str | None = Field(
        default=None, pattern=r"^\d+$", description="Chatwoot: the number of an inbox of the kind API."
    )
    handoff_secret: SecretStr | None = Field(
        default=None,
        description="What that system signs with when it calls `/handoff/TARGET`; the webhook's `whsec_…` signs both "
        "ways.",
    )
    handoff_previous_secret: SecretStr | None = Field(
        default=None, description="The secret before: also accepted while you change it."
    )

    @field_validator("handoff_topics", mode="before")
    @classmethod
    def split_topics(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value
