"""Label selectors: compiled to tests of labels, with the labels that whatever they select must have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Labels = Mapping[str, str]
Test = Callable[[Labels], bool]

Need = tuple[str, str | None]
"""A label (key, value), or a key with any value (key, None)."""

Choice = tuple[Need, ...]
"""Alternatives: whatever is selected has at least one of them."""


@dataclass(frozen=True, slots=True)
class Selector:
    """`test` decides; `everything` where it takes all labels. Each of `choices` can serve an index: whatever is
    selected fulfils every one of them. It is empty where nothing of the kind is known."""

    test: Test
    choices: tuple[Choice, ...] = ()
    everything: bool = False


class SelectorError(ValueError):
    """A selector that its controller would refuse; the message completes "unknown, since ..."."""


EVERYTHING = Selector(lambda _labels: True, everything=True)
NOTHING = Selector(lambda _labels: False, choices=((),))


def all_of(selectors: list[Selector]) -> Selector:
    """What every one of `selectors` takes."""
    narrow = [selector for selector in selectors if not selector.everything]
    if not narrow:
        return EVERYTHING
    if len(narrow) == 1:
        return narrow[0]
    tests = [selector.test for selector in narrow]
    choices = tuple(choice for selector in narrow for choice in selector.choices)
    return Selector(lambda labels: all(test(labels) for test in tests), choices)


def any_of(selectors: list[Selector]) -> Selector:
    """What at least one of `selectors` takes."""
    if any(selector.everything for selector in selectors):
        return EVERYTHING
    tests = [selector.test for selector in selectors]
    choices: tuple[Choice, ...] = ()
    if all(selector.choices for selector in selectors):
        choices = (tuple(need for selector in selectors for need in selector.choices[0]),)
    return Selector(lambda labels: any(test(labels) for test in tests), choices)


def negated(selector: Selector) -> Selector:
    """What `selector` does not take."""
    test = selector.test
    return NOTHING if selector.everything else Selector(lambda labels: not test(labels))


def has_label(key: str, value: str) -> Selector:
    """Labels with this key and value."""
    return Selector(lambda labels: labels.get(key) == value, (((key, value),),))


def has_one_of(key: str, values: list[str]) -> Selector:
    """Labels with this key and one of these values."""
    allowed = frozenset(values)
    return Selector(lambda labels: labels.get(key) in allowed, (tuple((key, value) for value in sorted(allowed)),))


def has_key(key: str) -> Selector:
    """Labels with this key."""
    return Selector(lambda labels: key in labels, (((key, None),),))


def label_selector(value: Any, rename: Callable[[str], str] = str) -> Selector:
    """A LabelSelector of Kubernetes (`matchLabels`, `matchExpressions`). `rename` turns keys as written into label
    keys. An empty selector takes everything. Raises SelectorError."""
    if not isinstance(value, dict):
        raise SelectorError("the selector is no mapping")
    parts: list[Selector] = []
    labels = value.get("matchLabels")
    if labels is not None:
        parts += _equalities(labels, rename)
    expressions = value.get("matchExpressions")
    if expressions is not None:
        if not isinstance(expressions, list):
            raise SelectorError("matchExpressions is no list")
        parts += [_expression(expression, rename) for expression in expressions]
    return all_of(parts)


def plain_selector(value: Any) -> Selector:
    """The selector of a Service: a mapping of labels. Raises SelectorError."""
    return all_of(_equalities(value, str))


def _equalities(labels: Any, rename: Callable[[str], str]) -> list[Selector]:
    if not isinstance(labels, dict):
        raise SelectorError("the labels to match are no mapping")
    parts = []
    for key, value in labels.items():
        if value is not None and not isinstance(value, str):
            raise SelectorError("a label to match is no text")
        parts.append(has_label(rename(key), value or ""))
    return parts


def _expression(expression: Any, rename: Callable[[str], str]) -> Selector:
    if not isinstance(expression, dict):
        raise SelectorError("an item of matchExpressions is no mapping")
    key, operator, values = expression.get("key"), expression.get("operator"), expression.get("values") or []
    if not isinstance(key, str) or not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise SelectorError("an item of matchExpressions needs a key and a list of texts")
    key = rename(key)
    if operator == "In" and values:
        return has_one_of(key, values)
    if operator == "NotIn" and values:
        return negated(has_one_of(key, values))
    if operator == "Exists" and not values:
        return has_key(key)
    if operator == "DoesNotExist" and not values:
        return negated(has_key(key))
    raise SelectorError("an item of matchExpressions has no operator that fits its values")
