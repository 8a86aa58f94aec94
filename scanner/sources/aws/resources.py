"""From the records of a snapshot to resources: plain attributes, what is not known of them, and a synthetic place."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from scanner.aws.snapshot import Record, Section, UnknownFact
from scanner.core.location import Location, Place, Related
from scanner.core.resource import Resource
from scanner.core.resource_shapes import top_level
from scanner.core.route import Route
from scanner.core.unknown import Unknown

TARGET = "aws"
_NOT_KEPT = Unknown("a text that may be a secret was judged where it was collected, and is not kept")
_OTHERS = "*"


class AwsOrigin:
    """The place of a resource in an account: a path that stays the same as long as it exists. `declared` leads from a
    route to the line that declares it, if a file is known that does."""

    __slots__ = ("declared", "place")

    def __init__(self, path: str) -> None:
        self.place = Place(Location(path), exists=True)
        self.declared: Callable[[Route], Related] | None = None

    def locate(self, route: Route) -> Place:
        """One place for the whole resource, and what declares `route` beside it."""
        if self.declared is None:
            return self.place
        return self.place._replace(related=(self.declared(route),))


def path_of(kind: str, account: str, region: str, name: str) -> str:
    """`aws/<account>/<region>/<type>/<name>`: what stands for a file."""
    return f"aws/{account}/{region}/{kind.replace('::', '-')}/{_as_path(name)}"


def _as_path(name: str) -> str:
    steps = [step for step in name.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    return "/".join(steps) or "_"


def resource_of(record: Record, collected: str) -> Resource:
    """The resource that a record says. Its ARN is its id; nulls are absent."""
    kind, name, arn = record["type"], record["name"], record["arn"]
    account, region, tags = record["account"], record["region"], record["tags"]
    attributes: dict[str, Any] = {}
    for key, value in record["properties"].items():
        if value is not None:
            attributes[key] = _kept(value) if value.__class__ in (dict, list) else value
    attributes["Tags"] = tags
    attributes["secrets"] = record["secrets"]
    if record["unknown"]:
        _without_facts(kind, attributes, record)
    attributes |= {"type": kind, "name": name, "id": record["id"], "arn": arn}
    attributes |= {"account": account, "region": region, "collected": collected}
    # A name that the ARN does not end with may be one of several resources.
    place = name if arn.endswith(name) else record["id"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    origin = AwsOrigin(path_of(kind, account, region, place or name))
    return Resource(
        kind, name, attributes, origin, TARGET, "", arn or record["id"], tags, account=account, region=region
    )


def _kept(value: Any) -> Any:
    """A value without what is null, with unknown texts in the place of those that were judged and not kept."""
    if value.__class__ is dict:
        if len(value) == 1 and ("$secret" in value or "$value" in value):
            return _NOT_KEPT
        return {
            key: _kept(each) if each.__class__ in (dict, list) else each
            for key, each in value.items()
            if each is not None
        }
    return [_kept(each) if each.__class__ in (dict, list) else each for each in value if each is not None]


def _without_facts(kind: str, attributes: dict[str, Any], record: Record) -> None:
    """Puts what is not known in the place of the properties that could not be asked for."""
    facts = dict(record["unknown"])
    others = facts.pop(_OTHERS, None)
    if others is not None:
        for name in top_level(kind):
            if name not in record["properties"] and name not in ("secrets", "related"):
                attributes[name] = unknown_fact(others)
        attributes["Tags"] = record["tags"] or unknown_fact(others)
    for name, fact in facts.items():
        attributes[name] = unknown_fact(fact)
    hidden = next((fact for name, fact in record["unknown"].items() if name in _judged_properties(kind)), others)
    if hidden is not None:
        attributes["secrets"] = unknown_fact(hidden)


@lru_cache(maxsize=256)
def _judged_properties(kind: str) -> frozenset[str]:
    """The properties of a type in which secrets are looked for."""
    from scanner.aws.types import resource_types

    declared = resource_types().get(kind)
    if declared is None:
        return frozenset()
    return frozenset(declared.property_name(path.partition(".")[0].removesuffix("[]")) for path in declared.redact)


@lru_cache(maxsize=1024)
def _unknown(reason: str, kind: str) -> Unknown:
    return Unknown(reason, "denied" if kind == "denied" else "failed")


def unknown_fact(fact: UnknownFact) -> Unknown:
    """Why a property is not known, with the IAM action that would tell."""
    return _unknown(_with_action(str(fact.get("reason", "")), str(fact.get("action", ""))), str(fact.get("kind", "")))


def unknown_section(section: Section) -> Unknown | None:
    """Why it is not known what a section holds; None where it is complete."""
    if section.state == "complete":
        return None
    reason = _with_action(section.reason, section.action)
    if section.state == "not_collected":
        missing = f"{section.type} was not collected"
        return _unknown(f"{missing}: {reason}" if reason else missing, "")
    return _unknown(reason or f"{section.type} could not be listed", section.kind)


def _with_action(reason: str, action: str) -> str:
    if not action or action in reason:
        return reason
    return f"{reason} ({action})" if reason else action


def stand_in(kind: str, account: str, region: str, unknown: Unknown) -> Resource:
    """A resource of which nothing is known, for those that could not be listed: named account/region."""
    attributes: dict[str, Any] = dict.fromkeys(top_level(kind), unknown)
    attributes |= {"name": unknown, "id": unknown, "arn": unknown, "type": kind, "account": account, "region": region}
    attributes |= {"collected": unknown, "related": unknown}
    return _of_place(kind, account, region, attributes, "")


def all_of_a_place(
    kind: str, account: str, region: str, each: str, items: list[dict[str, Any]] | Unknown, collected: str
) -> Resource:
    """All resources of a type in a region or an account as one, named account/region."""
    attributes = {"type": kind, "account": account, "region": region, "items": items, "collected": collected}
    attributes["name"] = f"{account}/{region}"
    return _of_place(kind, account, region, attributes, each)


def _of_place(kind: str, account: str, region: str, attributes: dict[str, Any], each: str) -> Resource:
    name = f"{account}/{region}"
    origin = AwsOrigin(path_of(kind, account, region, "_"))
    return Resource(kind, name, attributes, origin, TARGET, account=account, region=region, each=each)
