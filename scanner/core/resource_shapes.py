"""The shapes of AWS resources, one file a service: what rules over types may read, checked when a rule is loaded.

`shapes/<service>.json` maps each type to its properties. A shape is `string`, `int`, `bool`, `double` or `dyn` (a
document of its own, such as a policy), `[shape]` for a list, `{"*": shape}` for a map whose keys are data, and an
object of properties otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scanner.core.relations import OF_PLACES, RELATIONS
from scanner.core.views import Attribute, View

Shape = str | list[Any] | dict[str, Any]
FOLDER = Path(__file__).with_name("shapes")
RELATED = "__related"
"""How the name of the message of a resource's relations ends."""

SECRET_VERDICT = View(
    "secret_verdict",
    "A secret that was seen when a resource was collected.",
    {
        "path": Attribute("path", "string", "the property in which it stood"),
        "kind": Attribute("kind", "string", "what kind of secret it was"),
    },
    subject=False,
)
_OWN = {
    "type": ("string", "CloudFormation's name of its type"),
    "name": ("string", "its own name"),
    "id": ("string", "its id in the service's API"),
    "arn": ("string", "its ARN"),
    "account": ("string", "the account's number"),
    "region": ("string", "its region; 'global' where it has none"),
    "collected": ("string", "when it was collected (RFC 3339, UTC)"),
    "secrets": ("list(secret_verdict)", "the secrets that were seen in it when it was collected"),
    "Tags": ("map(string)", "its tags"),
}
_OWN_OF_ALL = {name: _OWN[name] for name in ("type", "name", "account", "region", "collected")}


def service_of(kind: str) -> str:
    """The file that a type's shape stands in: `ec2` of AWS::EC2::VPC."""
    parts = kind.split("::")
    return parts[1].lower() if len(parts) == 3 else ""


@cache
def resource_shape(kind: str) -> Mapping[str, Shape] | None:
    """The properties of a type; None where it is not known."""
    return _service(service_of(kind)).get(kind)


@cache
def _service(name: str) -> dict[str, dict[str, Shape]]:
    path = FOLDER / f"{name}.json"
    if not name.isalnum() or not path.is_file():
        return {}
    found: dict[str, dict[str, Shape]] = json.loads(path.read_text("utf-8"))
    return found


def known_types() -> list[str]:
    """Every type whose shape is known, sorted."""
    return sorted(kind for path in FOLDER.glob("*.json") for kind in _service(path.stem))


def top_level(kind: str) -> tuple[str, ...]:
    """The names of everything that a rule may read of a resource of this type, but its own identity."""
    names = [*(resource_shape(kind) or ()), "Tags", "secrets"]
    return (*dict.fromkeys(names), "related") if RELATIONS.get(kind) else tuple(dict.fromkeys(names))


@cache
def message_name(types: tuple[str, ...], each: str = "resource") -> str:
    """The name of the message that stands for resources of some types in the rule language."""
    name = "__".join(kind.replace("::", "_") for kind in types)
    return name if each == "resource" else f"{name}__each_{each}"


@cache
def resource_views(types: tuple[str, ...], each: str = "resource") -> tuple[View, ...]:
    """The message for resources of `types` and those inside it, the innermost first, itself last.

    Of several types it has what all of them have, alike. With `each` `region` or `account` it stands for all resources
    of a type there, in `items`. Raises LookupError with the first type that is not known.
    """
    shapes = [resource_shape(kind) for kind in types]
    if None in shapes:
        raise LookupError(types[shapes.index(None)])
    name = message_name(types)
    merged: dict[str, Shape] = dict(shapes[0] or {})
    for other in shapes[1:]:
        merged = _in_both(merged, other or {})
    label = " and ".join(types)
    views = list(_views(name, label, {key: shape for key, shape in merged.items() if key not in _OWN}, _OWN))
    related = _related(types, f"{name}{RELATED}")
    own = views.pop()
    if related is not None:
        views.append(related)
        link = Attribute("related", related.name, "what other resources say of it")
        own = own._replace(attributes={**own.attributes, "related": link})
    views = [SECRET_VERDICT, *views, own]
    if each != "resource":
        attributes = {key: Attribute(key, *entry) for key, entry in _OWN_OF_ALL.items()}
        attributes["items"] = Attribute("items", f"list({name})", f"all resources of the type in the {each}")
        whole = message_name(types, each)
        if types[0] in OF_PLACES:
            views.append(View(f"{whole}{RELATED}", f"{label} of one {each}", OF_PLACES[types[0]], subject=False))
            attributes["related"] = Attribute("related", f"{whole}{RELATED}", f"what other resources say of the {each}")
        views.append(View(whole, f"all {label} of one {each}", attributes, subject=False))
    return tuple(views)


def _related(types: tuple[str, ...], name: str) -> View | None:
    common = dict(RELATIONS.get(types[0], {}))
    for kind in types[1:]:
        theirs = RELATIONS.get(kind, {})
        common = {key: each for key, each in common.items() if key in theirs and theirs[key].type == each.type}
    return View(name, f"{' and '.join(types)}.related", common, subject=False) if common else None


def _in_both(one: Mapping[str, Shape], other: Mapping[str, Shape]) -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    for key, shape in one.items():
        common = _common(shape, other[key]) if key in other else None
        if common:
            found[key] = common
    return found


def _common(one: Shape, other: Shape) -> Shape | None:
    if isinstance(one, list) and isinstance(other, list):
        inner = _common(one[0], other[0])
        return [inner] if inner else None
    if isinstance(one, dict) and isinstance(other, dict) and ("*" in one) == ("*" in other):
        return _in_both(one, other) or None
    return one if one == other else None


def _views(
    name: str, label: str, shape: Mapping[str, Shape], own: Mapping[str, tuple[str, str]] = {}
) -> Iterator[View]:
    """The message for an object, after those for the objects inside it. `label` is what people are told of it."""
    attributes = {key: Attribute(key, *entry) for key, entry in own.items()}
    for key, inner in shape.items():
        if not key.isidentifier() or not key.isascii():
            continue  # no expression can name it
        kind = yield from _kind(f"{name}__{key}", f"{label}.{key}", inner)
        attributes[key] = Attribute(key, kind, "")
    yield View(name, label, attributes, subject=False)


def _kind(name: str, label: str, shape: Shape) -> Generator[View, None, str]:
    """Yields the messages for a shape, and returns its type."""
    if isinstance(shape, str):
        return shape
    if isinstance(shape, list):
        inner = yield from _kind(name, label, shape[0])
        return f"list({inner})"
    if "*" in shape:
        inner = yield from _kind(name, label, shape["*"])
        return f"map({inner})"
    yield from _views(name, label, shape)
    return name
