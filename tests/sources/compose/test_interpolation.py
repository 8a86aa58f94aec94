"""Variables in values: the results and messages of compose-config, recorded in variables.json, and partial knowledge."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from scanner.core.unknown import PartialText, Unknown
from scanner.sources.compose.interpolation import (
    MAX_DEPTH,
    Known,
    TemplateError,
    cast,
    failure,
    join,
    substitute,
    substitute_known,
    variables,
)
from tests.sources.compose.reference import recorded, resolve

CASES = recorded("variables.json")
ENV_FILE = "A=1\nB=\nC=a b\nlower=l\n_X9=u\nD=$${A}\nURL=http://h:80/p?q=1\n"
ENV = {"A": "1", "B": "", "C": "a b", "lower": "l", "_X9": "u", "D": "${A}", "URL": "http://h:80/p?q=1"}
LABEL = ("services", "s", "labels", "k")


def substituted(text: str) -> dict[str, str]:
    try:
        return {"output": substitute(text, ENV.get)}
    except TemplateError as error:
        return {"error": failure(LABEL, error, show=True)}


def test_a_failure_shows_no_value_unless_asked_to() -> None:
    with pytest.raises(TemplateError) as raised:
        substitute("pa$$ss${word", ENV.get)
    message = "invalid interpolation format for services.s.labels.k: a ${ in it starts no complete variable"
    assert failure(LABEL, raised.value) == message


def project(labels: dict[str, str]) -> dict[str, Any]:
    return {"name": "p", "services": {"s": {"image": "i", "labels": labels}}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_substitute(case: dict[str, str]) -> None:
    assert {"text": case["text"]} | substituted(case["text"]) == case


@pytest.mark.go
def test_recorded_texts_are_what_compose_config_prints(tmp_path: Path) -> None:
    outputs = [case for case in CASES if "output" in case]
    resolved, error = resolve(tmp_path, project({f"k{i}": case["text"] for i, case in enumerate(outputs)}), ENV_FILE)
    assert error == ""
    labels = resolved["services"]["s"]["labels"]
    assert [{"text": case["text"], "output": labels[f"k{i}"]} for i, case in enumerate(outputs)] == outputs
    for case in CASES:
        if "error" in case:
            assert resolve(tmp_path, project({"k": case["text"]}), ENV_FILE) == ({}, case["error"])


@pytest.mark.parametrize("case", [case for case in CASES if "output" in case], ids=lambda case: case["text"])
def test_what_is_known_is_what_is_substituted(case: dict[str, str]) -> None:
    known = substitute_known(case["text"], ENV.get)
    if isinstance(known, str):
        assert known == case["output"]
    else:
        # Every unknown piece stands where Compose puts nothing.
        parts = known.parts if isinstance(known, PartialText) else (known,)
        assert "".join(part for part in parts if isinstance(part, str)) == case["output"]


def missing(name: str) -> Unknown:
    return Unknown(f"the variable {name} has no value")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$A-$C", "1-a b"),
        ("$U", missing("U")),
        ("${U}", missing("U")),
        ("${REGISTRY}/api:1.4", PartialText((missing("REGISTRY"), "/api:1.4"))),
        ("a${U}b$A${V}", PartialText(("a", missing("U"), "b1", missing("V")))),
        ("$U$V", PartialText((missing("U"), missing("V")))),
        ("${U:-d}", "d"),
        ("x${U-}y", "xy"),
        ("${U:-$V}", missing("V")),
        ("${U:-a${V}b}c", PartialText(("a", missing("V"), "bc"))),
        ("${U:+r}", ""),
        ("${A:+r$U}", PartialText(("r", missing("U")))),
        ("${U:?must be set}", Unknown("the required variable U has no value")),
        ("${B:?must be set}!", PartialText((Unknown("the required variable B has no value"), "!"))),
        ("${A:?must be set}", "1"),
        ("$$U", "$U"),
    ],
)
def test_substitute_known(text: str, expected: Known) -> None:
    assert substitute_known(text, ENV.get) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${P}/x", PartialText((missing("Q"), "-p/x"))),
        ("${P:-d}", PartialText((missing("Q"), "-p"))),
        ("${P:+r}", "r"),
        ("${P:?e}", PartialText((missing("Q"), "-p"))),
        ("${W}", missing("Q")),
        ("${W:-d}", missing("Q")),
        ("${W:+r}", missing("Q")),
        ("${W+r}", "r"),
    ],
)
def test_values_that_are_half_known_stay_so(text: str, expected: Known) -> None:
    values: dict[str, Known] = {"P": PartialText((missing("Q"), "-p")), "W": missing("Q")}
    assert substitute_known(text, values.get) == expected


@pytest.mark.parametrize("text", ["${", "${U:-${}", "${A!}"])
def test_substitute_known_refuses_invalid_templates(text: str) -> None:
    with pytest.raises(TemplateError, match=r"^Invalid template: "):
        substitute_known(text, ENV.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", ()),
        ("$A ${B} ${C:-$D} ${E:?set ${F}} $A", ("A", "B", "C", "D", "E", "F")),
        ("$$A $${B} ${C+$$D}", ("C",)),
        ("${ $1 ${}", ()),
    ],
)
def test_variables(text: str, expected: tuple[str, ...]) -> None:
    assert variables(text) == expected


def test_join() -> None:
    unknown = missing("U")
    assert join([]) == ""
    assert join(["a", "", "b"]) == "ab"
    assert join(["", unknown]) == unknown
    assert join(["a", PartialText(("b", unknown)), "c"]) == PartialText(("ab", unknown, "c"))


def test_nesting_is_bounded() -> None:
    deep = "${U:-" * MAX_DEPTH + "x" + "}" * MAX_DEPTH
    assert substitute(deep, ENV.get) == "x"
    with pytest.raises(TemplateError, match=f"^variables are nested more than {MAX_DEPTH} deep$"):
        substitute(f"${{U:-{deep}}}", ENV.get)


INVALID = "invalid interpolation format"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A:-{" * 300_000 + "}", {"output": "1"}),
        ("${U:-" * 300_000, {"error": INVALID}),
        ("${U:-x}" * 100_000, {"output": "x" * 28}),
        ("${U:-x}\n" * 100_000, {"output": "x\n" * 14}),
        ("${U:-" * 50 + "{x}" * 100_000 + "}" * 50, {"output": "{x}" * 9 + "{"}),
    ],
)
def test_long_texts_take_linear_time(text: str, expected: dict[str, str]) -> None:
    # Were the work quadratic, each of these would take minutes.
    assert {key: value[:28] for key, value in substituted(text).items()} == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("services.web.cpu_count", "2", 2),
        ("jobs.nightly.cpus", "0.5", 0.5),
        ("services.web.cpus", "2", 2),
        ("services.web.pre_start.0.privileged", "Yes", True),
        ("services.web.volumes.3.read_only", "off", False),
        ("services.web.volumes.3.volume.nocopy", "TRUE", True),
        ("services.web.ports.0.target", "80", 80),
        ("services.web.ports.0.published", "80", "80"),
        ("services.web.depends_on.db.required", "n", False),
        ("services.web.ulimits.nofile", "5", 5),
        ("services.web.ulimits.nofile.soft", "5", 5),
        ("services.web.networks.front.use_service_name_alias", "on", True),
        ("services.web.deploy.update_config.max_failure_ratio", ".5", 0.5),
        ("services.web.umask", "077", 63),
        ("jobs.nightly.deploy.replicas", "2", "2"),
        ("networks.front.internal", "true", True),
        ("volumes.data.internal", "true", "true"),
        ("configs.c.external", "no", False),
        ("services.web.image", "1", "1"),
        ("services.web.environment.privileged", "true", "true"),
    ],
)
def test_cast(path: str, text: str, expected: Any) -> None:
    steps = tuple(int(step) if step.isdecimal() else step for step in path.split("."))
    result = cast(steps, text)
    assert result == expected
    assert type(result) is type(expected)


PIECES = (
    "$",
    "${",
    "${A",
    "${B:-",
    "${U:-",
    "${U-",
    "${C:+",
    "${U:?",
    "A",
    "x",
    "}",
    "}",
    "}",
    "$$",
    "{",
    ":-",
    " ",
    "é",
    "\n",
)


@pytest.mark.go
def test_random_texts_come_out_as_compose_config_has_them(tmp_path: Path) -> None:
    chance = random.Random(20)
    texts = {f"k{i}": "".join(chance.choices(PIECES, k=chance.randint(1, 12))) for i in range(2000)}
    ours = {key: substituted(text) for key, text in texts.items()}
    _, error = resolve(tmp_path, project(texts), ENV_FILE)
    refused = set(re.findall(r"services\.s\.labels\.(k\d+)", error))
    assert {key for key, result in ours.items() if "error" in result} == refused
    kept = {key: text for key, text in texts.items() if key not in refused}
    resolved, error = resolve(tmp_path, project(kept), ENV_FILE)
    assert error == ""
    assert resolved["services"]["s"]["labels"] == {key: ours[key]["output"] for key in kept}
    for key in sorted(refused)[:30]:
        assert resolve(tmp_path, project({"k": texts[key]}), ENV_FILE)[1] == ours[key]["error"]
