from bot.cli.serve import ways_in
from bot.console.login.demo import AGENTS, PASSWORD
from bot.settings import Settings


def test_in_the_demo_shop_it_says_where_everything_is_and_as_whom() -> None:
    said = "\n".join(ways_in(Settings(demo=True, port=8123)))
    assert "http://127.0.0.1:8123/\n" in said and "http://127.0.0.1:8123/console/" in said
    assert AGENTS[0].email in said and PASSWORD in said


def test_a_real_shop_is_told_no_password() -> None:
    said = "\n".join(ways_in(Settings(port=8123)))
    assert "/console/" in said and PASSWORD not in said and "@" not in said
