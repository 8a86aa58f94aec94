"""Kubernetes quantities against what k8s.io/apimachinery made of the same texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.core.quantity import millis, units

TABLE = json.loads(Path(__file__).with_name("quantities.json").read_text())
"""Text, Value() and MilliValue() of resource.ParseQuantity (null: refused, or past 64 bits)."""


@pytest.mark.parametrize(("text", "whole", "thousandths"), TABLE)
def test_reference(text: str, whole: int | None, thousandths: int | None) -> None:
    if whole is None:
        with pytest.raises(ValueError, match="not a quantity"):
            units(text)
        return
    assert units(text) == whole
    if thousandths is not None:
        assert millis(text) == thousandths


def test_table_holds_both_kinds() -> None:
    refused = sum(whole is None for _, whole, _ in TABLE)
    assert 20 < refused < len(TABLE) - 250


@pytest.mark.parametrize(
    ("text", "whole", "thousandths"),
    [
        ("10Ei", 2**63 - 1, (2**63 - 1) * 1000),
        ("1e9999", 2**63 - 1, (2**63 - 1) * 1000),
        ("-1e9999", 1 - 2**63, (1 - 2**63) * 1000),
        ("1e-9999", 1, 1),
        ("0e9999", 0, 0),
        ("0.5", 1, 500),
    ],
)
def test_extremes(text: str, whole: int, thousandths: int) -> None:
    assert (units(text), millis(text)) == (whole, thousandths)


@pytest.mark.parametrize(("number", "thousandths"), [(2, 2000), (0.1, 100), (1e21, (2**63 - 1) * 1000), (1e-07, 1)])
def test_plain_numbers(number: float, thousandths: int) -> None:
    assert millis(number) == thousandths


def test_a_long_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        units("1" * 100_000)


@given(st.text(alphabet="0123456789.+-eEinumkKMGTP", max_size=12))
def test_never_another_error(text: str) -> None:
    try:
        amount = units(text)
    except ValueError:
        return
    assert abs(amount) <= 2**63 - 1
    assert (amount - 1) * 1000 <= millis(text) <= (amount + 1) * 1000
