"""Which Dockerfiles have a health check in the stage that is built."""

from __future__ import annotations

import pytest

from scanner.sources.compose.dockerfiles import has_health_check

STAGES = """
FROM node:22 AS base
HEALTHCHECK CMD curl -f http://localhost/

FROM base AS off
HEALTHCHECK NONE

FROM --platform=linux/amd64 base AS final
COPY . .
"""


@pytest.mark.parametrize(
    ("dockerfile", "target", "expected"),
    [
        ("FROM nginx\nHEALTHCHECK CMD curl -f http://localhost/", "", True),
        ("FROM nginx\nhealthcheck --interval=5s \\\n  --timeout=3s \\\n  # why\n  CMD true\n", "", True),
        ("FROM nginx\n# HEALTHCHECK CMD curl\n", "", False),
        ("FROM nginx\nHEALTHCHECK CMD x\nHEALTHCHECK NONE\n", "", False),
        ("FROM nginx\nRUN echo HEALTHCHECK CMD x\n", "", False),
        ("FROM a\nHEALTHCHECK CMD x\nFROM b\n", "", False),
        ("FROM a\nHEALTHCHECK CMD x\nFROM b\n", "0", True),
        ("FROM a\nFROM 0\nHEALTHCHECK CMD x\n", "", True),
        (STAGES, "", True),
        (STAGES, "base", True),
        (STAGES, "OFF", False),
        (STAGES, "final", True),
        ("", "", False),
    ],
)
def test_has_health_check(dockerfile: str, target: str, expected: bool) -> None:
    assert has_health_check(dockerfile, target) is expected
