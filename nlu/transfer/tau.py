"""What the simulated customers of tau-bench's retail shop want, said by themselves.

Its instructions tell a customer what to want ("Return #W1 via paypal_2: Tea Kettle;", "You want to return …"). The
wishes of the generated tasks get "I want to" before their verb; the stories that people wrote are turned from you to I.
"""

import gzip
import json
import re
from pathlib import Path
from typing import Any

from nlu.errors import DatasetError
from nlu.transfer.mapping import Mapping, bucket
from nlu.transfer.rows import Part, Row

_READS = ("find_", "get_", "list_", "calculate", "think")
_WISH = re.compile(
    r"(?P<before>For #W\d+, |)(?P<verb>Return|Cancel|exchange|modify|change address|change payment)"
    r"(?P<rest> .*?)(?=[.;] (?:For #W|Return #W|Cancel order)|$)",
    re.DOTALL,
)
_ACTIONS = {
    "return": "return_delivered_order_items",
    "cancel": "cancel_pending_order",
    "exchange": "exchange_delivered_order_items",
    "modify": "modify_pending_order_items",
    "change address": "modify_pending_order_address",
    "change payment": "modify_pending_order_payment",
}
_PURSE = re.compile(r"\b(credit_card|gift_card|paypal)_\d+")
_OPTIONS = re.compile(r"\{([^}]*)\}")
_FIRST_PERSON = [
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"\byou are\b", "I am"),
        (r"\byou were\b", "I was"),
        (r"\byou're\b", "I'm"),
        (r"\byou've\b", "I've"),
        (r"\byou'd\b", "I'd"),
        (r"\byou'll\b", "I'll"),
        (r"\byours\b", "mine"),
        (r"\byourself\b", "myself"),
        (r"\byour\b", "my"),
        (r"\b(to|for|with|by|from|of|asks?|gives?|tells?|lets?|sent|refunds?|helps?) you\b", r"\1 me"),
        (r"\byou\b", "I"),
        (r"\bthe (?:customer service )?agent\b", "you"),
    )
]


def read_wishes(data: Path, _: Mapping) -> list[Row]:
    """Each wish of each generated task, one a row."""
    return [row for task in _tasks(data / "tau_bench_retail" / "tasks_v1_train.jsonl.gz") for row in _wishes(task)]


def read_stories(data: Path, _: Mapping) -> list[Row]:
    """Each written task's whole reason for calling, with all that is right to do about it."""
    return [
        Row(first_person(task["user_scenario"]["instructions"]["reason_for_call"]), done, _part(str(task["id"])))
        for task in _tasks(data / "tau_bench_retail" / "tasks_tau2.jsonl.gz")
        if (done := _done(task["evaluation_criteria"]["actions"]))
    ]


def first_person(story: str) -> str:
    """An instruction to a customer as the customer's own words."""
    for pattern, said in _FIRST_PERSON:
        story = pattern.sub(said, story)
    return " ".join(story.split())


def _wishes(task: dict[str, Any]) -> list[Row]:
    done = _done(task["actions"])
    rows = []
    for wish in _WISH.finditer(task["instruction"]):
        action = _ACTIONS[wish["verb"].lower()]
        if action in done:
            said = f"{wish['before']}I want to {wish['verb'].lower()}{wish['rest']}"
            rows.append(Row(_plain(said), (action,), _part(task["user_id"])))
    return rows


def _plain(said: str) -> str:
    said = _PURSE.sub(lambda found: found[1].replace("_", " "), said)
    said = _OPTIONS.sub(lambda found: ", ".join(re.findall(r": '([^']*)'", found[1])), said)
    return " ".join(said.split()).strip(" ;.")


def _done(actions: list[dict[str, Any]]) -> tuple[str, ...]:
    """The names of the actions that write, each once, in order."""
    return tuple(dict.fromkeys(action["name"] for action in actions if not action["name"].startswith(_READS)))


def _part(key: str) -> Part:
    return "look" if bucket(key, 2) == 0 else "test"


def _tasks(file: Path) -> list[dict[str, Any]]:
    if not file.is_file():
        raise DatasetError(f"{file} is missing; --data names the folder that holds it")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
