"""Declarations of what is collected: one `ResourceType` for each type, with the calls that its facts come from.

All paths (`items`, `id`, `take`, ...) are JMESPath over what botocore returns, so in the API's own names; only the
collected record has CloudFormation's names. Nothing here imports boto3.

A parameter of a call is written as one of

- a number, bool, list or mapping: itself;
- `=text`: the literal text;
- `$account`, `$region`, `$partition`: of the place that is asked; `$today-30`: the date thirty days ago, `$today-0`
  today's (both also inside of lists and mappings);
- `^path`: JMESPath over the parent's row (of its list call alone: the parent's details may not be there);
- any other text: JMESPath over the row itself (in details only).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Params = Mapping[str, Any]
Scope = Literal["regional", "global"]

GLOBAL = "global"
"""The region of what belongs to no region."""
NAME_TAG = "$name-tag"
"""As `ResourceType.name`: the tag `Name`, else the id."""
TAGS = "Tags || tags || TagSet || TagList"
READ_PARAMETERS = "read_parameters"


def words(text: str) -> tuple[str, ...]:
    """The names in a text: as a list of keys it reads better than quoted names."""
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Detail:
    """One more call for every row of a type (or for `batch` rows at once), whose answer completes the row.

    - `call`: `get_bucket_policy` of the list call's service, or `wafv2:get_web_acl_for_resource`. It is paginated where
      botocore has a paginator; what `take` finds on the pages is joined if it is a list.
    - `into`: the row's key for what `take` (JMESPath over the answer) finds; '' merges an object into the row.
    - `absent`: error codes that mean "not configured": then the key is null, which is a fact. For '' nothing is merged.
      `Code: text` where the message has to hold the text too.
    - `batch`: up to so many rows a call. Of `params`, exactly one is a path over the row: it is sent as a list. `take`
      gives a list of entries, `key` is the path in an entry that equals the row's value, `value` what to keep of an
      entry (all of it by default). A row that the answer leaves out is unknown, or absent if `missing_is_absent`.
    - `after`: needs what the other details brought: it is asked after them.
    - `when`: JMESPath over the row: where it finds nothing (null, false, empty), the call is not made and the key is
      left out.
    - `option`: only asked if the user asked for it (`READ_PARAMETERS`).
    - `iam`: the IAM actions where they are not `service:Operation`.
    """

    call: str
    params: Params
    take: str
    into: str = ""
    absent: tuple[str, ...] = ()
    batch: int = 0
    key: str = ""
    value: str = ""
    missing_is_absent: bool = False
    after: bool = False
    when: str = ""
    option: str = ""
    iam: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to make the list call: `params` are added to the type's own, `row` to each row that it finds.

    `home_only`: only in the home region of the partition (us-east-1), such as WAF's scope CLOUDFRONT.
    """

    params: Params
    row: Mapping[str, Any] = field(default_factory=dict)
    home_only: bool = False


@dataclass(frozen=True, slots=True)
class RegionFrom:
    """Where the region of a row of a global list call is known from: a path over the row, else a call.

    Details go to that region. An answer of null is the home region.
    """

    path: str
    call: str = ""
    params: Params = field(default_factory=dict)
    take: str = ""
    iam: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type and how its resources are found.

    - `type`: CloudFormation's name, or `Account::<Service>::<Setting>` for a setting of the account.
    - `call`: `service:operation`, paginated where botocore has a paginator. `params`: see the module. `variants`: the
      call is made once for each. '' for a setting of the account: there is always one row, which the details alone
      complete (they name their service).
    - `items`: the rows (objects) in a page of the answer; `"names[].{Name: @}"` makes objects of texts.
    - `id`: path over the row; where it finds nothing, account/region is the id and the name.
    - `arn`: path, or a template `arn:{partition}:ec2:{region}:{account}:vpc/{id}`, which may hold `{parent_id}` too,
      and `{bare_id}`, the id without a slash before it.
    - `name`: path to the resource's own name, `NAME_TAG`, or '' for the id. With `each` it is written parent/child
      unless `own_name`.
    - `each`: the parent type: the call is made for each of its rows, with parameters `^path`.
    - `details`: see `Detail`.
    - `scope`: `global` is asked once, in the partition's home region. `region_from`: see `RegionFrom`.
    - `absent`: error codes of the list call that mean that there is nothing: a fact.
    - `tags`: path to the tags: a list of Key/Value (also key/value, TagKey/TagValue), or a map.
    - `rename`: the row's key → CloudFormation's property name; a dotted path (`vpcConfig.vpcId`, lists written `[]`)
      for keys inside. By default the first letter is made upper case, at every depth but in maps whose keys are data
      (environment variables, labels): which those are is known from the service's model.
    - `keep`: the row's keys that are kept as properties, those that the details bring among them; all if empty. Tags
      are found before.
    - `json`: paths (as in `redact`) of texts that are JSON documents (policies): kept parsed, with their
      keys as they are.
    - `redact`: paths of texts that may hold a secret: `Environment.Variables.*`, `containerDefinitions[].command[]`,
      `containerDefinitions[].environment[].value`; `Rules[].**.SearchString` at any depth. Each is judged under its own
      key, or under the name that stands beside it (name, Name, key, Key, OutputKey, ParameterKey, HttpHeaderName), and
      only the verdict is kept. Base64 is looked into.
    - `iam`: the IAM actions of the list call where they are not `service:Operation`.
    """

    type: str
    call: str
    items: str
    id: str
    arn: str
    params: Params = field(default_factory=dict)
    variants: tuple[Variant, ...] = (Variant({}),)
    name: str = ""
    own_name: bool = False
    each: str = ""
    details: tuple[Detail, ...] = ()
    scope: Scope = "regional"
    region_from: RegionFrom | None = None
    absent: tuple[str, ...] = ()
    tags: str = TAGS
    rename: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    json: tuple[str, ...] = ()
    redact: tuple[str, ...] = ()
    iam: tuple[str, ...] = ()

    @property
    def properties(self) -> tuple[str, ...]:
        """CloudFormation's names of the properties that a record may have, sorted."""
        return tuple(sorted(self.property_name(key) for key in self.keep))

    def property_name(self, key: str) -> str:
        """CloudFormation's name of a key of the row."""
        return self.rename.get(key) or f"{key[:1].upper()}{key[1:]}"

    @property
    def service(self) -> str:
        """boto3's name of the service of the list call."""
        return self.call.partition(":")[0]

    @property
    def operation(self) -> str:
        """boto3's name of the list call's method."""
        return self.call.partition(":")[2]

    def call_of(self, detail: Detail | RegionFrom) -> tuple[str, str]:
        """Service and operation of one of the type's other calls."""
        service, sign, operation = detail.call.partition(":")
        return (service, operation) if sign else (self.service, detail.call)


NO_ID = "`null`"


def setting(
    type: str,  # noqa: A002 - as the record's field
    arn: str,
    *details: Detail,
    keep: str,
    id: str = NO_ID,  # noqa: A002
    scope: Scope = "regional",
    **more: Any,
) -> ResourceType:
    """A setting of the account: one resource in each region (or in all), whether it is configured or not.

    It is named account/region unless `id` finds something. `arn` is what follows `arn:{partition}:`; `keep` are words.
    """
    return ResourceType(
        type,
        call="",
        items="",
        id=id,
        arn=f"arn:{{partition}}:{arn}",
        details=details,
        keep=words(keep),
        scope=scope,
        **more,
    )


def closure(wanted: tuple[str, ...], table: Mapping[str, ResourceType]) -> tuple[str, ...]:
    """`wanted` and the parents that have to be listed for them, sorted."""
    needed: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            if table[name].each:
                waiting.append(table[name].each)
    return tuple(sorted(needed))
