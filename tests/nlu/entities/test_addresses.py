import pytest

from tests.nlu.entities.small_shop import entities


@pytest.mark.parametrize(
    ("text", "details"),
    [
        (
            "please ship to 1234 Elm Street, Suite 641, Fort Worth, TX 76104, USA",
            {
                "address1": "1234 Elm Street",
                "address2": "Suite 641",
                "city": "Fort Worth",
                "state": "TX",
                "country": "USA",
                "zip": "76104",
            },
        ),
        (
            "change my address to 101 Highway, New York, NY 10001",
            {"address1": "101 Highway", "city": "New York", "state": "NY", "country": "USA", "zip": "10001"},
        ),
        (
            "I moved to 15 Maple Ave Apt 4B, Boston, MA 02118.",
            {
                "address1": "15 Maple Ave",
                "address2": "Apt 4B",
                "city": "Boston",
                "state": "MA",
                "country": "USA",
                "zip": "02118",
            },
        ),
        ("22 Baker Street, London NW1 6XE", {"address1": "22 Baker Street", "city": "London", "zip": "NW1 6XE"}),
        (
            "改成北京市朝阳区建国路88号3号楼502室，邮编100022",
            {
                "address1": "朝阳区建国路88号3号楼502室",
                "city": "北京市",
                "state": "北京市",
                "country": "中国",
                "zip": "100022",
            },
        ),
        (
            "地址改到广东省深圳市南山区科技园路12号",
            {"address1": "南山区科技园路12号", "city": "深圳市", "state": "广东省", "country": "中国"},
        ),
        (
            "现在住在成都武侯区天府三街88号，帮忙改下",
            {"address1": "武侯区天府三街88号", "city": "成都", "country": "中国"},
        ),
    ],
)
def test_addresses_come_apart(text: str, details: dict[str, str]) -> None:
    (address,) = entities(text, "address")
    assert address.details == details


@pytest.mark.parametrize("text", ["3 days on the road", "2 lamps and 1 drive", "一路都没更新", "我要2号楼上的那个"])
def test_a_road_in_passing_is_no_address(text: str) -> None:
    assert entities(text, "address") == []
