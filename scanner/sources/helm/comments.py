"""The comments of templates, which may be YAML's or the language's own, so that suppressions work in them."""

from __future__ import annotations

import re

from scanner.core.document import Comment, SourceText

_COMMENT = re.compile(r"\{\{-?\s*/\*\s*#?(?P<template>.*?)\*/\s*-?\}\}|(?:^|(?<=\s))#(?P<yaml>.*)")


class TemplateText:
    """A template's text in the part of a Document that suppressions read. Lines are those of the file."""

    index = 0

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.source = SourceText(text)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments that stand on one line each, in order."""
        found = []
        for number, line in enumerate(self.source.text.split("\n"), 1):
            if "groundrule" not in line:
                if line.lstrip().startswith("#"):
                    column = line.index("#")
                    found.append(Comment(number, column + 1, line[column:].rstrip(), True))
                continue
            match = _COMMENT.search(line)
            if match is not None:
                inner = match["template"] if match["template"] is not None else match["yaml"]
                alone = not line[: match.start()].strip() and not line[match.end() :].strip()
                found.append(Comment(number, match.start() + 1, f"# {inner.strip()}", alone))
        return tuple(found)
