"""Profile 360 as JSON: what `GET /api/customers/{id}` answers and `kefu crm show` prints.

the shop's tables, live        identity, consent, loyalty, orders, RFM
customer_profiles              segment and since when, predictions with reasons
recommender, policy, now       recommendations with reasons, next best action with its propensity
decision records               how the customer felt
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from actions import wording
from actions.products.categories import NAMES
from actions.products.recommend_product import spoken_reason
from bot.console import profile_words
from bot.conversation.moods import Mood, moods_of
from knowledge.next_best_action.choosing import Served
from knowledge.next_best_action.limits import Limits, load_limits
from knowledge.next_best_action.rules import in_words
from knowledge.prediction.reasons import Reason
from knowledge.prediction.sentences import sentence
from knowledge.profiles.advising import Advisor, Moment
from knowledge.profiles.pseudonyms import known_as
from knowledge.profiles.reading import Computed, LatestOrder, Profile, Rfm, read_profile
from knowledge.profiles.schema import ProfileRow
from knowledge.recommendation.prepared import RecommendationModel
from knowledge.recommendation.recommender import Recommender
from knowledge.segmentation.archetypes import ARCHETYPES
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.schema import CustomerRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Customer

Language = Literal["en", "zh"]
RECOMMENDED = 3
Json = dict[str, Any]


@dataclass(frozen=True)
class ProfileView:
    """`domain` holds the assistant's responses, whose words the reasons are told in; `recommendation` gives the model
    that serves, if there is one."""

    policy: Callable[[], ShopPolicy]
    domain: Mapping[str, Any]
    recommendation: Callable[[], RecommendationModel | None] = lambda: None
    limits: Limits = field(default_factory=load_limits)
    """What the next best action keeps to."""

    def of(self, session: Session, customer_id: str, language: Language, now: datetime | None = None) -> Json | None:
        """None for an id that is nobody's."""
        now = now or datetime.now(UTC)
        held = (session.get(CustomerRow, customer_id), session.get(ProfileRow, customer_id))  # asked for often below
        if held[0] is None:
            return None
        shop = Shop(session, self.policy(), lambda: now)
        profile = read_profile(session, shop, customer_id, now)
        assert profile is not None, "the customer was there just now"
        advisor = Advisor(session, shop, now=lambda: now, limits=self.limits)
        moods = moods_of(session.connection(), customer_id)
        recommendations = self._recommendations(session, shop, profile.customer, language, now)
        return {
            **_identity(profile),
            "orders": [_order(order, language) for order in profile.latest_orders],
            "rfm": _rfm(profile.rfm),
            "computed": _computed(profile.computed),
            "segment": _segment(profile, language),
            "predictions": _predictions(profile.computed, language),
            "recommendations": recommendations,
            "next_best_action": _next(advisor, profile.customer, moods, bool(recommendations), language),
            "sentiment": [_mood(mood) for mood in moods],
        }

    def _recommendations(
        self, session: Session, shop: Shop, customer: Customer, language: Language, now: datetime
    ) -> list[Json]:
        """From the customer's own purchases only if they agreed, where the shop asks for that."""
        rules = shop.policy.recommendations
        whose = None if rules.needs_consent and not customer.newsletter_consent else customer.customer_id
        recommender = Recommender(session, now, model=self.recommendation(), pseudonym=known_as(session))
        found = recommender.recommend(whose, RECOMMENDED, without=rules.only_on_request)
        shown = [(one, product) for one in found if (product := shop.product(one.product_id))]
        return [
            {
                "product_id": product.product_id,
                "name": product.name(language),
                "score": round(one.score, 6),
                "reason": spoken_reason(shop, self.domain, one, True, language),
            }
            for one, product in shown
        ]


def _identity(profile: Profile) -> Json:
    customer = profile.customer
    return {
        "customer_id": customer.customer_id,
        "name": customer.full_name,
        "email": customer.email,
        "phone": customer.phone,
        "locale": customer.locale,
        "created_at": _iso(customer.created_at),
        "consent": {"newsletter": customer.newsletter_consent, "at": _iso(customer.newsletter_consent_at)},
        "loyalty": {"points": customer.loyalty_points, "tier": customer.loyalty_tier},
    }


def _order(order: LatestOrder, language: Language) -> Json:
    return {
        "order_number": order.order_number,
        "status": order.status.value,
        "status_name": wording.status(order.status, language),
        "placed_at": _iso(order.placed_at),
        "total": float(order.total),
        "items": [{"name": zh if language == "zh" else en, "quantity": count} for en, zh, count in order.items],
    }


def _rfm(rfm: Rfm) -> Json:
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in vars(rfm).items()}


def _computed(computed: Computed | None) -> Json | None:
    return {"at": _iso(computed.at), "version": computed.version} if computed else None


def _segment(profile: Profile, language: Language) -> Json | None:
    computed = profile.computed
    if computed is None or computed.segment is None:
        return None
    return {
        "code": computed.segment,
        "name": _segment_name(computed.segment, language),
        "about": ARCHETYPES[computed.segment].about(language) if computed.segment in ARCHETYPES else "",
        "since": _iso(computed.segment_since),
        "history": [{"at": _iso(one.at), "before": one.before, "after": one.after} for one in profile.changes],
    }


def _segment_name(code: str, language: Language) -> str:
    return ARCHETYPES[code].name(language) if code in ARCHETYPES else code


def _predictions(computed: Computed | None, language: Language) -> list[Json]:
    return [
        {
            "task": one.task,
            "name": profile_words.task(one.task, language, _category(one.about, language)),
            "about": one.about or None,
            "value": one.value,
            "reasons": [sentence(Reason(**reason), language) for reason in one.reasons],
        }
        for one in (computed.predictions if computed else ())
    ]


def _category(code: str, language: Language) -> str:
    return NAMES[code][language == "zh"] if code in NAMES else code


def _next(
    advisor: Advisor,
    customer: Customer,
    moods: Sequence[Mood],
    has_recommendations: bool,
    language: Language,
) -> Json:
    """What would be chosen if the conversation went on now; looking logs nothing.

    `why`: in a sentence or two, for whoever talks with the customer; `because`: all rules that held, for programs.
    `is_drawn`: no policy has learned yet, any of the `options` is as good as another.
    """
    moment = Moment(
        mood=moods[-1].score if moods else 0.0,
        has_recommendations=has_recommendations,
        voucher=advisor.voucher(),
    )
    choice = advisor.preview(customer, moment, f"profile {customer.customer_id}")
    return {
        "action": choice.action.value,
        "name": profile_words.action(choice.action, language),
        "propensity": round(choice.propensity, 4),
        "policy": choice.policy_version,
        "is_drawn": choice.policy_version == Served().version,
        "options": [
            {"action": one.value, "name": profile_words.action(one, language), "propensity": round(chance, 4)}
            for one, chance in choice.propensities.items()
            if chance > 0
        ],
        "why": profile_words.why(choice, language),
        "because": in_words(choice.because, language),
    }


def _mood(mood: Mood) -> Json:
    at = datetime.fromtimestamp(mood.at, UTC)
    return {**vars(mood), "at": _iso(at), "score": round(mood.score, 3)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
