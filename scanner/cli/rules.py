"""`groundrule rules`: list, show, test, start and document rules, and print the schemas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from scanner.cli.app import Commands
from scanner.cli.output import write_document

_CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), envvar="GROUNDRULE_CONFIG", help="Read this configuration."
)
_FOLDERS = click.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path))

TABLE = {
    "list": ("scanner.cli.rules", "List the rules."),
    "show": ("scanner.cli.rules", "Print a rule's file."),
    "test": ("scanner.cli.rules", "Run the cases and examples of rules."),
    "new": ("scanner.cli.rules", "Start a rule and its cases."),
    "docs": ("scanner.cli.rules", "Write the pages of the rules, or check them."),
    "schema": ("scanner.cli.rules", "Print the JSON Schema of rule files, the configuration or the results."),
}


class _Rules(Commands):
    """The commands of this module, by their names."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        return _MEMBERS.get(cmd_name)


command = _Rules(TABLE, name="rules", help="List, show, test, start and document rules.", no_args_is_help=True)


@click.command("list")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--select", multiple=True, metavar="RULE", help="Only these: ids, family:NAME or framework:NAME.")
@_CONFIG
def list_rules(form: str, select: Sequence[str], config: Path | None) -> int:
    """List the rules, as the current folder's configuration sets them."""
    from scanner.cli.rule_choice import rule_choice
    from scanner.core.result import SEVERITIES

    choice = rule_choice(config)
    running = {rule.info.id: rule for rule in choice.rules}
    shown = {rule.info.id for word in select for rule in choice.ruleset.select(word)} if select else None
    rules = [running.get(rule.info.id, rule) for rule in choice.ruleset.all if shown is None or rule.info.id in shown]
    rules.sort(key=lambda rule: (rule.info.family, SEVERITIES.index(rule.info.severity), rule.info.id))
    if form == "json":
        import json

        listing = [
            {
                "id": rule.info.id,
                "title": rule.info.title,
                "family": rule.info.family,
                "severity": rule.info.severity,
                "targets": list(rule.info.targets),
                "aliases": list(rule.info.aliases),
                "controls": [dict(control) for control in rule.info.controls],
                "enabled": rule.info.id in running,
            }
            for rule in rules
        ]
        write_document(json.dumps(listing, indent=2, ensure_ascii=False) + "\n")
        return 0
    width = max((len(rule.info.id) for rule in rules), default=0)
    family = ""
    for rule in rules:
        if rule.info.family != family:
            click.echo(f"{'' if not family else chr(10)}{rule.info.family}")
            family = rule.info.family
        off = "" if rule.info.id in running else "  (off)"
        click.echo(f"  {rule.info.id:{width}}  {rule.info.severity:8}  {rule.info.title}{off}")
    click.echo(f"\n{len(rules)} rules; groundrule explain RULE says more")
    return 0


@click.command("show")
@click.argument("rule")
@_CONFIG
def show_rule(rule: str, config: Path | None) -> int:
    """Print the file of RULE."""
    from scanner.cli.rule_choice import rule_choice
    from scanner.policy.load import builtin_folder

    path = Path(rule_choice(config).ruleset.find(rule).path)
    file = path if path.is_file() else builtin_folder().parent / path
    write_document(file.read_text("utf-8"))
    return 0


@click.command("test")
@_FOLDERS
def test_rules(folders: Sequence[Path]) -> int:
    """Run the cases and examples of the rules in FOLDERS, of groundrule's own rules where none is given.

    A rule without a passing and a failing case for each of its targets is an error.
    """
    from scanner.authoring.cases import check_folder
    from scanner.cli.complain import say
    from scanner.policy.load import builtin_folder

    rules = cases = 0
    failures = []
    for folder in folders or [builtin_folder()]:
        result = check_folder(folder)
        rules, cases = rules + result.rules, cases + result.cases
        failures += result.failures
    for failure in failures:
        say(str(failure))
    click.echo(f"{rules} rules, {cases} cases and examples, {len(failures)} failures")
    return 2 if failures else 0


@click.command("new")
@click.argument("rule_id")
@click.option("--family", required=True, help="The family, which is the folder that the files go to.")
@click.option("--view", default="container", show_default=True, help="What the rule judges.")
@click.option("--target", "targets", multiple=True, help="compose or kubernetes; repeatable.  [default: both]")
@click.option("--type", "kind", default="", metavar="TYPE", help="An AWS type that it judges, in the place of a view.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rules"),
    show_default=True,
    help="Where rules are.",
)
def new_rule(rule_id: str, family: str, view: str, targets: Sequence[str], kind: str, folder: Path) -> int:
    """Start the rule RULE_ID and its cases: two files to fill in."""
    from scanner.authoring.start import start_rule
    from scanner.cli.complain import say

    for path in start_rule(folder, rule_id, family, view, tuple(targets) or ("compose", "kubernetes"), kind):
        say(f"wrote {path}")
    say(f"next: fill them in, then groundrule rules test {folder}")
    return 0


@click.command("docs")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs/rules"),
    show_default=True,
    help="Where the pages are.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit status 2 where a page differs.")
@_FOLDERS
def write_docs(folder: Path, check: bool, folders: Sequence[Path]) -> int:
    """Write the pages of groundrule's own rules, or of those in FOLDERS."""
    from scanner.authoring.rule_pages import pages
    from scanner.cli.complain import say
    from scanner.policy.ruleset import load_ruleset

    wanted = pages(load_ruleset([each.resolve() for each in folders], builtin=not folders).all)
    there = {path.name for path in folder.glob("*.md")}
    differ = [
        name for name, text in sorted(wanted.items()) if name not in there or (folder / name).read_text("utf-8") != text
    ]
    stale = sorted(there - set(wanted))
    if check:
        for name in (*differ, *stale):
            say(f"error: {folder / name} is not what `groundrule rules docs` writes")
        return 2 if differ or stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in differ:
        (folder / name).write_text(wanted[name], "utf-8", newline="\n")
    for name in stale:
        (folder / name).unlink()
    say(f"{len(differ)} pages written, {len(stale)} removed, of {len(wanted)}")
    return 0


@click.command("schema")
@click.argument(
    "of", type=click.Choice(["rule", "config", "results", "comparison", "snapshot", "baseline"]), default="rule"
)
def print_schema(of: str) -> int:
    """Print a JSON Schema: of rule files, the configuration, json results, comparisons, baselines, a snapshot."""
    package = Path(__file__).parent.parent
    files = {
        "rule": package / "policy" / "rule.schema.json",
        "config": package / "config.schema.json",
        "results": package / "report" / "results.schema.json",
        "comparison": package / "report" / "comparison.schema.json",
        "baseline": package / "baseline" / "baseline.schema.json",
        "snapshot": package / "aws" / "snapshot.schema.json",
    }
    write_document(files[of].read_text("utf-8"))
    return 0


_MEMBERS = {
    "list": list_rules,
    "show": show_rule,
    "test": test_rules,
    "new": new_rule,
    "docs": write_docs,
    "schema": print_schema,
}
