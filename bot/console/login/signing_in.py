"""A login, step by step: the delay, the password, the second factor, the session. Each step takes as long for an
account that does not exist as for one that does, and says no more about it."""

import time
from dataclasses import dataclass

from bot.console import audit
from bot.console.login import accounts, delay, passwords, second_factor, sessions
from bot.console.login.accounts import Account
from bot.console.login.delay import Door
from bot.console.login.demo import is_demo_account
from bot.console.login.sessions import Lifetime
from bot.console.person import Person
from bot.conversation import attention
from bot.database import Database
from bot.handoff import agents
from bot.problem import Problem


class Locked(Problem):
    """Too many wrong tries; the next one may come in `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(int(seconds + 0.999), 1)
        super().__init__(429, "Locked", f"Too many tries. Try again in {self.seconds} seconds.")


@dataclass(frozen=True)
class Login:
    """What somebody who is not known yet shows, and where it came from."""

    email: str
    password: str
    code: str
    address: str
    browser: str


@dataclass(frozen=True)
class SigningIn:
    """`is_demo`: the demo shop's agents, whose password everybody knows, may come in."""

    database: Database
    lifetime: Lifetime
    is_demo: bool = False

    def sign_in(self, login: Login) -> str | None:
        """The token of a new session; None: the password is right and a code is needed.

        Raises Locked, and Problem 401 for wrong words, whichever of them it was.
        """
        self._begin_try(Door(login.email, login.address))
        account = self._account(login.email)
        if not self._knows_password(account, login.password) or account is None or not account.agent.is_active:
            raise self._refused(login, account)
        if not account.has_totp:
            return self._let_in(login, account)
        if not login.code:
            self._forgive(login)
            return None
        return self._with_code(login, account)

    def check_password(self, person: Person, password: str) -> None:
        """For what only its owner may do, although signed in; wrong tries make the next one wait here too.

        Raises Locked, or Problem 403.
        """
        door = Door(person.email, person.address)
        self._begin_try(door)
        with self.database.read() as connection:
            stored = accounts.password_hash(connection, person.id)
        if not passwords.matches(password, stored):
            raise Problem(403, "Wrong password", "That is not your password.")
        with self.database.writing() as connection:
            delay.succeeded(connection, door, time.time())
            connection.commit()

    def change_password(self, account: Account, current: str, new: str, person: Person) -> list[str]:
        """The agent's other sessions end; returns which. Raises Locked, Problem 403 or 422."""
        self.check_password(person, current)
        passwords.refuse_weak(new, account.agent.email)
        if new == current:
            raise Problem(422, "Weak password", "Choose a password that you did not have before.")
        made, now = passwords.hashed(new), time.time()
        with self.database.writing() as connection:
            accounts.set_password(connection, account.id, made, False, now)
            ended = sessions.end_all(connection, account.id, now, but=person.session_id)
            audit.write(connection, person, "change_password", person.id, now)
            connection.commit()
        return ended

    def _begin_try(self, door: Door) -> None:
        with self.database.writing() as connection:
            wait = delay.begin_try(connection, door, time.time())
            connection.commit()
        if wait:
            raise Locked(wait)

    def _account(self, email: str) -> Account | None:
        if is_demo_account(email) and not self.is_demo:
            return None
        with self.database.read() as connection:
            return accounts.find_by_email(connection, email)

    def _knows_password(self, account: Account | None, password: str) -> bool:
        with self.database.read() as connection:
            stored = accounts.password_hash(connection, account.id) if account else None
        if not passwords.matches(password, stored):
            return False
        if account and stored and passwords.is_outdated(stored):
            self._rehash(account, password)
        return True

    def _rehash(self, account: Account, password: str) -> None:
        made = passwords.hashed(password)
        with self.database.writing() as connection:
            accounts.set_password(connection, account.id, made, account.must_change_password, time.time())
            connection.commit()

    def _with_code(self, login: Login, account: Account) -> str:
        with self.database.writing() as connection:
            is_right = second_factor.accepts(connection, account.id, login.code, time.time())
            connection.commit()
        if not is_right:
            self._write_down(login, account, "sign_in_refused", why="code")
            raise Problem(401, "Wrong code", "The code is wrong or was used before. Wait for the next one.")
        return self._let_in(login, account)

    def _let_in(self, login: Login, account: Account) -> str:
        now = time.time()
        with self.database.writing() as connection:
            delay.succeeded(connection, Door(login.email, login.address), now)
            sessions.sweep(connection, self.lifetime, now)
            attention.forget(connection, now)
            token = sessions.begin(connection, account.id, login.address, login.browser, now)
            audit.put(connection, account.id, "sign_in", None, login.address, now, {})
            if account.agent.role == "agent":  # others say so themselves before conversations are offered to them
                agents.set_presence(connection, account.id, "online", now)
            connection.commit()
        return token

    def _forgive(self, login: Login) -> None:
        """Half a login is no wrong one; without the code, the account's tries still count."""
        with self.database.writing() as connection:
            delay.half_succeeded(connection, Door(login.email, login.address))
            connection.commit()

    def _refused(self, login: Login, account: Account | None) -> Problem:
        self._write_down(login, account, "sign_in_refused", why="password")
        return Problem(401, "Wrong e-mail or password", "The e-mail or the password is wrong.")

    def _write_down(self, login: Login, account: Account | None, operation: str, why: str) -> None:
        """Also of nobody, so that it takes as long."""
        with self.database.writing() as connection:
            known = account.id if account else None
            audit.put(connection, known, operation, None, login.address, time.time(), {"why": why})
            connection.commit()
