"""Selectors against tables, and the index of selectors against testing every pair."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.normalize.kubernetes.calico import calico_selector
from scanner.normalize.kubernetes.join import Query, Target, join
from scanner.normalize.kubernetes.selectors import EVERYTHING, Selector, SelectorError, label_selector, plain_selector

WEB = {"app": "web", "tier": "front"}


@pytest.mark.parametrize(
    ("selector", "selects"),
    [
        ({}, True),
        ({"matchLabels": {}}, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "web", "tier": "back"}}, False),
        ({"matchLabels": {"none": ""}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "web"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]}, True),
        ({"matchExpressions": [{"key": "none", "operator": "NotIn", "values": ["a"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "none", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "none", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
        ({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "Exists"}]}, True),
        ({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}, False),
    ],
)
def test_label_selector(selector: dict[str, Any], selects: bool) -> None:
    assert label_selector(selector).test(WEB) is selects
    assert label_selector(selector).everything == (selector in ({}, {"matchLabels": {}}))


@pytest.mark.parametrize(
    "selector",
    [
        "text",
        {"matchLabels": ["app"]},
        {"matchLabels": {"app": 1}},
        {"matchExpressions": {"key": "a"}},
        {"matchExpressions": ["a"]},
        {"matchExpressions": [{"operator": "Exists"}]},
        {"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["1"]}]},
        {"matchExpressions": [{"key": "a", "operator": "In"}]},
        {"matchExpressions": [{"key": "a", "operator": "In", "values": "b"}]},
        {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]},
    ],
)
def test_label_selector_refuses(selector: Any) -> None:
    with pytest.raises(SelectorError):
        label_selector(selector)


@pytest.mark.parametrize(
    ("text", "selects"),
    [
        ("", True),
        ("all()", True),
        ("all ( )", True),
        ("global()", False),
        ("app == 'web'", True),
        ('app=="web"', True),
        ("app == 'back'", False),
        ("none == 'web'", False),
        ("app != 'back'", True),
        ("none != 'back'", True),
        ("app in {'a', 'web'}", True),
        ("app in { }", False),
        ("app not in {'a'}", True),
        ("none not in {'a'}", True),
        ("app not in {'web'}", False),
        ("has(app)", True),
        ("!has(app)", False),
        ("!has(none)", True),
        ("app contains 'e'", True),
        ("none contains 'e'", False),
        ("app starts with 'w'", True),
        ("app ends with 'w'", False),
        ("app  starts   with 'we' && tier == 'front'", True),
        ("app == 'x' || tier == 'front'", True),
        # && binds more strongly than ||.
        ("tier == 'front' || app == 'x' && app == 'y'", True),
        ("(tier == 'front' || app == 'x') && app == 'y'", False),
        ("!(app == 'web') || has(tier)", True),
        ("!!has(app)", True),
        ("in == 'x' || projectcalico.org/namespace == 'y'", None),
    ],
)
def test_calico(text: str, selects: bool | None) -> None:
    if selects is None:
        with pytest.raises(SelectorError):
            calico_selector(text)
        return
    assert calico_selector(text).test(WEB) is selects
    assert calico_selector(text).everything == (text in ("", "all()", "all ( )"))


@pytest.mark.parametrize(
    "text", ["app", "app = 'a'", "app == a", "app == 'a", "(all()", "all() all()", "&& all()", "app in {'a'", "app in {a}", "!", "has()", "@"]
)  # fmt: skip
def test_calico_refuses(text: str) -> None:
    with pytest.raises(SelectorError, match="the selector"):
        calico_selector(text)


def test_calico_bounds() -> None:
    with pytest.raises(SelectorError, match="nested"):
        calico_selector("(" * 5000 + "all()" + ")" * 5000)
    with pytest.raises(SelectorError, match="longer"):
        calico_selector("a" * 30_000)


KEYS, VALUES = st.sampled_from("abc"), st.sampled_from("xyz")
LABELS = st.dictionaries(KEYS, VALUES)
EXPRESSIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "key": KEYS,
            "operator": st.sampled_from(["In", "NotIn"]),
            "values": st.lists(VALUES, min_size=1, max_size=2),
        }
    ),
    st.fixed_dictionaries({"key": KEYS, "operator": st.sampled_from(["Exists", "DoesNotExist"])}),
)
CALICO = st.recursive(
    st.one_of(
        st.builds("{} == '{}'".format, KEYS, VALUES),
        st.builds("{} != '{}'".format, KEYS, VALUES),
        st.builds("has({})".format, KEYS),
        st.builds("{} in {{'{}', '{}'}}".format, KEYS, VALUES, VALUES),
        st.just("all()"),
    ),
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=4,
)
SELECTORS: st.SearchStrategy[Selector] = st.one_of(
    st.fixed_dictionaries({"matchLabels": LABELS, "matchExpressions": st.lists(EXPRESSIONS, max_size=2)}).map(
        label_selector
    ),
    LABELS.map(plain_selector),
    CALICO.map(calico_selector),
    st.just(EVERYTHING),
)
NAMESPACES = st.sampled_from(["one", "two"])
QUERIES = st.builds(
    Query,
    SELECTORS,
    st.one_of(st.none(), st.frozensets(NAMESPACES, max_size=2)),
    st.sampled_from(["", "calico"]),
)
TARGETS = st.builds(
    lambda namespace, labels, more: Target(namespace, labels, {"calico": {**labels, **more}}),
    NAMESPACES,
    LABELS,
    LABELS,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(QUERIES, max_size=6), st.lists(TARGETS, max_size=6))
def test_the_index_finds_what_testing_every_pair_finds(queries: list[Query], targets: list[Target]) -> None:
    expected = [
        tuple(
            number
            for number, query in enumerate(queries)
            if (query.namespaces is None or target.namespace in query.namespaces)
            and query.selector.test(target.seen_by(query.dialect))
        )
        for target in targets
    ]
    assert join(queries, targets) == expected


def test_equal_results_are_shared() -> None:
    queries = [Query(EVERYTHING, frozenset({"one"})) for _ in range(50)]
    found = join(queries, [Target("one", {"app": str(number)}, {}) for number in range(50)])
    assert len({id(one) for one in found}) == 1
    assert found[0] == tuple(range(50))


def test_few_pairs_are_tested() -> None:
    tested = 0

    def counted(selector: Selector) -> Selector:
        def test(labels: Any) -> bool:
            nonlocal tested
            tested += 1
            return selector.test(labels)

        return Selector(test, selector.choices, selector.everything)

    queries = [
        Query(
            counted(label_selector({"matchLabels": {"part-of": "shop", "app": f"app-{number}"}})),
            frozenset({f"ns-{number % 10}"}),
        )
        for number in range(500)
    ]
    queries += [Query(counted(EVERYTHING), frozenset({f"ns-{number % 10}"})) for number in range(100)]
    targets = [Target(f"ns-{number % 10}", {"part-of": "shop", "app": f"app-{number}"}, {}) for number in range(2000)]
    found = join(queries, targets)
    assert sum(len(matches) for matches in found) == 500 + 2000 * 10
    # Of a million pairs only those that share the rarer label.
    assert tested == 500
