"""Fingerprints: stable values, and nothing but the identity in them."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.core.fingerprint import fingerprint

PARTS = st.tuples(*[st.text(max_size=5)] * 5, st.integers(0, 3))


def test_the_value_is_a_promise() -> None:
    """Baselines hold such values: a change here makes every one of them void."""
    assert fingerprint("image-not-pinned", "compose/service", "", "web", "web") == "1db158b6c2ea029535faf9df2f5d30b4"


@settings(deadline=None)
@given(PARTS, PARTS)
def test_only_equal_identities_are_equal(first: tuple, second: tuple) -> None:
    one, other = fingerprint(*first), fingerprint(*second)
    assert re.fullmatch("[0-9a-f]{32}", one)
    assert (one == other) == (first == second)
