"""A comparison of two scans as text, as json, and as a message of bounded length for a chat or an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scanner import __version__
from scanner.core.comparison import Comparison, Result
from scanner.core.location import Location
from scanner.core.result import SEVERITIES, ResourceRef
from scanner.report.json_text import json_text
from scanner.report.markdown import MARKS, code, plain
from scanner.report.printable import one_line
from scanner.report.view import resource_label

_LISTS = frozenset({"new", "not_comparable", "fixed", "accepted", "unchanged"})
_LONGEST_ITEM = 600
"""Characters of one finding in a message."""


def counts(comparison: Comparison) -> dict[str, int]:
    """How many findings became what."""
    return {
        "new": len(comparison.new),
        "not_comparable": len(comparison.incomparable),
        "fixed": len(comparison.fixed),
        "accepted": len(comparison.accepted),
        "unchanged": len(comparison.unchanged),
    }


def as_json(comparison: Comparison) -> str:
    """Whole results under `new`, `fixed`, `unchanged` and `accepted`; under `not_comparable` with the reason."""
    severities = Counter(each["severity"] for each in comparison.new)
    body = {
        "tool": "groundrule",
        "version": __version__,
        "summary": counts(comparison) | {"new_by_severity": {each: severities[each] for each in SEVERITIES}},
        "notes": comparison.notes,
        "new": comparison.new,
        "not_comparable": [
            {"reason": each.reason, "ordinary": each.ordinary, "result": each.result}
            for each in comparison.incomparable
        ],
        "fixed": comparison.fixed,
        "accepted": comparison.accepted,
        "unchanged": comparison.unchanged,
    }
    return json_text(body, _LISTS) + "\n"


def as_text(comparison: Comparison, *, show_unchanged: bool = False) -> str:
    """For people: each finding with its place; what is unchanged only on request."""
    return "".join(f"{line}\n" for line in _text_lines(comparison, show_unchanged=show_unchanged))


def _text_lines(comparison: Comparison, *, show_unchanged: bool) -> Iterator[str]:
    groups = [("new", comparison.new), ("fixed", comparison.fixed), ("accepted", comparison.accepted)]
    if show_unchanged:
        groups.append(("unchanged", comparison.unchanged))
    for heading, results in groups:
        for result in results:
            yield f"{heading}: {_place(result)}: {result['severity']} {one_line(result['rule'])}"
            yield f"    {_label(result)}: {one_line(result['message'])}"
    for each in comparison.incomparable:
        yield f"not comparable: {_place(each.result)}: {each.result['severity']} {one_line(each.result['rule'])}"
        yield f"    {_label(each.result)}: {one_line(each.reason)}"
    for note in comparison.notes:
        yield f"note: {one_line(note)}"
    yield _summary(comparison)


def _summary(comparison: Comparison) -> str:
    parts = [f"{number:,} {name.replace('_', ' ')}" for name, number in counts(comparison).items()]
    return ", ".join(parts)


def as_markdown(comparison: Comparison, most: int) -> str:
    """A message of at most `most` characters: counts, then what is new, what cannot be compared and what is fixed.

    What does not fit is counted in its last line. Line breaks, marks, links and mentions in texts stay texts.
    """
    head = ["**groundrule**: " + _summary(comparison)]
    severities = Counter(each["severity"] for each in comparison.new)
    if comparison.new:
        head.append(
            "New: " + ", ".join(f"{MARKS[name]} {severities[name]} {name}" for name in SEVERITIES if severities[name])
        )
    head += [f"Note: {_cut(plain(note))}" for note in comparison.notes]
    groups: list[tuple[str, list[str]]] = [
        ("New", [_item(each) for each in comparison.new]),
        ("Not comparable", [_item(each.result, each.reason) for each in comparison.incomparable]),
        ("Fixed", [_item(each) for each in comparison.fixed]),
    ]
    return _bounded(head, groups, most)


def _bounded(head: list[str], groups: list[tuple[str, list[str]]], most: int) -> str:
    """As many whole lines as fit into `most` characters with the line that counts the others."""
    lines: list[str] = []
    size, left = 0, sum(len(items) for _, items in groups)
    room = most - len(_left_over(left))
    for line in head:
        if size + len(line) + 1 > room:
            break
        lines.append(line)
        size += len(line) + 1
    for heading, items in groups:
        title = f"\n**{heading}**"
        for number, item in enumerate(items):
            new = [title, item] if number == 0 else [item]
            length = sum(len(each) + 1 for each in new)
            if size + length > room:
                return "\n".join(lines) + "\n" + _left_over(left)
            lines += new
            size += length
            left -= 1
    return "\n".join(lines) + "\n"


def _left_over(number: int) -> str:
    return f"\n**Cut here: {number:,} more {'finding is' if number == 1 else 'findings are'} in the other formats.**\n"


def _item(result: Result, reason: str = "") -> str:
    text = _cut(plain(reason or result["message"]))
    return f"- {MARKS[result['severity']]} {result['severity']} {code(result['rule'])} {plain(_label(result))}: {text}"


def _cut(text: str) -> str:
    """`text` without what is too long for a message, and without half of a reference at its end."""
    if len(text) <= _LONGEST_ITEM:
        return text
    text = text[:_LONGEST_ITEM]
    begun = text.rfind("&#")
    return (text[:begun] if begun > _LONGEST_ITEM - 8 and ";" not in text[begun:] else text) + " …"


def _label(result: Result) -> str:
    resource = result["resource"]
    names = ("type", "name", "namespace", "account", "region")
    reference = ResourceRef(**{name: resource[name] for name in names})
    return one_line(resource_label(reference))


def _place(result: Result) -> str:
    location = result["location"]
    return one_line(str(Location(location["path"], location["line"])))
