import pytest

from bot.rating.words import ANSWERS, question, score_of


@pytest.mark.parametrize(
    ("text", "score"),
    [
        *(("5", 5), ("４", 4), ("3.", 3), ("(2)", 2), ("five", 5), ("五", 5), ("两分", 2), ("五星好评", 5)),
        *(("⭐⭐⭐⭐", 4), ("★★", 2), ("⭐️⭐️⭐️", 3), ("5 stars!", 5), ("4/5", 4), ("3 out of 5", 3), ("打5分", 5)),
        *(("great", 5), ("Great, thanks!", 5), ("good", 4), ("okay", 3), ("bad", 1), ("👍", 5), ("👎", 1)),
        *(("很满意，谢谢", 5), ("满意", 4), ("一般", 3), ("不满意", 2), ("差评", 1), ("非常满意！😊", 5), ("👍🏻", 5)),
    ],
)
def test_the_next_message_is_read_as_a_score(text: str, score: int) -> None:
    assert score_of(text, is_next=True) == score


@pytest.mark.parametrize(
    "text",
    [
        *("6", "0", "55", "10/10", "⭐⭐⭐⭐⭐⭐", "thanks", "谢谢", "", "  ", "?", "no", "没有了"),
        *("2 of them please", "good, but where is my refund?", "great, one more thing", "order 5 of those", "五件"),
        *("满意，不过什么时候发货？", "I want 5 stars hotel", "#W5", "第二个", "5 days", "5天"),
    ],
)
def test_whatever_says_more_than_a_score_is_a_message(text: str) -> None:
    assert score_of(text, is_next=True) is None


@pytest.mark.parametrize("text", ["5", "五", "great", "满意", "good", "👍", "two"])
def test_what_may_answer_another_question_is_no_score_later(text: str) -> None:
    assert score_of(text, is_next=False) is None


@pytest.mark.parametrize(("text", "score"), [("5 stars", 5), ("⭐⭐", 2), ("4/5", 4), ("3分", 3), ("四颗星", 4)])
def test_what_cannot_be_meant_otherwise_is_a_score_later_too(text: str, score: int) -> None:
    assert score_of(text, is_next=False) == score


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_answer_is_understood_as_button_as_number_and_as_words(language: str) -> None:
    asked = question(language, "Anna", is_of_person=True)
    assert "Anna" in str(asked.text)
    for number, button in enumerate(asked.buttons, 1):
        assert button.title == button.payload == ANSWERS[language][number - 1], "it is shown as the customer's words"
        assert str(number) in button.title, "a numbered list shows the score itself"
        assert score_of(button.payload, is_next=False) == number
    assert len(asked.buttons) == 5


def test_without_a_name_the_team_is_asked_about() -> None:
    assert "our team" in str(question("en", None, is_of_person=True).text)
    assert "我们同事" in str(question("zh", None, is_of_person=True).text)
