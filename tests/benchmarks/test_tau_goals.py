"""What the customers of tau-bench's tasks know is worked out from the tasks, and said in words only."""

import random
import re
from pathlib import Path

from benchmarks.tau import rounds
from benchmarks.tau_customer import Customer
from benchmarks.tau_goals import Item, errand_of, owner_of
from benchmarks.tau_tasks import read_records, read_tasks
from benchmarks.tau_words import item_name, one_with, swaps


def test_every_task_has_an_errand(tau_bench: Path) -> None:
    records, tasks = read_records(tau_bench), read_tasks(tau_bench)
    errands = {task.task_id: errand_of(task, records) for task in tasks}
    assert len(errands) == 74
    assert all(len(errands[task.task_id].goals) == len(task.writes) for task in tasks if task.writes)
    assert all(errands[task.task_id].goals[-1].is_taken_back for task in tasks if not task.writes)


def test_the_first_task_is_told_as_a_customer_would(tau_bench: Path) -> None:
    records = read_records(tau_bench)
    errand = errand_of(read_tasks(tau_bench)[0], records)
    assert errand.proofs[0].full_name == "Yusuf Rossi"
    assert errand.proofs[0].zip_code == "19122"
    assert swaps(errand.goals[0]) == (
        "the mechanical keyboard for one with clicky switches and without a backlight"
        " and the smart thermostat for one compatible with Google Assistant"
    )


def test_wrong_zip_codes_are_tried_in_the_tasks_order(tau_bench: Path) -> None:
    task = next(task for task in read_tasks(tau_bench) if task.task_id == "67")
    errand = errand_of(task, read_records(tau_bench))
    assert [proof.zip_code for proof in errand.proofs] == ["98178", "98186", "98187"]


def test_no_customer_speaks_of_an_item_id(tau_bench: Path) -> None:
    records = read_records(tau_bench)
    for task in read_tasks(tau_bench):
        opening = Customer(errand_of(task, records), random.Random(1)).opening()
        assert not re.search(r"\d{8}", opening)


def test_a_round_has_each_customer_once_and_all_rounds_every_task(tau_bench: Path) -> None:
    records, tasks = read_records(tau_bench), read_tasks(tau_bench)
    together = rounds(tasks, records)
    for group in together:
        owners = [owner_of(task, records)["user_id"] for task in group]
        assert len(set(owners)) == len(owners)
    assert sorted(task.task_id for group in together for task in group) == sorted(task.task_id for task in tasks)


def test_one_of_two_of_a_kind_is_told_from_the_other() -> None:
    board = Item(
        "Skateboard", {"length": "28 inch", "design": "plain"}, {}, ({"length": "31 inch", "design": "plain"},)
    )
    assert item_name(board) == "the skateboard 28 inch long"


def test_a_variant_is_named_as_people_do() -> None:
    options = {"color": "purple", "material": "polyester"}
    assert one_with(options) == "one in purple and made of polyester"
    assert one_with(options, in_front=True) == "the purple polyester one"
    assert one_with({"waterproof": "no"}, in_front=True) == "one that isn't waterproof"
