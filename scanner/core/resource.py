"""Resources, and the subjects that rules judge: a view over one resource or over one item inside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from scanner.core.location import Place
from scanner.core.route import Route


class Origin(Protocol):
    """Where the attributes of a resource were written."""

    def locate(self, route: Route) -> Place:
        """The tightest place for `route`: its value where it is a scalar, else its key; the nearest existing
        ancestor's key where the route is absent."""
        ...


@dataclass(slots=True)
class Resource:
    """One thing of a known type. `type` is `compose/service`, `<apiVersion>/<Kind>` or `AWS::<Service>::<Type>`.

    `each` is `region` or `account` for what stands for all resources of an AWS type there.

    `attributes` are plain values (dict, list, str, int, float, bool, None) that may hold `Unknown` and `PartialText`
    at any depth. Routes start at the root of `attributes`.
    """

    type: str
    name: str
    attributes: Any
    origin: Origin
    target: str
    namespace: str = ""
    id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    region: str = ""
    each: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Subject:
    """What a rule judges: the attributes of one view (`scanner.core.views`), and the way back to the resource.

    An attribute that is absent has no key in `values`. `key` tells items of one resource apart in fingerprints: the
    container's name, the variable's name; it never holds a line, a position or a secret. `route_of` turns a dotted
    attribute (`image`, `liveness_probe.path`) into its route in the resource, also where the attribute is absent;
    '' is the route of the subject itself.
    """

    view: str
    resource: Resource
    key: str
    values: dict[str, Any]
    route_of: Callable[[str], Route]
