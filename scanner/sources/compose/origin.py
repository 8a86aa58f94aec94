"""From a route in a resolved project back to the file and line that it was written in."""

from typing import NamedTuple

from scanner.core.location import Location, Place, Related
from scanner.core.route import Route
from scanner.sources.compose.tree import Node, descend


class TreeOrigin(NamedTuple):
    """The origin of what stands at `base` in the tree of a project."""

    tree: Node
    base: Route
    file: str

    def locate(self, route: Route) -> Place:
        """The tightest place for `route`, which starts at `base`.

        What came in by `extends` lies where it was written; the service that extends it is a related place.
        """
        nodes = descend(self.tree, (*self.base, *route))
        exists = len(nodes) == len(self.base) + len(route) + 1 and nodes[-1].mark is not None
        node = next((node for node in reversed(nodes) if node.mark is not None), None)
        location = node.location(prefer_value=exists) if node is not None else None
        if node is None or location is None:
            return Place(Location(self.file), False)
        return Place(location, exists, self._declaration(nodes) if node.inherited else ())

    def _declaration(self, nodes: list[Node]) -> tuple[Related, ...]:
        """The service that extends the one in which a value was written."""
        service = nodes[min(2, len(nodes) - 1)]  # services, then its name
        location = service.location(prefer_value=False)
        return (Related(location, "declaration"),) if location is not None and not service.inherited else ()
