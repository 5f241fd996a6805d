"""From the settings to what campaigns need: the database, the shop as a sender, the mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.database import Database
    from bot.settings import Settings
    from knowledge.campaigns.permission import Fingerprints
    from knowledge.campaigns.post import Server
    from knowledge.campaigns.sending import Office
    from knowledge.recommendation.recommender import Recommender
    from knowledge.shop.shop import Shop


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The settings and their database, its tables made if need be."""
    from bot.database import open_database, upgrade
    from bot.settings import load_settings

    settings = load_settings()
    database = open_database(settings)
    try:
        upgrade(database)
        yield settings, database
    finally:
        database.close()


def fingerprints_of(session: Session) -> Fingerprints:
    from knowledge.campaigns.permission import Fingerprints
    from knowledge.profiles.pseudonyms import Pseudonyms

    return Fingerprints(Pseudonyms.of_shop(session).key)


def shop_of(settings: Settings, session: Session) -> Shop:
    from knowledge.shop.policy import load_policy
    from knowledge.shop.shop import Shop

    return Shop(session, load_policy(session, settings.policy_file))


def office(settings: Settings, session: Session) -> Office:
    """Raises CampaignError naming the setting that is missing."""
    from knowledge.campaigns.envelope import sender_address
    from knowledge.campaigns.errors import CampaignError
    from knowledge.campaigns.letter import Sender
    from knowledge.campaigns.sending import Office
    from knowledge.campaigns.unsubscribing import Links

    if settings.mail_from is None:
        raise CampaignError("KEFU_MAIL_FROM is not set: name who the mails come from, e.g. Shop <news@shop.example>")
    if settings.public_url is None:
        raise CampaignError("KEFU_PUBLIC_URL is not set: the links to unsubscribe need the address customers reach")
    sender, contact = sender_address(settings.mail_from), shop_of(settings, session).policy.contact
    prints, url = fingerprints_of(session), settings.public_url.rstrip("/")
    postal = {"en": contact.address_en, "zh": contact.address_zh}
    return Office(
        Sender(sender.display_name or sender.domain, url, {"en": postal["en"], "zh": postal["zh"]}),
        sender,
        settings.mail_reply_to,
        Links(prints.key, url),
        prints,
        settings.mails_per_minute,
        lambda session: shop_of(settings, session),
        recommender_of(settings),
    )


def recommender_of(settings: Settings) -> Callable[[Session, datetime], Recommender]:
    """By the fitted customer model where there is one."""
    from bot.crm_in_service import CrmInService
    from knowledge.profiles.pseudonyms import known_as
    from knowledge.recommendation.recommender import Recommender

    model = CrmInService(settings.crm_models).recommendation
    return lambda session, now: Recommender(session, now, model=model, pseudonym=known_as(session))


def server(settings: Settings) -> Server:
    from knowledge.campaigns.post import Server

    password = settings.smtp_password
    return Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        password.get_secret_value() if password else None,
    )
