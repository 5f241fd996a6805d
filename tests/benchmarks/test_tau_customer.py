"""The scripted customer says what it wants, checks what it is told, and knows when to stop."""

import random

from benchmarks.tau_checking import objection
from benchmarks.tau_customer import MOST_TURNS_A_GOAL, Customer
from benchmarks.tau_goals import LOOK, Errand, Goal, Item, Method, Proof
from benchmarks.tau_reading import Reply

PAYPAL, VISA = Method("paypal", "", ""), Method("credit_card", "visa", "4242")
LAMP = Item("Desk Lamp", {"color": "black", "brightness": "low"}, {"color": "white", "brightness": "low"}, ())
EXCHANGE = Goal("exchange", "#W1234567", (LAMP,), others=("Water Bottle",), payment=PAYPAL, other_methods=(VISA,))
SUMMARY = "I'll exchange in order #W1234567:\n• Desk Lamp: black → white\nPrice difference: $5.00 charged to PayPal."
YES_OR_NO = ("Yes", "No")


def customer(*goals: Goal, seed: int = 1) -> Customer:
    return Customer(Errand((Proof("Ann Lee", "78701"),), goals), random.Random(seed))


def object_to(summary: str) -> str | None:
    found = objection(summary, EXCHANGE)
    return found.kind if found else None


def test_a_right_summary_is_not_objected_to() -> None:
    assert object_to(SUMMARY) is None


def test_every_mistake_in_a_summary_is_noticed() -> None:
    assert object_to(SUMMARY.replace("1234567", "7654321")) == "wrong order"
    assert object_to(SUMMARY.replace("Desk Lamp", "Lampshade")) == "also swaps"
    assert object_to(f"{SUMMARY}\n• Water Bottle: blue → red") == "only items"
    assert object_to(SUMMARY.replace("white", "red")) == "wrong variant"
    assert object_to(SUMMARY.replace("PayPal", "Visa ending in 4242")) == "other payment"


def answer(ann: Customer, *replies: Reply) -> str:
    """What is said, without regard to how it is written."""
    return (ann.answer(replies) or "").lower()


def test_a_goal_is_reached_by_saying_yes_to_the_right_summary() -> None:
    ann = customer(EXCHANGE)
    ann.opening()
    assert "ann lee" in answer(ann, Reply("Could you give me your e-mail address, or your full name and postcode?"))
    assert answer(ann, Reply(f"{SUMMARY} Shall I go ahead?", YES_OR_NO)).startswith(("yes", "sure"))
    assert answer(ann, Reply("Done, the exchange for order #W1234567 is set up."))
    assert ann.answer([Reply("You're welcome!")]) is None
    assert [ending.is_reached for ending in ann.endings] == [True]


def test_the_next_goal_follows_when_one_is_reached() -> None:
    ann = customer(Goal(LOOK, "#W1111111"), Goal(LOOK, "#W2222222"))
    assert "#w1111111" in ann.opening().lower()
    assert "#w2222222" in answer(ann, Reply("Order #W1111111 · delivered\n• Desk Lamp"))


def test_some_customers_write_in_a_hurry_but_not_their_address() -> None:
    home = {"address1": "1 Elm St", "address2": "", "city": "Austin", "state": "TX", "zip": "78701", "country": "USA"}
    move = Goal("change default address", address=home)
    openings = [customer(Goal(LOOK, "#W1111111"), seed=seed).opening() for seed in range(40)]
    assert 0 < sum(opening == opening.lower() for opening in openings) < 20
    assert all(opening != opening.lower() for opening in (customer(move, seed=seed).opening() for seed in range(40)))


def test_what_is_taken_back_is_never_said_yes_to() -> None:
    goal = Goal("cancel", "#W1234567", reason="no longer needed", is_taken_back=True)
    for seed in range(10):
        ann = customer(goal, seed=seed)
        ann.opening()
        assert "no" in answer(ann, Reply("I'll cancel order #W1234567. Shall I go ahead?", YES_OR_NO))
        ann.answer([Reply("All right, nothing has been changed. What would you like to have different?")])
        ann.answer([Reply("Okay, nothing was changed.")])
        assert len(ann.endings) == 1


def test_another_offer_after_the_receipt_is_left() -> None:
    ann = customer(EXCHANGE)
    ann.opening()
    ann.answer([Reply(f"{SUMMARY} Shall I go ahead?", YES_OR_NO)])
    offer = Reply("I'll switch order #W7654321 to PayPal. Shall I go ahead?", YES_OR_NO)
    assert "no" in answer(ann, Reply("Done, order #W1234567."), offer)


def test_a_bot_that_never_understands_loses_its_customer() -> None:
    ann = customer(EXCHANGE)
    ann.opening()
    turns = 0
    while ann.answer([Reply("Sorry, I didn't quite get that. Could you put it another way?")]) is not None:
        turns += 1
        assert turns <= MOST_TURNS_A_GOAL
    assert [ending.is_reached for ending in ann.endings] == [False]


def test_the_same_seed_says_the_same() -> None:
    assert customer(EXCHANGE, seed=3).opening() == customer(EXCHANGE, seed=3).opening()
    assert len({customer(EXCHANGE, seed=seed).opening() for seed in range(30)}) > 5


def test_a_listed_variant_is_recognised_by_its_values() -> None:
    listed = "Which one would you like instead of the Desk Lamp?\n1. red, brightness low\n2. white, brightness low"
    said = set()
    for seed in range(20):
        ann = customer(EXCHANGE, seed=seed)
        ann.opening()
        said.add(answer(ann, Reply(listed)))
    assert "the second one, please." in said
    assert not any("first" in sentence for sentence in said)
