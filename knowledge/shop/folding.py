"""Folded forms that names, e-mails, postcodes and order numbers are looked up by, whatever the habit of spelling."""

import re
import unicodedata

_ORDER_WORDS = re.compile(r"ORDER|NUMBER|NO\.?|订单号?|单号|号码?")


def fold(text: str) -> str:
    """Lower-cased, full-width letters narrowed, accents and everything that is no letter or digit dropped."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(letter for letter in plain.casefold() if letter.isalnum())


def email_key(email: str) -> str:
    return unicodedata.normalize("NFKC", email).strip().casefold()


def postcode_key(postcode: str) -> str:
    return fold(postcode)


def name_keys(first_name: str, last_name: str) -> frozenset[str]:
    """Both orders of a name, because people (and languages) differ in which comes first."""
    return frozenset({fold(first_name + last_name), fold(last_name + first_name)})


def order_number_key(text: str) -> str:
    """`#W2378156`, `w 2378156`, `order no. W2378156` and `＃Ｗ2378156` are one order: `W2378156`."""
    upper = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in _ORDER_WORDS.sub("", upper) if letter.isalnum())


def digits_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
