"""CloudFormation templates of a repository: which file declares a resource that a stack has made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scanner.core.document import Document
from scanner.core.errors import SourceError
from scanner.core.location import Related
from scanner.core.route import Route
from scanner.core.scalars import KUBERNETES
from scanner.core.yaml_reader import iter_yaml

LOGICAL_ID, STACK_NAME = "aws:cloudformation:logical-id", "aws:cloudformation:stack-name"
_RESOURCES, _PROPERTIES, _TYPE = "Resources", "Properties", "Type"
_SERVERLESS = {
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
}
"""What a transform makes of a type under the same logical id."""


def may_be_template(data: bytes) -> bool:
    """Whether a file can be a template at all."""
    return b"AWS::" in data and b"Resources" in data


class Declaration(NamedTuple):
    """A resource in a template."""

    document: Document
    logical_id: str

    def related(self, route: Route) -> Related:
        """The line that sets the property at `route`; that of the logical id where none does."""
        whole: Route = (_RESOURCES, self.logical_id)
        exact: Route = (*whole, _PROPERTIES, *route)
        place = self.document.locate(exact if route and self.document.mark(exact) is not None else whole)
        return Related(place.location, "declaration")


class Templates:
    """The resources that the templates among `files` (display path, content) declare."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self._declared: dict[tuple[str, str], list[Declaration]] = {}
        for path, data in files:
            if may_be_template(data):
                self._add(path, data)

    def _add(self, path: str, data: bytes) -> None:
        try:
            documents = list(iter_yaml(data, path, KUBERNETES, "last"))
        except SourceError:
            return  # no template that CloudFormation would take: no stack was made of it
        for document in documents:
            resources = document.value.get(_RESOURCES) if isinstance(document.value, dict) else None
            for logical_id, body in resources.items() if isinstance(resources, dict) else ():
                kind = body.get(_TYPE) if isinstance(body, dict) else None
                if isinstance(kind, str):
                    key = _SERVERLESS.get(kind, kind), logical_id
                    self._declared.setdefault(key, []).append(Declaration(document, logical_id))

    def declaration(self, kind: str, tags: Mapping[str, str]) -> Declaration | None:
        """What declares the resource of a type with these tags; None where no template does, or more than one that the
        name of the stack does not tell apart."""
        found = self._declared.get((kind, tags.get(LOGICAL_ID, "")), [])
        if len(found) > 1:
            stack = _words(tags.get(STACK_NAME, ""))
            likeness = [_likeness(each.document.path, stack) for each in found]
            most = max(likeness)
            found = [each for each, like in zip(found, likeness, strict=True) if like == most > 0]
        return found[0] if len(found) == 1 else None


def _likeness(path: str, stack: str) -> int:
    """How much of the name of a stack is the name of a file, or of its folder if templates are called alike anyway."""
    *folders, name = path.split("/")
    words = _words(name.partition(".")[0])
    if words in ("-template-", "-stack-", "-cloudformation-", "-main-", "-index-") and folders:
        words = _words(folders[-1])
    return len(words) - 2 if words in stack else 0


def _words(text: str) -> str:
    """`-my-shop-` of `MyShop` and `my_shop`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text)
    return f"-{re.sub(r'[^a-z0-9]+', '-', parted.lower()).strip('-')}-"
