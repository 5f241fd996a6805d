"""A decision record, told in sentences that a support lead understands."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.dialogue.reasons import Reason

Record = Mapping[str, Any]

FAR = 0.5
"""From this out-of-scope score on it is told."""
WORTH_TELLING = 0.02
"""Less likely meanings are not told."""
NOT_TOLD = frozenset({"requested_slot", "unread", "clarify_request"})
MOODS = {"negative": ("negative", "负面"), "neutral": ("neutral", "平和"), "positive": ("positive", "正面")}
LANGUAGES = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}
POLICIES = {
    "handoff": ("handoff", "转人工"),
    "form": ("form", "办理"),
    "rule": ("rule", "规则"),
    "context": ("context", "上下文"),
    "fallback": ("fallback", "兜底"),
}


def told(record: Record, language: str = "en") -> list[str]:
    """The record (`Decision.to_json()`) as sentences in `language` ("en" or "zh")."""
    is_zh = language == "zh"
    return [
        *_understood(record, is_zh),
        *(_step(step, is_zh) for step in record["steps"]),
        *_actions(record["actions"], is_zh),
        *_forms(record, is_zh),
        *(("注意：" if is_zh else "Note: ") + note for note in record["notes"]),
        _versions(record["versions"], is_zh),
    ]


def _understood(record: Record, is_zh: bool) -> Iterable[str]:
    mood = MOODS[record["sentiment_label"]][is_zh]
    spoken = LANGUAGES[record["language"]][is_zh]
    score = f"{round(record['sentiment_score'], 1) + 0.0:+.1f}".replace("-", "−")  # + 0.0: no minus before a zero
    likely = [guess for guess in record["intents"] if guess["confidence"] >= WORTH_TELLING] or record["intents"][:1]
    guesses = [f"{guess['intent']} {guess['confidence']:.0%}" for guess in likely]
    needed = f"{record['threshold']:.0%}"
    if is_zh:
        yield f"第 {record['turn_number']} 轮：按{spoken}回复，顾客情绪{mood}（{score}）。"
        yield f"意图判断：{'，'.join(guesses)}。把握达到 {needed} 才会按第一个意图办理。"
    else:
        yield f"Turn {record['turn_number']}: answered in {spoken}; the customer sounded {mood} ({score})."
        yield f"What the message could mean: {', '.join(guesses)}. It takes {needed} to follow the first."
    strangeness = record.get("out_of_scope_score") or 0.0
    if strangeness >= FAR:
        degree = f"{strangeness:.2f}"
        yield (
            f"这句话不像业务范围内的问题（{degree}，最高 1）。"
            if is_zh
            else f"It is unlike any intent ({degree} of 1)."
        )
    if record["entities"]:
        found = [f"{entity['kind']} {entity['value']}" for entity in record["entities"]]
        yield f"句中信息：{'，'.join(found)}。" if is_zh else f"Found in it: {', '.join(found)}."


def _step(step: Record, is_zh: bool) -> str:
    why = Reason(step["code"], step["facts"]).text("zh" if is_zh else "en")
    policy = POLICIES[step["policy"]][is_zh]
    if is_zh:
        rule = f"，规则“{step['rule']}”" if step["rule"] else ""
        return f"决定（{policy}{rule}）：{step['action']}。原因：{why}。"
    rule = f', rule "{step["rule"]}"' if step["rule"] else ""
    return f"Decided by {policy}{rule}: {step['action']}, because {why}."


def _actions(runs: Iterable[Record], is_zh: bool) -> Iterable[str]:
    told_already: list[str] = []
    for run in runs:
        if run["name"] in told_already:  # an action said it, and that is told with the action
            told_already.remove(run["name"])
            continue
        told_already.extend(run["responses"] if not run["name"].startswith("utter_") else ())
        yield _action(run, is_zh)


def _action(run: Record, is_zh: bool) -> str:
    if run["failure"]:
        return f"{run['name']} 执行失败：{run['failure']}" if is_zh else f"{run['name']} failed: {run['failure']}"
    if run["name"].startswith("utter_"):
        return f"回复 {run['name']}。" if is_zh else f"Said {run['name']}."
    did = [
        (("，记下 {}", ", noted {}"), _noted(run["slots"], is_zh)),
        (("，接下来问 {}", ", asks for {} next"), run["slots"].get("requested_slot")),
        (("，回复 {}", ", said {}"), ", ".join(run["responses"])),
    ]
    what = "".join(words[not is_zh].format(value) for words, value in did if value)
    return f"执行 {run['name']}{what}。" if is_zh else f"Ran {run['name']}{what}."


def _noted(slots: Mapping[str, Any], is_zh: bool) -> str:
    """What an action remembers; what it forgets, and the engine's own notes, are left out."""
    worth = {name: value for name, value in slots.items() if name not in NOT_TOLD and value not in (None, [], {})}
    return ", ".join(f"{name} = {_short(value, is_zh)}" for name, value in worth.items())


def _short(value: object, is_zh: bool) -> str:
    """A list by its length, a problem by its code."""
    if isinstance(value, list):
        return f"{len(value)} 项" if is_zh else f"{len(value)} entries"
    return str(value.get("code", "…")) if isinstance(value, dict) else str(value)


def _forms(record: Record, is_zh: bool) -> Iterable[str]:
    before, after = record["active_form_before"], record["active_form_after"]
    if before == after:
        if after:
            yield f"{after} 仍在办理。" if is_zh else f"{after} is still open."
        return
    if before:
        yield f"{before} 不再占用对话。" if is_zh else f"{before} no longer holds the floor."
    if after:
        yield f"{after} 正在办理。" if is_zh else f"{after} holds the floor now."


def _versions(versions: Record, is_zh: bool) -> str:
    parts = f"model {versions['model'] or '-'}, assistant {versions['domain']}, code {versions['code'] or '-'}"
    return f"版本：{parts}" if is_zh else f"Versions: {parts}."
