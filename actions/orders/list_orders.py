"""The customer's latest orders, to pick from."""

from actions import wording
from actions.base import Event, SlotSet
from actions.choosing import Choice
from actions.desk import Desk
from actions.orders.operation import Lookup

SHOWN = 8


class ListOrders(Lookup):
    def tell(self, desk: Desk) -> None:
        orders = desk.orders[:SHOWN]
        if not orders:
            desk.say("utter_problem_no_orders")
            return
        labels = [wording.order(order, desk.language, desk.shop.now) for order in orders]
        desk.say("utter_orders", orders=wording.numbered(labels), count=str(len(desk.orders)))

    def events(self, desk: Desk) -> list[Event]:
        """The list stays at hand for "the second one"."""
        orders = desk.orders[:SHOWN]
        choices = [
            Choice(o.order_number, "order", wording.order(o, desk.language, desk.shop.now)).to_slot() for o in orders
        ]
        return [SlotSet("choices", choices)]
