"""The progress bar: on a terminal only, only for long scans, and gone at the end."""

from __future__ import annotations

import io
import sys

import pytest

from scanner.cli import progress as module
from scanner.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, patience: float) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(module, "_PATIENCE", patience)
    monkeypatch.setenv("TERM", "xterm")
    with progress() as step:
        for done in range(1, 4):
            step(done, 3)
    return stream.getvalue()


def test_a_long_scan_on_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(monkeypatch, Terminal(), 0)
    assert "scanning" in text
    assert "3/3" in text
    assert text.rstrip().endswith("\x1b[2K")  # its line is cleared again


def test_a_short_scan_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, Terminal(), 60) == ""


def test_a_pipe_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, io.StringIO(), 0) == ""
