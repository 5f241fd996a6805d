"""Complaint 10. With a person it is a real chat: both sides write as often as they like, in order, and see it all."""

from tests.bot.handoff.shop_floor import Floor


async def test_both_sides_write_as_often_as_they_like(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.take, anna)
    for number in range(5):
        await floor.says(f"question {number}")
        await floor.says(f"and another {number}")
        await floor.does(floor.desk.say, anna, f"answer {number}")
        await floor.does(floor.desk.say, anna, f"and one more {number}")
    talk = [line for line in floor.stream() if " you" not in line.casefold()][-20:]
    assert talk == [
        line
        for number in range(5)
        for line in (
            f"user: question {number}",
            f"user: and another {number}",
            f"agent: answer {number}",
            f"agent: and one more {number}",
        )
    ]


async def test_what_was_said_with_the_person_stays_in_the_record(floor: Floor) -> None:
    anna = floor.agent("Anna")
    await floor.says("person")
    await floor.does(floor.desk.say, anna, "what is it about?")
    await floor.says("my lamp")
    await floor.does(floor.desk.hand_back, anna)
    said = [(event["event"], event["text"]) for event in floor.events() if event["event"] in ("user", "agent")]
    assert said == [("user", "person"), ("agent", "what is it about?"), ("user", "my lamp")]
    assert [event["agent"] for event in floor.events() if event["event"] == "agent"] == ["Anna"]
