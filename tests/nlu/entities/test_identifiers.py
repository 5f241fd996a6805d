import pytest

from tests.nlu.entities.small_shop import values


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("where is #W2378156", ["#W2378156"]),
        ("W2378156 and #k1234567?", ["#W2378156", "#K1234567"]),
        ("my order number is w-2378156", ["#W2378156"]),
        ("it's W 237 8156", ["#W2378156"]),
        ("order 1234567 please", ["1234567"]),
        ("Order number: K7710032, surname Okafor", ["#K7710032"]),
        ("订单号 1234567 到哪了", ["1234567"]),
        ("单号：Ｗ２３７８１５６", ["#W2378156"]),
        ("订单K4821907取消掉", ["#K4821907"]),
        ("3345521这个订单不要发了", ["3345521"]),
        ("track #20231188", ["20231188"]),
        ("order 113-1234567-1234567 is late", ["113-1234567-1234567"]),
        ("113-1234567-1234567还没到", ["113-1234567-1234567"]),
        ("order #1042, mia@shop.cn", ["1042"]),
        ("订单1042", ["1042"]),
        ("TB2026111800012到哪了", ["TB2026111800012"]),
        ("订单900000000000000001什么时候到", ["900000000000000001"]),
        ("exchange the scarf from ORD_77A", ["ORD_77A"]),
        ("发票 INV/2026/0077", ["INV/2026/0077"]),
        ("my order is ab-12-99x", ["AB-12-99X"]),
        ("2024-000123 please", ["2024-000123"]),
        ("order placed on 2026-11-18", []),
        ("order 2026-11-18", []),
        ("order 500ml/1000ml bottles", []),
        ("does the WH-1000XM5 fit an iphone-15?", []),
        ("my wechat is anna_88", []),
        ("my phone number is 4155551234", []),
        ("手机号13812345678", []),
        ("8613812345678", []),
        ("card 4111111111111111", []),
        ("Haddad Trading LLC, tax number US12-3456789", []),
        ("税号913301000012345678", []),
        ("卡号6222021234567890123", []),
        ("3-5 days, mid-2024, COVID-19, IMG_2031.jpg", []),
        ("item 7706410293", []),
        ("my card ends in 9513", []),
        ("TX 76104", []),
        ("I paid $1234567", []),
    ],
)
def test_order_numbers_come_out_in_one_spelling(text: str, numbers: list[str]) -> None:
    assert values(text, "order_number") == numbers


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("it's Anna.Lee@Example.com.", "anna.lee@example.com"),
        ("邮箱是mei_1@qq.com谢谢", "mei_1@qq.com"),
        ("anna at mail dot com", "anna@mail.com"),
    ],
)
def test_emails_are_lower_cased(text: str, address: str) -> None:
    assert values(text, "email") == [address]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("电话13812345678", ["+8613812345678"]),
        ("+86 138 1234 5678", ["+8613812345678"]),
        ("phone (415) 555-1234", ["+14155551234"]),
        ("call me on +44 20 7946 0958", ["+442079460958"]),
        ("座机010-62345678", ["+861062345678"]),
        ("order 4155551234", []),
    ],
)
def test_phones_are_international(text: str, numbers: list[str]) -> None:
    assert values(text, "phone") == numbers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("zip 19122", "19122"),
        ("my zip code is 19122-1234", "19122-1234"),
        ("Yusuf Rossi, 19122", "19122"),
        ("postcode sw1a1aa", "SW1A 1AA"),
        ("I live in M5V 3L9", "M5V 3L9"),
        ("邮编是100080", "100080"),
        ("王小明，100080", "100080"),
    ],
)
def test_postcodes_of_four_countries(text: str, code: str) -> None:
    assert values(text, "postcode") == [code]


@pytest.mark.parametrize("text", ["I paid 10001 dollars", "验证码 123456", "I have 20000 points", "12345个"])
def test_a_count_or_a_code_is_no_postcode(text: str) -> None:
    assert values(text, "postcode") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm Yusuf Rossi, zip 19122", "Yusuf Rossi"),
        ("my name is yusuf rossi and my zip is 19122", "Yusuf Rossi"),
        ("Hi, this is Mei Johnson in 10001", "Mei Johnson"),
        ("Yusuf Rossi, 19122", "Yusuf Rossi"),
        ("我叫王小明，邮编100080", "王小明"),
        ("你好我是李雷", "李雷"),
        ("欧阳明，100080", "欧阳明"),
        ("收件人改成张伟", "张伟"),
    ],
)
def test_customers_say_their_name(text: str, name: str) -> None:
    assert values(text, "person") == [name]


@pytest.mark.parametrize(
    "text", ["I'm not happy", "I am still waiting", "我是想退货", "Gift Card", "我叫你们退款", "It's Monday's order"]
)
def test_what_follows_i_am_is_not_always_a_name(text: str) -> None:
    assert values(text, "person") == []
