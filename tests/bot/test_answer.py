"""Files without words: thanked for; in the midst of a task they belong to it, and its question is asked again."""

from bot.answer import UNREADABLE, Answer
from bot.conversation.events import bot_uttered, paused
from bot.conversation.inbox import Waiting
from bot.conversation.tracker import Tracker
from bot.messages import BotMessage, Button, UserMessage

QUESTION = BotMessage(text="Which item is broken?", buttons=(Button("The mug", "the mug"),))


def answered(tracker: Tracker, problem: str = "files") -> list[BotMessage]:
    message = UserMessage("web", "ann", "", "m1", metadata={"problem": problem})
    answer = Answer.unreadable(Waiting(1, message, "bot", 1, None, None), tracker, problem)
    assert [event["text"] for event in answer.events if event["event"] == "bot"] == [m.text for m in answer.messages]
    return list(answer.messages)


def asked(form: str | None) -> Tracker:
    tracker = Tracker("web:ann", {"language": "en"})
    tracker.apply_all([{"event": "active_loop", "name": form}, bot_uttered(QUESTION, 1.0)])
    return tracker


def test_a_file_in_the_midst_of_a_task_has_its_question_asked_again() -> None:
    assert answered(asked("report_problem_form")) == [BotMessage(text=UNREADABLE["files_in_form"]["en"]), QUESTION]


def test_a_file_otherwise_is_thanked_for() -> None:
    assert answered(asked(None)) == [BotMessage(text=UNREADABLE["files"]["en"])]
    assert answered(asked("report_problem_form"), "empty") == [BotMessage(text=UNREADABLE["empty"]["en"])]


def test_while_a_person_has_the_conversation_nothing_is_said() -> None:
    tracker = asked("report_problem_form")
    tracker.apply(paused(2.0))
    assert answered(tracker) == []
