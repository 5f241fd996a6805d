"""The state after the right actions is what the conversations are measured against."""

from pathlib import Path

from benchmarks.tau_shop import copy_base, make_base, replay, state_of
from benchmarks.tau_tasks import read_tasks


def test_a_replay_changes_the_customers_part_and_nothing_else(tau_bench: Path, tmp_path: Path) -> None:
    base, right = tmp_path / "base.db", tmp_path / "right.db"
    make_base(tau_bench, base)
    copy_base(base, right)
    task = next(task for task in read_tasks(tau_bench) if task.task_id == "113")
    assert replay(right, task.writes, task.sender) == []
    before, after = state_of(base), state_of(right)
    mine = after.part_of("yara_muller_8652", task.sender)
    assert mine.writes == {("cancel_order", "#W5056519"): 1, ("cancel_order", "#W5995614"): 1}
    assert mine.orders["#W5056519"]["cancel_reason"] == "ordered by mistake"
    assert mine != before.part_of("yara_muller_8652", task.sender)
    assert after.part_of("noah_brown_6181", task.sender).orders == before.part_of("noah_brown_6181", "").orders
    assert [line.split(":")[0] for line in after.differences(before)] == ["#W5056519", "#W5995614"]
    assert before.differences(before) == []


def test_what_the_policy_forbids_is_refused_and_changes_nothing(tau_bench: Path, tmp_path: Path) -> None:
    base, right = tmp_path / "base.db", tmp_path / "right.db"
    make_base(tau_bench, base)
    copy_base(base, right)
    task = next(task for task in read_tasks(tau_bench) if task.task_id == "105")
    assert [code for _, code in replay(right, task.writes, task.sender)] == ["gift_card_too_low"]
    assert state_of(right) == state_of(base)
