"""What every route of the console asks: who is it, is it the console's own page that asks, may they?

A route says who may use it by the type of a parameter, and gets whoever asks:

    @routes.get("/console/api/admin/audit")
    def audit(person: Admin, ...): ...
"""

import hmac
import time
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from bot.console.login import sessions
from bot.console.login.sessions import Lifetime, Session
from bot.console.person import Person, Role
from bot.console.seeing import UNLIMITED, Seeing
from bot.database import Database
from bot.problem import Problem

COOKIE: Final = "kefu_console"
CSRF_HEADER: Final = "x-csrf-token"
READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Access:
    """Put at `app.state.access`, where the dependencies below find it."""

    database: Database
    lifetime: Lifetime
    public_url: str | None = None
    seeing: Seeing = UNLIMITED

    def is_secure(self, connection: HTTPConnection) -> bool:
        """Whether people come by https, by the setting or by what a trusted proxy says."""
        return (self.public_url or "").startswith("https://") or connection.url.scheme in ("https", "wss")

    def session_of(self, connection: HTTPConnection) -> Session | None:
        """The session of the request's cookie. Blocking."""
        token = connection.cookies.get(COOKIE, "")
        if not token:
            return None
        with self.database.read() as reading:
            return sessions.find(reading, token, address_of(connection), self.lifetime, time.time())

    def signed_in(self, request: Request) -> Session:
        """Whoever is signed in, also with a password that must be changed first.

        Raises Problem 401, or 403 for a write that the console's own page did not make.
        """
        session = self.session_of(request)
        if session is None:
            raise Problem(401, "Signed out", "Sign in first.")
        if request.method not in READS:
            self.refuse_foreign(request)
            shown = request.headers.get(CSRF_HEADER, "")
            if not hmac.compare_digest(shown.encode(), session.csrf.encode()):
                raise Problem(403, "Not your own page", f"Send the header {CSRF_HEADER}; GET session tells its value.")
        self._touch(session)
        return session

    def at_least(self, role: Role, request: Request) -> Person:
        """The person, if they have that role or a more powerful one. Raises Problem 401 or 403; and 404 where the
        address names a conversation that they do not see, as for one that nobody began."""
        session = self.signed_in(request)
        if session.must_change_password:
            raise Problem(403, "Change your password", "Choose a password of your own first.")
        if not session.person.is_at_least(role):
            raise Problem(403, "Not allowed", f"This needs the role {role}.")
        named = request.path_params.get("conversation_id") or request.query_params.get("conversation_id")
        if named and not self.sees(session.person, named):
            raise Problem(404, "Not found", f"There is no conversation {named}.")
        return session.person

    def sees(self, person: Person, conversation_id: str) -> bool:
        """Blocking. A conversation that nobody began may be seen by whoever sees everything."""
        if not self.seeing.is_limited:
            return True
        with self.database.read() as reading:
            return bool(self.seeing.seen(reading, person.id, [conversation_id]))

    def refuse_foreign(self, connection: HTTPConnection) -> None:
        """Browsers name the page that asks. Raises Problem 403 for any but the console's own."""
        origin = connection.headers.get("origin")
        if origin is not None and not self.is_own(origin, connection.headers.get("host")):
            raise Problem(403, "Not your own page", "Only the console's own page may do this.")

    def is_own(self, origin: str, host: str | None) -> bool:
        own = {host, urlsplit(self.public_url).netloc if self.public_url else None}
        try:
            return urlsplit(origin).netloc in own - {None, ""}
        except ValueError:  # no URL at all
            return False

    def _touch(self, session: Session) -> None:
        now = time.time()
        if now - session.seen_at > sessions.TOUCH_SECONDS:
            with self.database.writing() as connection:
                sessions.touch(connection, session.id, now)
                connection.commit()


def address_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def _access(request: Request) -> Access:
    access = request.app.state.access
    assert isinstance(access, Access)
    return access


def _session(request: Request) -> Session:
    return _access(request).signed_in(request)


def _agent(request: Request) -> Person:
    return _access(request).at_least("agent", request)


def _supervisor(request: Request) -> Person:
    return _access(request).at_least("supervisor", request)


def _admin(request: Request) -> Person:
    return _access(request).at_least("admin", request)


SignedIn = Annotated[Session, Depends(_session)]
Agent = Annotated[Person, Depends(_agent)]
Supervisor = Annotated[Person, Depends(_supervisor)]
Admin = Annotated[Person, Depends(_admin)]
