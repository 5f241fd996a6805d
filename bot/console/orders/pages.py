"""The customer's orders over HTTP, beside a conversation."""

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter

from bot.console.conversation.notes import known
from bot.console.login.access import Agent
from bot.console.orders.changing import Action, OrderForm, Wish, do
from bot.console.orders.reading import orders_of, variants_of
from bot.conversation.sql import Statement
from bot.database import UnitOfWork
from bot.problem import Problem
from bot.turn import Turns
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.shop import Shop

Language = Literal["en", "zh"]
AT = "/{conversation_id:path}/orders"

_CUSTOMER = Statement("SELECT customer_id FROM conversations WHERE id = :id")


def router(turns: Turns, policy: Callable[[], ShopPolicy]) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api/conversations")
    database = turns.database

    @routes.get(AT, summary="The customer's orders, and what may be done with them")
    def orders(_person: Agent, conversation_id: str, language: Language = "en") -> dict[str, Any]:
        with database.read_session() as session:
            known(session.connection(), conversation_id)
            customer = _CUSTOMER.first(session.connection(), {"id": conversation_id})
            return orders_of(session, policy(), customer[0] if customer else None, language)

    @routes.get(AT + "/{number}/variants", summary="What an item can be exchanged for")
    def variants(
        _person: Agent, conversation_id: str, number: str, line_id: str, language: Language = "en"
    ) -> list[dict[str, Any]]:
        with database.read_session() as session:
            row = _CUSTOMER.first(session.connection(), {"id": conversation_id})
            order = Shop(session, policy()).order(number, row[0]) if row and row[0] else None
            if order is None:
                raise Problem(404, "Not found", f"This conversation's customer has no order {number}.")
            return variants_of(session, policy(), order, line_id, language)

    @routes.post(AT + "/{number}/{action}", summary="Do something with an order; first as a preview")
    async def change(
        person: Agent, conversation_id: str, number: str, action: Action, form: OrderForm, language: Language = "en"
    ) -> dict[str, Any]:
        def work(unit: UnitOfWork) -> dict[str, Any]:
            made = do(
                unit, policy(), conversation_id, number, lambda order: Wish(order, action, form, person), language
            )
            unit.commit()
            return made

        return await turns.change(conversation_id, work)

    return routes
