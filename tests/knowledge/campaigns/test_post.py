"""The connection to the mail server: encrypted, vouched for, logged in; and silent about secrets and addresses."""

import ssl
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from knowledge.campaigns.errors import RefusedForGood, RefusedForNow, Unreachable
from knowledge.campaigns.post import Server, SmtpPost
from tests.knowledge.campaigns.conftest import MailServer, mail_server

USER, PASSWORD = "shop", "a very secret password"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(certificate, key) for 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    files = (folder / "cert.pem", folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(files[0]), "-keyout", str(files[1])]
    try:
        subprocess.run([*command, *names], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return files


@pytest.fixture
def secured(certificate: tuple[Path, Path]) -> Iterator[MailServer]:
    """A server that takes nothing without STARTTLS and the right login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:  # noqa: ARG001
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right)

    with mail_server(
        tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True
    ) as mails:
        yield mails


def mail() -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"] = "ann@example.com", "Hello"
    message.set_content("Hello\n.\n..dots at the beginning of a line\n")
    return message


def handed_over(mails: MailServer, trusted: ssl.SSLContext | None, **fields: Any) -> None:
    server = Server(mails.server.host, mails.server.port, **fields)
    with SmtpPost(server, trusted) as post:
        post.hand_over(mail(), "news@shop.example", "ann@example.com")
        post.hand_over(mail(), "news@shop.example", "wei@example.com")


def test_an_encrypted_connection_with_login_takes_mails(secured: MailServer, certificate: tuple[Path, Path]) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    handed_over(secured, trusted, security="starttls", user=USER, password=PASSWORD)
    assert secured.recipients == ["ann@example.com", "wei@example.com"]
    assert secured.mail().get_content().splitlines()[1:] == [".", "..dots at the beginning of a line"]


def test_a_wrong_password_is_told_without_it(secured: MailServer, certificate: tuple[Path, Path]) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    with pytest.raises(Unreachable, match="refuses the login: check KEFU_SMTP_USER") as error:
        handed_over(secured, trusted, security="starttls", user=USER, password="guessed")
    assert "guessed" not in str(error.value)
    assert PASSWORD not in repr(Server("mail.example", 587, user=USER, password=PASSWORD))


@pytest.mark.parametrize("trusted", [None, ssl.create_default_context()])
def test_a_certificate_nobody_vouches_for_gets_neither_login_nor_mail(
    secured: MailServer, trusted: ssl.SSLContext | None
) -> None:
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        handed_over(secured, trusted, security="starttls", user=USER, password=PASSWORD)
    assert not secured.taken


def test_a_server_that_wants_encryption_gets_no_plain_mail(secured: MailServer) -> None:
    with pytest.raises((Unreachable, RefusedForGood, RefusedForNow)):
        handed_over(secured, None, security="none")
    assert not secured.taken


def test_one_refused_mail_does_not_spoil_the_next(mails: MailServer) -> None:
    mails.answer = lambda recipient: "550 no <ann@example.com>" if recipient.startswith("ann") else None
    with SmtpPost(mails.server) as post:
        with pytest.raises(RefusedForGood) as error:
            post.hand_over(mail(), "news@shop.example", "ann@example.com")
        assert error.value.code == "550" and "ann@" not in str(error.value)
        post.hand_over(mail(), "news@shop.example", "wei@example.com")
        mails.answer_data = lambda _: "452 full"
        with pytest.raises(RefusedForNow):
            post.hand_over(mail(), "news@shop.example", "wei@example.com")
        mails.answer_data = lambda _: None
        post.hand_over(mail(), "news@shop.example", "wei@example.com")
    assert mails.recipients == ["wei@example.com"] * 2
