"""Whom an invoice is for."""

import pytest

from actions.orders.reading.invoices import read_tax_number, read_title


@pytest.mark.parametrize(
    ("text", "title", "tax_number"),
    [
        ("make it out to Haddad Trading LLC, tax number US12-3456789", "Haddad Trading LLC", "US12-3456789"),
        ("please bill it to Acme Inc. Tax ID 12-3456789", "Acme Inc", "12-3456789"),
        ("Haddad Trading LLC", "Haddad Trading LLC", None),
        ("company name is Blue Sky Ltd", "Blue Sky Ltd", None),
        ("invoice for Acme Tools, tax id 55-1234567", "Acme Tools", "55-1234567"),
        ("抬头写杭州云栖科技有限公司，税号91330100MA2AXXXX1K", "杭州云栖科技有限公司", "91330100MA2AXXXX1K"),
        ("北京小米科技有限公司 91110108551385082Q", "北京小米科技有限公司", "91110108551385082Q"),
        ("发票开给上海大众公司", "上海大众公司", None),
    ],
)
def test_reads_name_and_number(text: str, title: str, tax_number: str | None) -> None:
    assert read_title(text) == title
    assert read_tax_number(text) == tax_number


@pytest.mark.parametrize(
    "text",
    [
        "I need an invoice for order K3052002",
        "cancel K3052003 and send me the invoice for K3052002",
        "can I get an invoice for my company",
        "yes",
        "开公司抬头",
        "我要开公司的发票",
    ],
)
def test_hears_no_name_where_none_is_said(text: str) -> None:
    assert read_title(text) is None
