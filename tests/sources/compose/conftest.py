"""Options of the comparison with compose-config.

They are known to runs that name this folder: `pytest tests/sources/compose --record-compose`.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record-compose", action="store_true", help="write what compose-config makes of cases/*.yaml as expected"
    )
    parser.addoption("--compose-seed", type=int, help="compare only the generated project of this seed")
