import jwt
import pytest

from bot.identity import IdentityError, new_session, session_sender, sign, verify

SECRET = "a secret of at least thirty-two characters"


def test_a_signed_identity_is_proven() -> None:
    assert verify(sign("sofia@example.com", SECRET), SECRET).subject == "sofia@example.com"


@pytest.mark.parametrize(
    "claims",
    [{}, {"sub": "a"}, {"exp": 4102444800}, {"sub": 5, "exp": 4102444800}, {"sub": "a", "exp": "soon"}],
)
def test_a_token_without_the_needed_claims_is_refused(claims: dict[str, object]) -> None:
    with pytest.raises(IdentityError):
        verify(jwt.encode(claims, SECRET, algorithm="HS256"), SECRET)


def test_an_unsigned_token_and_another_algorithm_are_refused() -> None:
    claims = {"sub": "a", "exp": 4102444800}
    for token in (jwt.encode(claims, "", algorithm="none"), jwt.encode(claims, SECRET * 2, algorithm="HS512")):
        with pytest.raises(IdentityError):
            verify(token, SECRET)


def test_without_a_secret_every_token_is_refused_and_the_setting_named() -> None:
    with pytest.raises(IdentityError, match="KEFU_IDENTITY_SECRET"):
        verify(sign("a", SECRET), None)


def test_a_session_belongs_to_its_installation() -> None:
    session = new_session(SECRET)
    assert session_sender(session, SECRET)
    assert session_sender(session, SECRET + "x") is None
    assert session_sender(session + "0", SECRET) is None
    assert session_sender("", SECRET) is None
    assert session_sender("." * 50, SECRET) is None
