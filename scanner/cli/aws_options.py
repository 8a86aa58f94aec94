"""What the commands of `groundrule aws` share: options for accounts and calls, how a run ends, what it says."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scanner.cli.complain import say
from scanner.cli.rule_options import words
from scanner.core.errors import UsageError

if TYPE_CHECKING:
    from scanner.aws.accounts import Access
    from scanner.aws.budget import Budget
    from scanner.aws.collect import Collected
    from scanner.aws.declaration import ResourceType

_MOST_LINES = 20

AWS_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--profile", default="", metavar="NAME", help="A profile of the AWS configuration."),
    click.option("--role-arn", default="", metavar="ARN", help="Assume this role first."),
    click.option(
        "--external-id",
        default="",
        metavar="ID",
        envvar="GROUNDRULE_EXTERNAL_ID",
        help="The external id that the roles ask for.",
    ),
    click.option(
        "--organization-role",
        default="",
        metavar="NAME",
        help="All accounts of the Organization, each through its role of this name.",
    ),
    click.option(
        "--region", "regions", multiple=True, metavar="REGION", help="Only this region; repeatable.  [all enabled ones]"
    ),
    click.option("--endpoint-url", default="", metavar="URL", help="Ask this endpoint instead of AWS."),
    click.option(
        "--timeout",
        type=click.FloatRange(0.1, 600),
        default=20,
        show_default=True,
        help="Seconds to wait for answers.",
    ),
    click.option("--max-calls", type=click.IntRange(0), default=0, metavar="N", help="Make no more than N calls."),
    click.option("--rate", type=click.FloatRange(0), default=0, metavar="N", help="Send at most N requests a second."),
    click.option("--dry-run", is_flag=True, help="Say which calls would be made, and make none of them."),
    click.option(
        "--type", "types", multiple=True, metavar="TYPE", help="Only this type, such as AWS::S3::Bucket; repeatable."
    ),
    click.option(
        "--read-parameters", is_flag=True, help="Judge the values of SSM parameters of type String too, and keep none."
    ),
)
"""Options to decorate a command with, in the order of its help."""


class AwsFlags(NamedTuple):
    """The values of `AWS_OPTIONS`."""

    profile: str
    role_arn: str
    external_id: str
    organization_role: str
    regions: tuple[str, ...]
    endpoint_url: str
    timeout: float
    max_calls: int
    rate: float
    dry_run: bool
    types: tuple[str, ...]
    read_parameters: bool

    def access(self, earlier: tuple[str, ...] = ()) -> Access:
        """Accounts and regions; where none was given those of an earlier snapshot, as far as an account has them."""
        from scanner.aws.accounts import Access
        from scanner.aws.clients import Network

        network = Network(self.endpoint_url, min(5.0, self.timeout), self.timeout)
        whose = self.profile, self.role_arn, self.external_id, self.organization_role
        named = words(self.regions)
        return Access(*whose, named or earlier, network, where_enabled=not named and bool(earlier))

    def budget(self) -> Budget:
        """The budget of calls."""
        from scanner.aws.budget import Budget

        return Budget(self.max_calls, self.rate)

    def options(self) -> frozenset[str]:
        """See `scanner.aws.declaration.Detail.option`."""
        from scanner.aws.declaration import READ_PARAMETERS

        return frozenset({READ_PARAMETERS} if self.read_parameters else ())

    def named_types(self, table: dict[str, ResourceType]) -> tuple[str, ...]:
        """The types that were named. Raises UsageError for one that there is not."""
        from difflib import get_close_matches

        named = words(self.types)
        for name in named:
            if name not in table:
                close = get_close_matches(name, table, n=1)
                hint = f"did you mean {close[0]!r}?" if close else "groundrule aws policy --help tells how to list them"
                raise UsageError(f"there is no resource type {name!r}", hint=hint)
        return tuple(sorted(set(named)))


def aws_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a command with `AWS_OPTIONS`; it gets them as keyword arguments, for `AwsFlags`."""
    for option in reversed(AWS_OPTIONS):
        function = option(function)
    return function


def require_boto3() -> None:
    """Raises UsageError where boto3 is not installed."""
    from importlib.util import find_spec

    if find_spec("boto3") is None:
        raise UsageError("boto3 is not installed", hint="pip install 'groundrule[aws]'")


def stopping(budget: Budget) -> Callable[[], Any]:
    """A guard for `scanner.aws.collect.collect`: an interrupt ends the run and keeps what there is."""

    @contextmanager
    def guard() -> Iterator[None]:
        def stop(*_: Any) -> None:
            if budget.stopped:
                raise KeyboardInterrupt
            os.write(2, b"ending: what was collected is kept; once more to give it up\n")
            budget.stop("interrupted")

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    return guard


def tell(collected: Collected, budget: Budget, output: Path | None, *, mask_accounts: bool = False) -> None:
    """Says on standard error what a run brought, and everything that it did not."""
    shown = _without_accounts(collected) if mask_accounts else str
    places = f"{len(collected.accounts)} account{'' if len(collected.accounts) == 1 else 's'}"
    cost = f", ${budget.dollars:.2f} for Cost Explorer" if budget.dollars else ""
    where = f" in {output}" if output is not None else ""
    resources = f"{collected.records} resource{'' if collected.records == 1 else 's'}"
    say(f"collected {resources} of {places} with {budget.total} calls{cost}{where}")
    for notice in collected.notices:
        say(shown(f"warning: {notice}"))
    lines = [*_missing(collected), *_facts(collected.unknown)]
    for line in lines[:_MOST_LINES]:
        say(shown(f"not collected: {line}"))
    if len(lines) > _MOST_LINES:
        say(f"not collected: {len(lines) - _MOST_LINES} more like these; the snapshot tells all")
    text = "\n".join(lines)
    if "access is denied" in text:
        say("  help: groundrule aws policy prints the rights that are needed")
    if output is not None and not collected.complete:
        say(f"  help: groundrule aws collect --resume {output} goes on from here")


def _without_accounts(collected: Collected) -> Callable[[str], str]:
    from scanner.report.masking import Masker

    return Masker((), accounts={account.id for account in collected.accounts}).mask


def _missing(collected: Collected) -> list[str]:
    """The sections that are not complete; what has one reason in several regions, or for several types, in one line."""
    regions: dict[tuple[str, str, str], list[str]] = {}
    for section in collected.incomplete:
        regions.setdefault((section.account, section.reason, section.type), []).append(section.region)
    types: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (account, reason, name), places in regions.items():
        types.setdefault((account, reason, tuple(places)), []).append(name)
    lines = []
    for (account, reason, where), names in sorted(types.items()):
        place = f"account {account}" + ("" if where == ("*",) else f", {' '.join(where)}")
        what = names[0] if len(names) == 1 else f"{len(names)} types, {names[0]} and others"
        lines.append(f"{place}: {what}: {reason}")
    return lines


def _facts(unknown: Counter[str]) -> list[str]:
    return [
        f"{count} fact{'' if count == 1 else 's'}: {reason}"
        for reason, count in sorted(unknown.items(), key=lambda item: (-item[1], item[0]))
    ]
