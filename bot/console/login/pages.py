"""Signing in and out, one's own password and second factor, over HTTP."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.console import audit
from bot.console.login import accounts, demo, second_factor, sessions
from bot.console.login.access import COOKIE, Access, SignedIn, address_of
from bot.console.login.accounts import Account
from bot.console.login.sessions import Ended, Session
from bot.console.login.signing_in import Locked, Login, SigningIn
from bot.console.metrics import Outcome
from bot.console.people import me
from bot.console.problems import answer
from bot.problem import Problem

LONG = 300
NOTHING = 204


class LoginForm(BaseModel):
    email: str = Field(max_length=LONG)
    password: str = Field(max_length=LONG)
    code: str = Field(default="", max_length=40)


class PasswordForm(BaseModel):
    current: str = Field(max_length=LONG)
    new: str = Field(max_length=LONG)


class Confirmation(BaseModel):
    password: str = Field(max_length=LONG)


class CodeForm(BaseModel):
    code: str = Field(max_length=40)


@dataclass(frozen=True)
class Hall:
    """Where people come in: what the routes below share. `on_end` hears of each session that ends."""

    access: Access
    signing_in: SigningIn
    on_end: Callable[[str], None]
    on_people: Callable[[], None]
    """Hears that somebody came or went."""
    count: Callable[[Outcome], None]

    def account(self, session: Session) -> Account:
        with self.access.database.read() as connection:
            return accounts.find(connection, session.person.id)

    def known(self, session: Session) -> dict[str, Any]:
        with self.access.database.read() as connection:
            return {"me": me(connection, session.person.id), "csrf": session.csrf}

    def why_over(self, request: Request) -> Ended | None:
        """Why the browser's session is none any more; None for a browser that brings none."""
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        with self.access.database.read() as connection:
            return sessions.why_over(connection, sessions.session_id(token))


def router(hall: Hall) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api")
    access, signing_in, database = hall.access, hall.signing_in, hall.access.database

    @routes.get("/session", summary="Who is signed in, if anybody")
    def who(request: Request) -> dict[str, Any]:
        session = access.session_of(request)
        known = hall.known(session) if session else {"me": None, "csrf": None}
        why = None if session else hall.why_over(request)
        return {**known, "ended": why, "demo": demo.shown() if signing_in.is_demo else None}

    @routes.post("/session", summary="Sign in")
    def sign_in(request: Request, form: LoginForm) -> Response:
        access.refuse_foreign(request)
        browser = request.headers.get("user-agent", "")
        login = Login(form.email, form.password, form.code, address_of(request), browser)
        try:
            token = signing_in.sign_in(login)
        except Problem as problem:
            return _refused(hall, problem)
        if token is None:
            return JSONResponse({"code_needed": True})
        hall.count("in")
        hall.on_people()
        _end(hall, access.session_of(request))  # whoever was signed in here before
        return _let_in(hall, token, request)

    @routes.delete("/session", status_code=NOTHING, summary="Sign out here")
    def sign_out(session: SignedIn, request: Request) -> Response:
        _end(hall, session)
        hall.on_people()
        return _without_cookie(access, request)

    @routes.delete("/sessions", status_code=NOTHING, summary="Sign out everywhere")
    def sign_out_everywhere(session: SignedIn, request: Request) -> Response:
        with database.writing() as connection:
            now = time.time()
            ended = sessions.end_all(connection, session.person.id, now)
            audit.write(connection, session.person, "sign_out_everywhere", None, now, sessions=len(ended))
            connection.commit()
        for one in ended:
            hall.on_end(one)
        return _without_cookie(access, request)

    @routes.get("/sessions", summary="Where one is signed in")
    def own_sessions(session: SignedIn) -> list[dict[str, Any]]:
        with database.read() as connection:
            found = sessions.of_agent(connection, session.person.id)
        return [{**one, "id": str(one["id"])[:12], "is_this": one["id"] == session.id} for one in found]

    @routes.post("/password", status_code=NOTHING, summary="Change one's password")
    def change_password(session: SignedIn, form: PasswordForm) -> None:
        ended = signing_in.change_password(hall.account(session), form.current, form.new, session.person)
        for one in ended:
            hall.on_end(one)

    @routes.post("/totp", summary="Prepare the second factor")
    def prepare_second_factor(session: SignedIn, form: Confirmation) -> dict[str, str]:
        account = hall.account(session)
        signing_in.check_password(session.person, form.password)
        if account.has_totp:
            raise Problem(409, "On already", "The second factor is on. Switch it off first to use another device.")
        with database.writing() as connection:
            secret, uri = second_factor.prepare(connection, account.id, account.agent.email)
            connection.commit()
        return {"secret": secret, "uri": uri, "qr_svg": second_factor.picture(uri)}

    @routes.post("/totp/confirm", summary="Switch the second factor on")
    def confirm_second_factor(session: SignedIn, form: CodeForm) -> dict[str, list[str]]:
        now = time.time()
        with database.writing() as connection:
            codes = second_factor.switch_on(connection, session.person.id, form.code, now)
            if codes is None:
                raise Problem(422, "Wrong code", "That is not the code the app shows now. Wait for the next one.")
            audit.write(connection, session.person, "second_factor_on", session.person.id, now)
            connection.commit()
        return {"recovery_codes": codes}

    @routes.post("/totp/off", status_code=NOTHING, summary="Switch the second factor off")
    def switch_second_factor_off(session: SignedIn, form: Confirmation) -> None:
        signing_in.check_password(session.person, form.password)
        with database.writing() as connection:
            second_factor.switch_off(connection, session.person.id)
            audit.write(connection, session.person, "second_factor_off", session.person.id, time.time())
            connection.commit()

    return routes


def _let_in(hall: Hall, token: str, request: Request) -> Response:
    access = hall.access
    with access.database.read() as connection:
        session = sessions.find(connection, token, address_of(request), access.lifetime, time.time())
    assert session is not None, "it was begun just now"
    response = JSONResponse(hall.known(session))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(access.lifetime.longest_seconds),
        path="/console",
        secure=access.is_secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


def _refused(hall: Hall, problem: Problem) -> Response:
    outcomes: dict[str, Outcome] = {"Locked": "locked", "Wrong code": "wrong code"}
    hall.count(outcomes.get(problem.title, "wrong"))
    response = answer(problem)
    if isinstance(problem, Locked):
        response.headers["retry-after"] = str(problem.seconds)
    return response


def _end(hall: Hall, session: Session | None) -> None:
    if session is None:
        return
    with hall.access.database.writing() as connection:
        now = time.time()
        sessions.end(connection, session.id, now)
        audit.write(connection, session.person, "sign_out", None, now)
        connection.commit()
    hall.on_end(session.id)


def _without_cookie(access: Access, request: Request) -> Response:
    response = Response(status_code=NOTHING)
    is_secure = access.is_secure(request)
    response.delete_cookie(COOKIE, path="/console", secure=is_secure, httponly=True, samesite="lax")
    return response
