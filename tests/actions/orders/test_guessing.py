"""Who tries one proof after the other gets nowhere, and cannot tell a right one from a wrong one."""

from tests.actions.orders.conftest import TalkFactory

RIGHT = "where is order #K1000005? my email is ann@example.com"


def test_guessing_an_e_mail_ends_for_every_sender(talk: TalkFactory) -> None:
    wrong = {
        talk(sender=f"guesser{number}").say(f"where is order #K1000005? email guess{number}@example.com", "track_order")
        for number in range(5)
    }
    assert talk(sender="guesser").say(RIGHT, "track_order") in wrong


def test_guessing_order_numbers_ends_for_every_sender(talk: TalkFactory) -> None:
    for number in range(5):
        talk(sender=f"guesser{number}").say(f"where is order #K300000{number}? email ann@example.com", "track_order")
    assert "1Z999" not in talk(sender="guesser").say(RIGHT, "track_order")


def test_one_sender_gets_no_further_by_beginning_again(talk: TalkFactory) -> None:
    guesser = talk()
    for number in range(5):
        guesser.say(f"where is order #K300000{number}? email guess{number}@example.com", "track_order")
    assert "1Z999" not in guesser.say(RIGHT, "track_order")


def test_two_mistakes_are_forgiven(talk: TalkFactory) -> None:
    customer = talk()
    customer.say("where is order #K1000006? my email is anne@example.com", "track_order")
    customer.say("sorry, ann@exmaple.com")
    assert "1Z999" in customer.say("ann@example.com, and it is #K1000005")
