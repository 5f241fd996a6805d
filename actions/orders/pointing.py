"""An order pointed at among those just listed: "what was in the second one?", 第一个里面都有啥."""

from actions.base import Event, FollowupAction, SlotSet, Tracker
from actions.choosing import Choice, positions, read_choices


def order_pointed_at(tracker: Tracker) -> Choice | None:
    """The listed order whose place in the list the latest message names."""
    listed = read_choices(tracker.get_slot("choices"), "order")
    places = positions(str(tracker.latest_message.get("text") or ""), len(listed))
    return listed[places[0]] if places else None


def open_order(order: Choice) -> list[Event]:
    """Go on to the order's details."""
    return [SlotSet("order_number", order.id), FollowupAction("order_details_form")]
