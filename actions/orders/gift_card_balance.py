"""What is left on the customer's gift cards."""

from actions import wording
from actions.desk import Desk
from actions.orders.operation import Lookup


class GiftCardBalance(Lookup):
    def tell(self, desk: Desk) -> None:
        methods = desk.customer.payment_methods if desk.customer else ()
        balances = [method.balance for method in methods if method.balance is not None]
        if not balances:
            desk.say("utter_no_gift_card")
            return
        currency = desk.shop.policy.currency
        amounts = [wording.money(balance, currency, desk.language) for balance in balances]
        desk.say("utter_gift_card_balance", balance=wording.listing(amounts, desk.language))
