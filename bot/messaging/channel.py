"""What a messaging platform's channel must be. Each is a subclass in a file of `bot/channels` that has its name.

`verify`, `decode` and `render` are pure: bytes in, messages out, and the other way. `send` is the only one that talks
to the platform.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Literal, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationInfo, field_validator

from bot.messages import EMPTY, Attachment, BotMessage, Json, UserMessage
from bot.messaging.capabilities import Capabilities
from bot.messaging.sending import Call, check_status, post

LEAST_SECRET = 8
FOR_GOOD = 1e10
"""As `remembers_seconds`."""


@dataclass(frozen=True)
class Inbound:
    """A request as it came. Header names are in small letters."""

    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True)
class Answer:
    """What the platform is answered at once."""

    body: bytes = b""
    media_type: str = "text/plain"
    status: int = 200


@dataclass(frozen=True)
class Receipt:
    """What a platform reports of a part that it took, by the id that it gave it (`Channel.sent_id`)."""

    platform_id: str
    state: Literal["sent", "delivered", "read", "failed"]
    why: str = ""
    key: str = ""
    """The part's own `Part.key`, where the platform tells it again: so a part is known whose id we never learnt."""


@dataclass(frozen=True)
class Fetched:
    """An attachment's bytes, and what the platform says they are."""

    content: bytes = field(repr=False)
    media_type: str = ""
    name: str = ""


@dataclass(frozen=True)
class Pulled:
    """Messages fetched from a platform that does not deliver them; `cursor` is stored together with them."""

    messages: Sequence[UserMessage]
    cursor: str
    is_more: bool = False
    """Whether to ask again at once."""
    receipts: Sequence[Receipt] = ()
    """What came along of parts that were sent before: a bounced mail, a message that could not be shown."""
    handovers: "Sequence[Handover]" = ()
    """Who has taken conversations over, as it came along; each with a key: they may be read twice."""


@dataclass(frozen=True)
class Recipient:
    """Whom a part goes to, by the platform's own ids."""

    sender_id: str
    account: str = ""
    latest: Json = field(default_factory=lambda: EMPTY, repr=False)
    """The metadata of the message that is answered, else of the latest one: what the platform wants to see again."""
    owner: str = "bot"
    """Who has the conversation now: bot, queue or agent."""


@dataclass(frozen=True)
class Part:
    """One fitted message. `key` names it for good: a second try carries the same one."""

    message: BotMessage
    key: str
    seq: int
    contents: Mapping[str, Fetched] = field(default_factory=dict, repr=False)
    """The bytes of its files that Kefu has, by the file's reference."""
    made_at: float = 0.0
    is_again: bool = False
    """Whether a try before this one may have brought it."""


@dataclass(frozen=True)
class Handover:
    """The platform says who answers a person from now on, where that is decided in its own screens."""

    sender_id: str
    to: Literal["bot", "agent", "resolved"]
    agent: str = ""
    """The agent's name, where there is one."""
    note: str = ""
    key: str = ""
    """The platform's own name of this very event, where it has one: told again, it is not done again."""


class ChannelSettings(BaseModel):
    """The base of a channel's settings: `KEFU_<CHANNEL>_<FIELD>`. A secret that is empty stops the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least_letters: ClassVar[Mapping[str, int]] = {}
    """Of secrets that the platform itself lets be shorter than LEAST_SECRET, by field."""

    @field_validator("*")
    @classmethod
    def not_empty(cls, value: object, info: ValidationInfo) -> object:
        least = cls.least_letters.get(str(info.field_name), LEAST_SECRET)
        if isinstance(value, SecretStr) and len(value.get_secret_value()) < least:
            raise ValueError(f"must have at least {least} characters; an empty secret would let anybody in")
        return value


S = TypeVar("S", bound=ChannelSettings)


class Channel(ABC, Generic[S]):
    """One platform account, as the settings describe it."""

    name: ClassVar[str]
    can: ClassVar[Capabilities]
    Settings: ClassVar[type[ChannelSettings]]
    calls_per_second: ClassVar[float] = 20
    remembers_seconds: ClassVar[float] = 0
    """For how long it can be known by `Part.key` what the platform has had, by the platform itself or by asking it. So
    long what may have arrived is sent again, else it is left unsure."""
    is_timed: ClassVar[bool] = False
    """Whether a delivery's time is signed, so that a late one is refused."""

    delivers: ClassVar[bool] = True
    """Whether the platform calls `/webhooks/NAME` at all; else everything is pulled, and there is no such address."""
    says_in_one: ClassVar[bool] = False
    """Whether each message is a letter: then what a turn says is put into one."""
    path: ClassVar[str] = ""
    """What follows `/webhooks/NAME` in the address, where a platform's clients expect more."""
    pull_seconds: ClassVar[float | None] = None
    """How often `pull` asks for messages, where the platform does not deliver them."""

    def __init__(self, settings: S, text_limit: int = 4000, url: str | None = None) -> None:
        """`url`: the address at which the platform reaches this channel, as far as Kefu knows it."""
        self.settings = settings
        self.text_limit = text_limit
        self.url = url

    async def prepare(self, http: httpx.AsyncClient, request: Inbound, now: float) -> None:  # noqa: ARG002
        """Fetch what it takes to verify this request, such as the platform's keys. Raises SendError."""
        return

    def handshake(self, request: Inbound, now: float) -> Answer | None:  # noqa: ARG002
        """The answer to a request that only asks whether the address is ours; None for a delivery.

        It proves by itself who asks: nothing has been verified yet. Raises Problem 401.
        """
        return None

    @property
    def has_receipts(self) -> bool:
        """Whether it reports what became of the parts, so that their ids are worth keeping."""
        return type(self).receipts is not Channel.receipts or self.pull_seconds is not None

    @abstractmethod
    def verify(self, request: Inbound, now: float) -> None:
        """Raises Problem 401 unless the platform signed these bytes."""

    @abstractmethod
    def decode(self, request: Inbound) -> Sequence[UserMessage]:
        """What people said in a verified delivery; empty for what is no message. Raises Problem 400 and 422."""

    def receipts(self, request: Inbound) -> Sequence[Receipt]:  # noqa: ARG002
        """What a verified delivery reports of parts that were sent before."""
        return ()

    def ownership(self, request: Inbound) -> Sequence[Handover]:  # noqa: ARG002
        """Who has taken conversations over, as a verified delivery tells it."""
        return ()

    def wakes(self, request: Inbound) -> bool:  # noqa: ARG002
        """Whether a verified delivery says that there is something to pull."""
        return False

    async def pull(self, http: httpx.AsyncClient, cursor: str | None) -> Pulled:
        """What came since `cursor` (None: the first time). Raises SendError."""
        raise NotImplementedError(f"{self.name} delivers by itself")

    async def fetch(self, http: httpx.AsyncClient, attachment: Attachment) -> Fetched:
        """The bytes of an attachment that `decode` or `pull` named. Raises SendError."""
        raise NotImplementedError(f"{self.name} has no attachments")

    def answer(self, request: Inbound) -> Answer:  # noqa: ARG002
        """The acknowledgement of a verified delivery, or of the platform's handshake."""
        return Answer()

    @abstractmethod
    def render(self, part: Part, to: Recipient) -> Call:
        """The platform's call that shows one part."""

    def typing(self, to: Recipient) -> Call | None:  # noqa: ARG002
        """The call that shows that an answer is being written, where the platform has one."""
        return None

    def shows(self, latest: Json) -> Capabilities:  # noqa: ARG002
        """What the platform can show to the person whose latest message has this metadata."""
        return self.can

    def reopening(self, part: Part, to: Recipient) -> Call | None:  # noqa: ARG002
        """The call that still reaches a person whose window is closed, where there is one."""
        return None

    async def deliver(self, http: httpx.AsyncClient, part: Part, to: Recipient) -> str:
        """Bring one part to the platform; returns its id there. Raises SendError."""
        return await self.send(http, self.render(part, to))

    async def passed_over(self, http: httpx.AsyncClient, to: Recipient) -> None:  # noqa: ARG002
        """Do what `deliver` does beside sending, for a part that may have arrived and is not sent again."""
        return

    async def send(self, http: httpx.AsyncClient, call: Call) -> str:
        """Make the call; returns the platform's id of the message. Raises SendError."""
        response = await self.call(http, call)
        self.judge(response)
        return self.sent_id(response)

    async def call(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        """Every call goes through here: what needs a token that has to be fetched first puts it in."""
        return await post(http, call)

    def judge(self, response: httpx.Response) -> None:
        """Raises SendError where the platform says that it did not take the message."""
        check_status(response)

    @abstractmethod
    def sent_id(self, response: httpx.Response) -> str:
        """The platform's id of the message in its answer; empty where it gives none."""

    async def check(self, http: httpx.AsyncClient, url: str | None) -> list[str]:  # noqa: ARG002
        """What the platform says is misconfigured, in sentences. `url`: where it should deliver to, if known."""
        return []
