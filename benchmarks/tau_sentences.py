"""What the customer says, in several ways each; a seeded choice picks one. `{hi}` opens or joins ("Hi, " / "Also, ").

The fields: {order} its number, {items} the items, {swaps} and {changes} each item and what it shall become, {wish} the
variant wanted, {pay} a payment method, {reason} a clause, {address} one line.
"""

from collections.abc import Mapping, Sequence

from benchmarks.tau_goals import LOOK

OPENINGS: Mapping[str, Sequence[str]] = {
    "cancel": (
        "{hi}I'd like to cancel order {order}, please.",
        "{hi}I want to cancel my order {order}. {Reason}.",
        "{hi}can you cancel {order} for me?",
        "{hi}please cancel order {order}, {reason}.",
        "{hi}I need to cancel an order.",
    ),
    "return": (
        "{hi}I'd like to return {items} from order {order}.",
        "{hi}I want to send back {items} that came with order {order}.",
        "{hi}can I return {items}? The order number is {order}.",
        "{hi}I need to return {items}.",
        "{hi}I would like to return {items} from my order {order} and get the money back to {pay}.",
    ),
    "exchange": (
        "{hi}I'd like to exchange {swaps}. It's order {order}.",
        "{hi}in order {order} I want to exchange {swaps}.",
        "{hi}could I swap {swaps}? They are from order {order}.",
        "{hi}I received order {order} and would like to exchange {items}.",
        "{hi}I'd like to exchange {swaps} in order {order}, and use {pay} for any difference.",
    ),
    "change items": (
        "{hi}I'd like to change {changes} in my pending order {order}.",
        "{hi}my order {order} hasn't shipped yet. Can I still change {changes}?",
        "{hi}please modify order {order}: change {changes}.",
        "{hi}I want to change {items} in order {order}.",
        "{hi}can you change {changes} in order {order}? Use {pay} for the difference.",
    ),
    "change address": (
        "{hi}please change the shipping address of order {order} to {address}.",
        "{hi}I need order {order} to be delivered to a different address.",
        "{hi}can you send order {order} to {address} instead?",
        "{hi}I put the wrong address on order {order}. It should go to {address}.",
    ),
    "change default address": (
        "{hi}I moved. Please update my default address to {address}.",
        "{hi}can you change the default address on my account?",
        "{hi}please change the address in my profile to {address}.",
        "{hi}I'd like to update my default address. The new one is {address}.",
    ),
    LOOK: (
        "{hi}can you show me the details of order {order}?",
        "{hi}what did I buy in order {order}?",
        "{hi}I'd like to see what is in my order {order}.",
    ),
}
"""Goal → how it is asked for. What a sentence leaves out, the bot has to ask."""
IN_FULL = 0
"""The opening of each kind that leaves least to ask; said when the first was not understood."""
HELLOS = ("Hi, ", "Hello, ", "Hi there, ", "")
JOINERS = ("Also, ", "One more thing: ", "Next, ", "And ")

ANSWERS: Mapping[str, Sequence[str]] = {
    "email": ("My email is {email}.", "{email}", "It's {email}"),
    "name and zip": (
        "I'm {name}, zip code {zip}.",
        "My name is {name} and my zip code is {zip}.",
        "{name}, {zip}",
        "I don't remember my email. I am {name} and I live in {zip}.",
    ),
    "order": ("It's {order}.", "{order}", "The order number is {order}.", "I mean order {order}"),
    "items": ("{Items}, please.", "Just {items}.", "{Items}.", "I mean {items}."),
    "everything": ("All of them, please.", "Everything in it.", "All of it."),
    "variant": ("I'd like {wish}, please.", "{Wish}.", "{Wish}, please.", "I want {wish}."),
    "payment": ("{Pay}, please.", "Please use {pay}.", "{Pay}.", "I'd like to use {pay}."),
    "reason": ("{Reason}.", "Because {reason}."),
    "address": ("{address}", "Please send it to {address}.", "The new address is {address}."),
    "yes": ("Yes, please.", "Yes", "Yes, go ahead.", "Yes, that's right.", "Sure, please do."),
    "take back": ("No, leave it as it is.", "Actually no, I've changed my mind. Please leave it.", "No, don't do it."),
    "wrong order": ("No, I mean order {order}.", "That's the wrong order, it's {order}."),
    "also items": ("Please include {items} as well.", "You forgot {items}.", "Also {items}, please."),
    "also swaps": ("Please also exchange {swaps}.", "And also {swaps}, please."),
    "only items": ("No, only {items}.", "Not everything, just {items} please."),
    "wrong variant": ("No, I'd like {item} to be {wish}.", "Not that one. For {item} I want {wish}."),
    "other payment": ("Please use {pay} instead.", "No, use {pay} instead, please."),
    "wrong address": ("No, the address should be {address}.", "That's not right. The address is {address}."),
    "no person": ("No, thanks.", "No thank you, not now."),
    "nothing": ("Nothing, never mind.", "Never mind, leave it."),
    "give up": ("Never mind, forget it.", "Okay, never mind."),
    "goodbye": ("That's all, thank you!", "Great, thanks. Bye!", "Thanks, that's everything."),
}
REASONS: Mapping[str, Sequence[str]] = {
    "no longer needed": ("I no longer need it", "it's no longer needed", "I don't need it anymore"),
    "ordered by mistake": ("I ordered it by mistake", "it was ordered by mistake", "I placed it by mistake"),
}


def say(sentence: str, **fields: str) -> str:
    """The sentence with its fields; a field written with a capital starts with one."""
    capitals = {name.capitalize(): text[:1].upper() + text[1:] for name, text in fields.items()}
    said = sentence.format(**fields, **capitals)
    return said[:1].upper() + said[1:]
