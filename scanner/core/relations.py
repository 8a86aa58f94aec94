"""What other resources of a scan say of an AWS resource: the attributes under `resource.related`, by type.

Each line is a name, a type and a meaning, as in `scanner.core.views`. `scanner.normalize.aws.relations` has the
function behind each; a test holds the two together.
"""

from __future__ import annotations

from scanner.core.views import Attribute


def _relations(table: str) -> dict[str, Attribute]:
    found = {}
    for line in table.strip().splitlines():
        name, kind, meaning = line.split(None, 2)
        found[name] = Attribute(name, kind, meaning, relation=True)
    return found


RELATIONS: dict[str, dict[str, Attribute]] = {
    "AWS::ApiGateway::Stage": _relations(
        """
        endpoint_types list(string) what its API answers to: EDGE, REGIONAL, PRIVATE
        """
    ),
    "AWS::EC2::VPC": _relations(
        """
        flow_logs list(string) the ids of the flow logs that record its traffic
        """
    ),
}
