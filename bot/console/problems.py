"""Every error leaves as problem+json (RFC 9457), and says nothing of the inside."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot.problem import Problem

CLIENT_CLOSED_REQUEST = 499
"""Nobody reads it; but it is no error of ours, and not one for the log."""

DESCRIBED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem, in the terms of RFC 9457",
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "errors": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                            },
                        },
                    },
                }
            }
        },
    }
}
"""For OpenAPI: what every route answers when it does not answer."""


def add_handlers(app: FastAPI) -> None:
    async def problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return answer(error)

    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = [
            {"field": ".".join(map(str, e["loc"][1:])) or "body", "message": str(e["msg"])} for e in error.errors()
        ]
        if any(e["type"] == "json_invalid" for e in error.errors()):
            return answer(Problem(400, "Malformed JSON", "The body is not JSON."))
        detail = " ".join(f"{e['field']}: {e['message']}." for e in errors)
        return answer(Problem(422, "Unprocessable request", detail, errors))

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return answer(Problem(error.status_code, str(error.detail), str(error.detail)))

    async def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=CLIENT_CLOSED_REQUEST)

    async def out_of_range(_request: Request, _error: Exception) -> JSONResponse:
        return answer(Problem(422, "Unprocessable request", "A number, date or character in it is out of range."))

    async def unexpected(_request: Request, _error: Exception) -> JSONResponse:
        return answer(Problem(500, "Internal error", "Something went wrong on our side; the log has the details."))

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(ClientDisconnect, gone)
    for error in (OverflowError, DataError):  # SQLite says it of numbers, PostgreSQL of text with a NUL, too
        app.add_exception_handler(error, out_of_range)
    app.add_exception_handler(Exception, unexpected)


def answer(problem: Problem) -> JSONResponse:
    return JSONResponse(problem.body(), problem.status, media_type="application/problem+json")
