"""Where an order is: its state, its parcels' latest steps and the day they are expected."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Lookup
from actions.orders.shipping import parcel_name, tracking_history
from knowledge.shop.types import Order, OrderStatus, Shipment

WAITING = (OrderStatus.PENDING, OrderStatus.PENDING_ITEM_MODIFIED, OrderStatus.PROCESSED)


class TrackOrder(Lookup):
    def tell(self, desk: Desk) -> None:
        order = desk.order
        if order is None:
            return
        facts = {"order_number": order.order_number, "status": wording.status(order.status, desk.language)}
        if order.status == OrderStatus.CANCELLED:
            desk.say("utter_track_cancelled", **facts)
        elif order.status in WAITING and not any(shipment.events for shipment in order.shipments):
            desk.say("utter_track_waiting", **facts, items=wording.names(order.lines, desk.language))
        elif not order.shipments:
            desk.say("utter_track_no_parcel", **facts)
        for shipment in order.shipments:
            self._tell_parcel(desk, order, shipment, facts)

    @staticmethod
    def _tell_parcel(desk: Desk, order: Order, shipment: Shipment, facts: dict[str, str]) -> None:
        if order.status in WAITING and not shipment.events:
            return
        now = desk.shop.now
        about = {
            **facts,
            "parcel": parcel_name(shipment, desk.language),
            "history": "".join(f"\n{row}" for row in tracking_history(shipment, desk.language, now)),
        }
        if shipment.delivered_at:
            desk.say("utter_track_delivered", **about, day=wording.date(shipment.delivered_at, desk.language, now))
        elif shipment.expected_at:
            desk.say("utter_track_expected", **about, day=wording.date(shipment.expected_at, desk.language, now))
        else:
            desk.say("utter_track_parcel", **about)
