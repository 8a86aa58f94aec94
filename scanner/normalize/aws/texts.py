"""Texts of AWS resources in which a secret may stand, as the views `environment_variable` and `text_setting`.

They were judged where they were collected: what is here is the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route, format_route
from scanner.core.unknown import Unknown

VARIABLE, SETTING = "environment_variable", "text_setting"
_NAMES = ("Name", "OutputKey", "ParameterKey", "Key")
_OPEN_KINDS = (None, "PLAINTEXT")
"""The types of a variable of CodeBuild whose value is the text itself, and not the name of a secret."""


class _Texts(NamedTuple):
    """The texts at `path` of a type's properties; `place` is that of a `text_setting`, '' for variables."""

    path: str
    place: str = ""


_CONTAINER = "ContainerDefinitions[]."
_TASK = "AWS::ECS::TaskDefinition"
_BY_TYPE: dict[str, tuple[_Texts, ...]] = {
    _TASK: (
        _Texts(_CONTAINER + "Environment[].Value"),
        _Texts(_CONTAINER + "EntryPoint[]", "command"),
        _Texts(_CONTAINER + "Command[]", "argument"),
        _Texts(_CONTAINER + "HealthCheck.Command[]", "health_check"),
        _Texts(_CONTAINER + "DockerLabels.*", "label"),
        _Texts(_CONTAINER + "LogConfiguration.Options.*", "log_option"),
    ),
    "AWS::Lambda::Function": (_Texts("Environment.Variables.*"),),
    "AWS::CodeBuild::Project": (
        _Texts("Environment.EnvironmentVariables[].Value"),
        _Texts("Source.BuildSpec", "buildspec"),
        _Texts("Source.Location", "url"),
    ),
    "AWS::Batch::JobDefinition": (
        _Texts("ContainerProperties.Environment[].Value"),
        _Texts("ContainerProperties.Command[]", "argument"),
    ),
    "AWS::EC2::Instance": (_Texts("UserData", "user_data"),),
    "AWS::EC2::LaunchTemplate": (
        _Texts("LaunchTemplateData.UserData", "user_data"),
        _Texts("DefaultVersion.UserData", "user_data"),
    ),
    "AWS::AutoScaling::LaunchConfiguration": (_Texts("UserData", "user_data"),),
    "AWS::CloudFormation::Stack": (
        _Texts("Outputs[].OutputValue", "output"),
        _Texts("Parameters[].ParameterValue", "parameter"),
    ),
    "AWS::ApiGateway::Stage": (_Texts("Variables.*", "stage_variable"),),
    "AWS::ApiGatewayV2::Stage": (_Texts("StageVariables.*", "stage_variable"),),
    "AWS::SSM::Parameter": (_Texts("Value", "parameter_value"),),
}
TYPES = {
    VARIABLE: tuple(kind for kind, texts in _BY_TYPE.items() if any(not each.place for each in texts)),
    SETTING: tuple(kind for kind, texts in _BY_TYPE.items() if any(each.place for each in texts)),
}


def text_subjects(resource: Resource, views: frozenset[str]) -> Iterator[Subject]:
    """The variables and texts of a resource. A property that is not known is one text that is not known."""
    texts = [each for each in _BY_TYPE.get(resource.type, ()) if (SETTING if each.place else VARIABLE) in views]
    if not texts:
        return
    verdicts = _verdicts(resource)
    for each in texts:
        for found in _at(resource.attributes, _steps(each.path), (), resource.name):
            yield (
                _setting(resource, each.place, found, verdicts) if each.place else _variable(resource, found, verdicts)
            )


def _verdicts(resource: Resource) -> dict[str, str]:
    secrets = resource.attributes.get("secrets")
    found = secrets if isinstance(secrets, list) else []
    return {str(each.get("path")): str(each.get("kind")) for each in found if isinstance(each, dict)}


class _Found(NamedTuple):
    """A text, its name ('' for none), its owner (a container's or the resource's name), and whether it is a reference
    to a secret and no text itself."""

    route: Route
    value: Any
    name: str
    owner: str
    reference: bool = False


def _steps(path: str) -> list[str]:
    return path.replace("[]", ".[]").split(".")


def _at(value: Any, steps: list[str], route: Route, owner: str) -> Iterator[_Found]:
    """What stands at a path: `[]` is every item, `*` every value of a map."""
    if isinstance(value, Unknown):
        yield _Found(route, value, "", owner)
        return
    step, rest = steps[0], steps[1:]
    pairs: list[tuple[Any, Any]] = []
    if step == "[]" and isinstance(value, list):
        pairs = list(enumerate(value))
    elif isinstance(value, dict):
        pairs = list(value.items()) if step == "*" else [(step, value[step])] if step in value else []
    for key, inner in pairs:
        if rest:
            named = step == "[]" and route == ("ContainerDefinitions",) and isinstance(inner, dict)
            yield from _at(inner, rest, (*route, key), str(inner.get("Name", owner)) if named else owner)
        else:
            reference = isinstance(value, dict) and step == "Value" and value.get("Type") not in _OPEN_KINDS
            name = str(key) if step == "*" else _name_beside(value)
            yield _Found((*route, key), inner, name, owner, reference)


def _name_beside(holder: Any) -> str:
    if isinstance(holder, dict):
        return next((holder[name] for name in _NAMES if isinstance(holder.get(name), str)), "")
    return ""


def _variable(resource: Resource, found: _Found, verdicts: dict[str, str]) -> Subject:
    values = {
        "name": found.value if isinstance(found.value, Unknown) and not found.name else found.name,
        "source": "secret" if found.reference else "literal",
        "container": found.owner,
        **_judged(found, verdicts),
    }
    return Subject(VARIABLE, resource, _key(resource, found, found.name), values, lambda _: found.route)


def _setting(resource: Resource, place: str, found: _Found, verdicts: dict[str, str]) -> Subject:
    values = {"place": place, "name": found.name, "owner": found.owner, **_judged(found, verdicts)}
    word = found.name or (str(found.route[-1]) if isinstance(found.route[-1], int) else "")
    key = _key(resource, found, f"{place} {word}".strip())
    return Subject(SETTING, resource, key, values, lambda _: found.route)


def _key(resource: Resource, found: _Found, word: str) -> str:
    return f"{found.owner}/{word}" if resource.type == _TASK else word


def _judged(found: _Found, verdicts: dict[str, str]) -> dict[str, Any]:
    """The value and the verdict on it. A text that was kept is judged by its own words, and so has no verdict."""
    kind = verdicts.get(format_route(found.route), "")
    if isinstance(found.value, Unknown):
        # Of a property that could not be had, not even a verdict is known.
        return {"value": found.value, "secret": kind if found.value.kind == "variable" else found.value}
    return {"value": found.value, "secret": kind} if kind else {"value": found.value}
