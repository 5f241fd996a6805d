"""What a policy is: an opinion about the next step, or none. The first opinion wins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.exchange import Exchange
from bot.dialogue.reasons import Reason, because
from bot.dialogue.request import Request


@dataclass(frozen=True)
class Prediction:
    """The next step and why."""

    policy: str
    action: str
    why: Reason
    carry_out: Callable[[], None]
    rule: str | None = None


class Policy(Protocol):
    def __call__(self, exchange: Exchange, request: Request) -> Prediction | None:
        """What to do about the request, None to leave it to the next policy."""
        ...


def reason(code: str, request: Request, **facts: object) -> Reason:
    """A reason that speaks of the message's intent and how sure it is."""
    guess = request.intent
    if code == "means" and request.is_settled:
        return because("settled", intent=guess.name)
    return because(code, intent=guess.name, sure=f"{guess.confidence:.0%}", **facts)
