"""`kefu campaign preview`: what customers would read, as HTML and plain text; nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.settings import Settings
    from knowledge.campaigns.letter import Letter
    from knowledge.campaigns.message import Message
    from knowledge.shop.schema import CustomerRow


def command(
    name: Annotated[str, typer.Argument(help="A campaign, or a message (picked_for_you, or a .yml file).")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("var/campaigns"),
    customer: Annotated[str | None, typer.Option(help="This customer's mail; else one of each language.")] = None,
) -> None:
    """Write the mail of one customer of each language to files, and the plain text to the terminal."""
    from bot.cli.campaign._office import opened

    with opened() as (settings, database), database.transaction() as session:
        message = _message(session, name)
        letters = [_letter(settings, session, message, each) for each in _samples(session, name, customer)]
    out.mkdir(parents=True, exist_ok=True)
    for letter in letters:
        stem = f"{Path(name).stem}-{letter.language}"
        (out / f"{stem}.html").write_text(letter.html, "utf-8")
        (out / f"{stem}.txt").write_text(letter.text, "utf-8")
        typer.echo(f"{letter.subject}\n\n{letter.text}\n→ {out / stem}.html\n")


def _message(session: Session, name: str) -> Message:
    from knowledge.campaigns.message import load_message, message_from
    from knowledge.campaigns.schema import CampaignRow

    campaign = session.get(CampaignRow, name)
    return message_from(campaign.message, name) if campaign else load_message(name)


def _samples(session: Session, name: str, customer_id: str | None) -> list[CustomerRow]:
    """The customer asked for; else the campaign's first of each language, else the shop's."""
    from sqlalchemy import select

    from knowledge.campaigns.errors import CampaignError
    from knowledge.campaigns.schema import MemberRow
    from knowledge.shop.schema import CustomerRow

    if customer_id is not None:
        found = session.get(CustomerRow, customer_id)
        if found is None:
            raise CampaignError(f"there is no customer '{customer_id}'")
        return [found]
    members = select(MemberRow.customer_id).where(MemberRow.campaign_id == name)
    query = select(CustomerRow).order_by(CustomerRow.customer_id).limit(1)
    if session.scalar(members.limit(1)) is not None:
        query = query.where(CustomerRow.customer_id.in_(members))
    samples = [session.scalars(query.where(CustomerRow.locale == language)).first() for language in ("en", "zh")]
    return [each for each in samples if each is not None]


def _letter(settings: Settings, session: Session, message: Message, customer: CustomerRow) -> Letter:
    from bot.cli.campaign._office import office, shop_of
    from knowledge.campaigns.facts import facts_for
    from knowledge.campaigns.letter import write_letter
    from knowledge.campaigns.picking import Picker
    from knowledge.shop.columns import utc_now
    from knowledge.shop.types import Language

    language: Language = "zh" if customer.locale == "zh" else "en"
    defaults = {"mail_from": "Your Shop <news@shop.example>", "public_url": "https://shop.example"}
    missing = {name: value for name, value in defaults.items() if getattr(settings, name) is None}
    given, shop, now = office(settings.model_copy(update=missing), session), shop_of(settings, session), utc_now()
    picked = Picker(shop, given.recommender(session, now)).pick(customer.customer_id, message.products, language)
    facts = facts_for(message, customer, language, shop, now)
    return write_letter(message, language, facts, picked, given.sender, given.links.link(0, language))
