"""Addresses in one line and in pieces."""

import pytest

from actions.orders.reading.addresses import AddressParts, read_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "445 Maple Drive, Suite 394, Fort Worth, TX 76165, USA",
            ("445 Maple Drive", "Suite 394", "Fort Worth", "TX", "76165", "USA"),
        ),
        (
            "Please change the address to 921 Park Avenue, Suite 892, Chicago, IL, 60612",
            ("921 Park Avenue", "Suite 892", "Chicago", "IL", "60612", ""),
        ),
        ("101 Highway, New York, 10001", ("101 Highway", "", "New York", "", "10001", "")),
        ("20 Main St Springfield IL 62704", ("20 Main St", "", "Springfield", "IL", "62704", "")),
        ("10 Downing Street, London, SW1A 2AA, UK", ("10 Downing Street", "", "London", "", "SW1A 2AA", "UK")),
        ("123 main street", ("123 main street", "", "", "", "", "")),
        ("Suite 641", ("", "Suite 641", "", "", "", "")),
        ("the zip is 76165", ("", "", "", "", "76165", "")),
        ("Dallas, TX 75201", ("", "", "Dallas", "TX", "75201", "")),
        (
            "改成广东省深圳市南山区科技园路1号3栋502 518057",
            ("南山区科技园路1号", "3栋502", "深圳市", "广东省", "518057", "中国"),
        ),
        (
            "寄到北京市朝阳区建国路88号现代城5号楼1203室",
            ("朝阳区建国路88号现代城", "5号楼1203室", "北京市", "北京市", "", "中国"),
        ),
        ("上海市浦东新区世纪大道100号", ("浦东新区世纪大道100号", "", "上海市", "上海市", "", "中国")),
        ("地址换成杭州市西湖区文三路90号，邮编310012", ("西湖区文三路90号", "", "杭州市", "", "310012", "中国")),
        ("邮编200000", ("", "", "", "", "200000", "")),
        ("不对，是4栋602", ("", "4栋602", "", "", "", "")),
        ("where is my order", ("", "", "", "", "", "")),
        ("I want to cancel 2 orders", ("", "", "", "", "", "")),
        ("我想改地址", ("", "", "", "", "", "")),
        ("你们退货要几天", ("", "", "", "", "", "")),
    ],
)
def test_reads_the_parts(text: str, expected: tuple[str, ...]) -> None:
    assert read_address(text) == AddressParts(*expected)


def test_asks_only_for_what_a_parcel_cannot_do_without() -> None:
    assert AddressParts(line1="1 Elm St").missing == ["city", "postcode"]
    assert AddressParts("1 Elm St", "", "Austin", "", "78701").missing == []


def test_later_parts_go_over_earlier_ones() -> None:
    assert AddressParts(line2="Apt 2").over(AddressParts("1 Elm St", "Apt 1")) == AddressParts("1 Elm St", "Apt 2")


@pytest.mark.parametrize(
    ("text", "state", "city", "line1"),
    [
        ("把我的默认收货地址改成江苏省南京市鼓楼区中央路10号，邮编210009", "江苏省", "南京市", "鼓楼区中央路10号"),
        ("换成四川成都高新区天府三街199号", "四川", "成都市", "高新区天府三街199号"),
        ("深圳南山区科技园路1号", "", "深圳市", "南山区科技园路1号"),
        ("上海市浦东新区世纪大道100号环球金融中心3楼 200120", "上海市", "上海市", "浦东新区世纪大道100号环球金融中心"),
        ("4 Privet Drive, Little Whinging, Surrey GU1 1AA, UK", "Surrey", "Little Whinging", "4 Privet Drive"),
    ],
)
def test_finds_the_place(text: str, state: str, city: str, line1: str) -> None:
    found = read_address(text)
    assert (found.state, found.city, found.line1) == (state, city, line1)


@pytest.mark.parametrize("text", ["My name is Mei Patel and my zip code is 76165", "I'm Yara Muller, zip code 85041."])
def test_a_sentence_is_no_state(text: str) -> None:
    found = read_address(text)
    assert (found.city, found.state, found.line1) == ("", "", "")
