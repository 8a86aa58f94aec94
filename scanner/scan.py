"""One scan from paths to a report: the flow that everything else hangs on."""

import os.path
from collections.abc import Callable, Sequence
from pathlib import Path
from time import gmtime, strftime
from typing import TYPE_CHECKING, NamedTuple

from scanner.choose import Choice, choose_rules
from scanner.config import Config, WaiverEntry, find_root, load_config
from scanner.core.errors import UsageError
from scanner.core.result import Notice, NotScanned, Report, Scanned
from scanner.discovery import Found, display_path, walk
from scanner.evaluate import SECRET_VIEWS, Evaluation, Identity
from scanner.loading import HelmFlags, Loader, load
from scanner.merging import Merged, Others, is_foreign, without_foreign
from scanner.policy.rule import Rule
from scanner.suppress import Suppressions

if TYPE_CHECKING:
    from scanner.baseline import Compared
    from scanner.baseline_scope import Baseline

Step = Callable[[int, int], None]


class Options(NamedTuple):
    """What the command line says of a scan; None where it leaves it to the configuration.

    `stdin` reads standard input, for the path `-`. `today` is an ISO date for waivers, '' for the real one. `live` is
    a snapshot that was collected for this scan: wherever it lies, the current folder's configuration holds.
    `writes_baseline`: the baseline is written afterwards, so that it may be absent, and what is stale is no news.
    """

    config: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rule_folders: tuple[Path, ...] = ()
    fail_on: str | None = None
    strict: bool | None = None
    allow_incomplete: bool | None = None
    cached: bool = True
    show_passed: bool = False
    stdin: Callable[[], bytes] | None = None
    helm: HelmFlags = HelmFlags()
    today: str = ""
    live: Path | None = None
    others: Others = Others()
    baseline: Path | None = None
    writes_baseline: bool = False


class Scan(NamedTuple):
    """A finished scan: its report, and the configuration that it ran with, flags included. `compared` is set where
    there is a baseline."""

    report: Report
    config: Config
    compared: "Compared | None" = None


def scan(paths: Sequence[Path], options: Options, step: Step = lambda *_: None) -> Scan:
    """Judges everything below `paths`. `step` is told how many files are done, of how many.

    Raises UsageError, ConfigurationErrors and RuleErrors; whatever is wrong with an input is in the report.
    """
    targets = [path for path in paths if str(path) != "-"]
    folders, root = find_scan_root(targets)
    config = _with_flags(load_config(common_folder(folders), root, options.config), options)
    stdin = options.stdin() if options.stdin and len(targets) < len(paths) else None
    whole = [Path(os.path.realpath(target)) for target in targets]
    return judge_tree(Tree(root, targets, config, whole, stdin), options, step)


class Tree(NamedTuple):
    """What one scan judges: the folder that paths are relative to, the files and folders in it, the configuration that
    holds for all of them. Of what lies in `whole` (real paths) the scan may tell what is gone."""

    root: Path
    targets: Sequence[Path]
    config: Config
    whole: Sequence[Path]
    stdin: bytes | None = None


def judge_tree(tree: Tree, options: Options, step: Step) -> Scan:
    """One scan, and its comparison with the baseline where there is one."""
    root, targets = tree.root, tree.targets
    found = walk(targets, root, tree.config, nested=options.config is None)
    if options.live is not None:
        found.snapshots.add(options.live)
        found.live = options.live
    found.config, ignored = without_foreign(found.config)
    choice = choose_rules(found.config, cached=options.cached)
    merged = Merged(options.others, targets, found.config, root, ignored) if options.others else None
    suppressions = _suppressions(found.config, choice, root, options, merged)
    baseline = _baseline(found, options)
    traced = baseline is not None
    evaluation = Evaluation(choice, suppressions, root.as_posix(), show_passed=options.show_passed, traced=traced)
    loader = Loader(found, tree.stdin, step, options.helm, choice.rules)
    scanned = _judge(loader, evaluation)
    if merged:
        scanned += merged.scanned()
    found.not_scanned.extend(_nothing_found(targets, found, scanned))
    report = _report(evaluation, found, scanned, [*found.config.notices, *loader.notices])
    if merged:
        merged.add_to(report, suppressions)
    report.notices += _waiver_notices(suppressions, choice, tree.whole, scanned, merged)
    report.time = loader.collected or strftime("%Y-%m-%dT%H:%M:%SZ", gmtime())
    compared = None
    if baseline is not None:
        from scanner.baseline import stale_notices
        from scanner.baseline_scope import compare, shown

        compared = compare(report, baseline, tree.whole, choice)
        if not options.writes_baseline:
            report.notices += stale_notices(compared.stale, shown(baseline.file, root))
    return Scan(report, found.config, compared)


def _baseline(found: Found, options: Options) -> "Baseline | None":
    """The baseline to compare with; where one is to be written, it has a file whatever the configuration says."""
    if found.config.baseline is None and not options.writes_baseline:
        return None
    from scanner.baseline_file import FILE_NAME
    from scanner.baseline_scope import load_baseline

    file = found.config.baseline or found.root / FILE_NAME
    found.config = found.config._replace(baseline=file)
    return load_baseline(file, found.root, must_exist=not options.writes_baseline)


def judge_found(folder: Path, choice: Choice) -> Report:
    """What the rules of `choice` say of a folder, passes listed, without configuration and suppressions."""
    found = walk([folder], folder, Config(), nested=False)
    suppressions = _suppressions(Config(), choice, folder, Options())
    evaluation = Evaluation(choice, suppressions, folder.as_posix(), show_passed=True)
    scanned = _judge(Loader(found, None, lambda *_: None, rules=choice.rules), evaluation)
    return _report(evaluation, found, scanned, [])


def _judge(loader: Loader, evaluation: Evaluation) -> list[Scanned]:
    """Loads and judges one input after another, and at the end what had to wait for all of them."""
    choice, suppressions = evaluation.choice, evaluation.suppressions
    scanned: list[Scanned] = []
    of_project: dict[tuple[Path, ...], set[Identity]] = {}
    for batch in load(loader):
        scanned.extend(batch.scanned)
        suppressions.add_comments(batch.documents)
        found: set[Identity] = of_project.setdefault(batch.project, set()) if batch.project else set()
        known = of_project.get(batch.base, set()) if batch.base else set()
        for resource, subjects in batch.subjects(choice.views(batch.target) | SECRET_VIEWS):
            annotations = suppressions.annotations(resource, loader.pod_template(resource))
            evaluation.resource(
                resource,
                subjects,
                annotations,
                complete=batch.complete,
                found=found,
                known=known,
                values_set=batch.values_set,
                release=batch.release,
                versions=batch.versions,
            )
    evaluation.finish(loader.relations)
    for resource, subjects in loader.closing(choice.views("kubernetes")):
        evaluation.resource(resource, subjects, complete=True)
    return scanned


def _report(evaluation: Evaluation, found: Found, scanned: list[Scanned], notices: list[Notice]) -> Report:
    return Report(
        findings=evaluation.findings(),
        scanned=_each_once(scanned),
        not_scanned=sorted(set(found.not_scanned), key=lambda entry: (entry.path, entry.line, entry.reason)),
        notices=notices,
        rules=[rule.info for rule in _judging(evaluation.choice, scanned)],
        passes=evaluation.passes,
        secrets=frozenset(evaluation.secrets),
        root=str(found.root),
    )


def _judging(choice: Choice, scanned: Sequence[Scanned]) -> list[Rule]:
    """The rules of a run without those that only judge accounts, where no account was scanned."""
    accounts = any(entry.kind == "aws" for entry in scanned)
    return [rule for rule in choice.rules if accounts or rule.targets != ("aws",)]


def _each_once(scanned: Sequence[Scanned]) -> list[Scanned]:
    """The inputs by path; one that several projects read counts once."""
    most: dict[tuple[str, str], Scanned] = {}
    for entry in scanned:
        known = most.setdefault((entry.path, entry.kind), entry)
        if entry.resources > known.resources:
            most[entry.path, entry.kind] = entry
    return [most[key] for key in sorted(most)]


def find_scan_root(targets: Sequence[Path]) -> tuple[list[Path], Path]:
    """The real folders that the targets are, or lie in (the current one where there are none), and the root around
    them."""
    try:
        real = [Path(os.path.realpath(target)) for target in targets] or [Path.cwd()]
    except FileNotFoundError as error:
        raise UsageError("the current folder does not exist any more", hint="change to another folder") from error
    folders = [path if path.is_dir() else path.parent for path in real]
    return folders, find_root(folders)


def common_folder(folders: Sequence[Path]) -> Path:
    """The innermost folder that holds all of them."""
    return Path(os.path.commonpath([str(folder) for folder in folders]))


def _with_flags(config: Config, options: Options) -> Config:
    """The configuration with the flags on top, which win."""
    for folder in options.rule_folders:
        if not folder.is_dir():
            raise UsageError(f"the folder of rules {folder} does not exist", hint="correct --rules")
    return config._replace(
        select=tuple((word, None) for word in options.select) or config.select,
        ignore=config.ignore + tuple((word, None) for word in options.ignore),
        rule_folders=config.rule_folders + tuple(folder.resolve() for folder in options.rule_folders),
        fail_on=options.fail_on or config.fail_on,
        baseline=options.baseline or config.baseline,
        strict=config.strict if options.strict is None else options.strict,
        allow_incomplete=config.allow_incomplete if options.allow_incomplete is None else options.allow_incomplete,
    )


def _suppressions(
    config: Config, choice: Choice, root: Path, options: Options, merged: Merged | None = None
) -> Suppressions:
    from scanner.core.errors import ConfigurationError

    def resolve(word: str) -> frozenset[str] | None:
        if is_foreign(word):
            return merged.meant(word) if merged else frozenset([word])
        try:
            return frozenset(rule.info.id for rule in choice.ruleset.select(word))
        except ConfigurationError:
            return None

    def suggest(word: str) -> str:
        try:
            choice.ruleset.select(word)
        except ConfigurationError as error:
            return error.hint
        return ""

    return Suppressions(config.waivers, resolve, suggest, options.today or _today(), root.as_posix())


def _today() -> str:
    from datetime import date

    return date.today().isoformat()


def _waiver_notices(
    suppressions: Suppressions,
    choice: Choice,
    wide: Sequence[Path],
    scanned: Sequence[Scanned],
    merged: Merged | None,
) -> list[Notice]:
    def is_complete(entry: WaiverEntry) -> bool:
        return any(Path(entry.folder).is_relative_to(target) for target in wide)

    # Of a rule that did not run, nothing tells whether a waiver is needed.
    ran = {rule.info.id for rule in _judging(choice, scanned)}
    if merged:
        ran |= merged.ran(word for word in suppressions.words() if is_foreign(word))
    return suppressions.finish(frozenset(ran), is_complete)


def _nothing_found(targets: Sequence[Path], found: Found, scanned: Sequence[Scanned]) -> list[NotScanned]:
    """A target in which nothing was found to judge says so, instead of being clean."""
    said = {entry.path for entry in scanned} | {entry.path for entry in found.not_scanned}
    entries = []
    for target in targets:
        path = Path(os.path.realpath(target))
        display = display_path(path, found.root)
        below = "" if display == "." else f"{display}/"
        if path.is_dir() and not any(name == display or name.startswith(below) for name in said):
            hint = "give another path; ignored and excluded files are left out"
            entries.append(NotScanned(display, "no Compose file and no Kubernetes manifest is here", hint))
    return entries
