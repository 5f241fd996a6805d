"""Running an action by name: in this process, or on any rasa-sdk action server over HTTP.

One of the two doors to rasa_sdk (the other is actions/base.py). Both runners speak rasa-sdk's protocol, so an action
cannot tell which of them called it.
"""

import asyncio
import importlib
import inspect
import logging
import pkgutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import orjson
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.base import ServicesFactory, bound

log = logging.getLogger("kefu.actions")

PROTOCOL_VERSION = "3.1.0"
JSON = {"Content-Type": "application/json"}


class ActionRunnerError(Exception):
    """The root of what a runner raises."""


class ActionNotFound(ActionRunnerError):
    """No action of that name is known where it should run."""


class ActionRejected(ActionRunnerError):
    """The action said that it should not run now (rasa-sdk's ActionExecutionRejection)."""


class ActionFailed(ActionRunnerError):
    """The action raised, took too long, could not be reached or answered in a shape that is not the protocol's."""


@dataclass(frozen=True)
class ActionResult:
    """`events` and `responses` as rasa-sdk writes them, not yet checked."""

    events: list[dict[str, Any]]
    responses: list[dict[str, Any]]


class ActionRunner(Protocol):
    def run(self, name: str, tracker_state: Mapping[str, Any], domain: Mapping[str, Any]) -> ActionResult:
        """Run the action. Raises ActionNotFound, ActionRejected or ActionFailed, and nothing else."""
        ...


class LocalActionRunner:
    """Runs the `rasa_sdk.Action` classes of a package, found by importing its modules once, at construction.

    `services` opens the turn's unit of work; it is bound around every run and called only by an action that needs it.
    A coroutine runs on this thread's own event loop and is cut off after `timeout_seconds`; a plain function is not.
    """

    def __init__(
        self, package: str = "actions", services: ServicesFactory | None = None, timeout_seconds: float = 30.0
    ) -> None:
        self._actions = {action.name(): action for action in _discover(package)}
        self._services = services
        self._timeout_seconds = timeout_seconds
        self._thread = threading.local()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._actions)

    def run(self, name: str, tracker_state: Mapping[str, Any], domain: Mapping[str, Any]) -> ActionResult:
        action = self._actions.get(name)
        if action is None:
            raise ActionNotFound(f"no action '{name}' in this process; it knows {', '.join(sorted(self._actions))}")
        dispatcher = CollectingDispatcher()
        tracker = Tracker.from_dict(tracker_state)
        try:
            with bound(self._services) if self._services else nullcontext():
                events = self._await(action.run(dispatcher, tracker, domain))
        except ActionExecutionRejection as rejection:
            raise ActionRejected(str(rejection)) from rejection
        except TimeoutError as late:
            raise ActionFailed(f"action '{name}' took longer than {self._timeout_seconds:g} s") from late
        except Exception as error:  # an action is anybody's code: whatever it raises becomes one kind of failure
            log.warning("action failed", exc_info=error, extra={"action": name})
            raise ActionFailed(f"action '{name}' raised {type(error).__name__}: {error}") from error
        return ActionResult(list(events or []), dispatcher.messages)

    def _await(self, outcome: Any) -> Any:
        if not inspect.isawaitable(outcome):
            return outcome
        loop = getattr(self._thread, "loop", None)
        if loop is None:
            loop = self._thread.loop = asyncio.new_event_loop()
        return loop.run_until_complete(asyncio.wait_for(outcome, self._timeout_seconds))


class HttpActionRunner:
    """Calls `POST <url>` of a rasa-sdk action server (`url` ends in `/webhook`).

    Only a refused connection is tried again: whatever reached the server may have written something.
    """

    CONNECT_ATTEMPTS = 3
    SECONDS_BETWEEN_ATTEMPTS = 0.2

    def __init__(self, url: str, timeout_seconds: float = 10.0) -> None:
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._client = httpx.Client(timeout=timeout_seconds)

    def close(self) -> None:
        self._client.close()

    def run(self, name: str, tracker_state: Mapping[str, Any], domain: Mapping[str, Any]) -> ActionResult:
        call = {
            "next_action": name,
            "sender_id": tracker_state["sender_id"],
            "tracker": tracker_state,
            "domain": domain,
            "version": PROTOCOL_VERSION,
        }
        try:
            return self._result(name, self._post(name, call))
        except (ActionFailed, ActionNotFound) as error:
            failure = type(error.__cause__ or error).__name__  # the server's own words may hold what a customer wrote
            log.warning("action failed", extra={"action": name, "failure": failure, "action_server": self._url})
            raise

    def _post(self, name: str, call: Mapping[str, Any]) -> httpx.Response:
        try:
            body = orjson.dumps(call, option=orjson.OPT_NON_STR_KEYS)
        except TypeError as error:
            raise ActionFailed(f"the call of action '{name}' cannot be written as JSON: {error}") from error
        for attempt in range(1, self.CONNECT_ATTEMPTS + 1):
            try:
                return self._client.post(self._url, content=body, headers=JSON)
            except httpx.ConnectError as error:
                if attempt == self.CONNECT_ATTEMPTS:
                    raise ActionFailed(f"no action server answers at {self._url}; is it started?") from error
                time.sleep(self.SECONDS_BETWEEN_ATTEMPTS)
            except httpx.TimeoutException as error:
                raise ActionFailed(f"action '{name}' took longer than {self._timeout_seconds:g} s") from error
            except httpx.HTTPError as error:
                raise ActionFailed(f"calling action '{name}' broke off: {error}") from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _result(self, name: str, response: httpx.Response) -> ActionResult:
        if response.status_code == 400:
            raise ActionRejected(_error_of(response) or f"action '{name}' rejected its execution")
        if response.status_code == 404:
            raise ActionNotFound(_error_of(response) or f"the action server at {self._url} has no action '{name}'")
        if response.status_code != 200:
            raise ActionFailed(f"action '{name}' answered {response.status_code}: {_error_of(response)}")
        body = _json(response)
        if not isinstance(body, dict) or not _dicts(body.get("events")) or not _dicts(body.get("responses")):
            raise ActionFailed(
                f"action '{name}' answered without lists 'events' and 'responses'; is it a rasa-sdk server?"
            )
        return ActionResult(body["events"], body["responses"])


def _discover(package: str) -> Iterator[Action]:
    root = importlib.import_module(package)
    seen: dict[str, str] = {}
    for module in pkgutil.walk_packages(root.__path__, prefix=f"{package}."):
        for found in vars(importlib.import_module(module.name)).values():
            if not _is_action(found, module.name):
                continue
            action = found()
            if action.name() in seen:
                raise ActionRunnerError(
                    f"two actions are called '{action.name()}': in {seen[action.name()]} and {module.name}; rename one"
                )
            seen[action.name()] = module.name
            yield action


def _is_action(found: object, module: str) -> bool:
    return (
        isinstance(found, type)
        and issubclass(found, Action)
        and found.__module__ == module
        and not inspect.isabstract(found)
    )


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _error_of(response: httpx.Response) -> str:
    body = _json(response)
    return str(body.get("error", "")) if isinstance(body, dict) else ""


def _dicts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
