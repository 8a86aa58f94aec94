"""One scan from paths to a report: the flow that everything else hangs on."""

import os.path
from collections.abc import Callable, Sequence
from pathlib import Path
from time import gmtime, strftime
from typing import TYPE_CHECKING, NamedTuple

from scanner.choose import Choice, choose_as, choose_rules, is_foreign
from scanner.config import Config, WaiverEntry, find_root, load_config
from scanner.core.errors import UsageError
from scanner.core.result import Notice, NotScanned, Report, Scanned
from scanner.discovery import Found, display_path, walk
from scanner.evaluate import SECRET_VIEWS, Evaluation, Identity
from scanner.loading import HelmFlags, Loader, load
from scanner.merging import Merged, Others
from scanner.policy.rule import Rule
from scanner.suppress import Suppressions

if TYPE_CHECKING:
    from scanner.baseline.apply import Compared

Step = Callable[[int, int], None]


class Change(NamedTuple):
    """What of the inputs a scan is about: what differs from the revision `base`; or, with `hints`, what the paths of
    the command line lead to. `untrusted`: the change may come from anybody, and decides nothing about its judgement."""

    base: str = ""
    untrusted: bool = False
    hints: bool = False

    @property
    def wanted(self) -> bool:
        """Whether the scan is about a change at all."""
        return bool(self.base) or self.hints


class Options(NamedTuple):
    """What the command line says of a scan; None where it leaves it to the configuration.

    `stdin` reads standard input, for the path `-`. `today` is an ISO date for waivers, '' for the real one. `live` is
    a snapshot that was collected for this scan: wherever it lies, the current folder's configuration holds.
    `writes_baseline`: the baseline is written afterwards, so that it may be absent, and what is stale is no news.
    `lists_rules`: the report is to name the rules even if there is nothing to judge.
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
    change: Change = Change()
    lists_rules: bool = True


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
    if options.change.wanted:
        from scanner.change.hints import scan_change

        return scan_change(paths, options, step)
    targets = [path for path in paths if str(path) != "-"]
    folders, root = find_scan_root(targets)
    config = with_flags(load_config(common_folder(folders), root, options.config), options)
    stdin = options.stdin() if options.stdin and len(targets) < len(paths) else None
    whole = [Path(os.path.realpath(target)) for target in targets]
    tree = Tree(root, targets, config, whole, stdin, nested=options.config is None)
    return with_baseline(judge_tree(tree, options, step), options)


class Tree(NamedTuple):
    """What one scan judges: the folder that paths are relative to, the files and folders in it, the configuration that
    holds for all of them. Of what lies in `whole` (real paths) the scan may tell what is gone.

    `narrow` leaves of what was found only what the scan is about. `nested` and `ignoring`: whether configurations and
    ignore files below count; `traced`: whether findings will be compared. `like` is a scan whose rules serve as well
    where they are the same.
    """

    root: Path
    targets: Sequence[Path]
    config: Config
    whole: Sequence[Path] = ()
    stdin: bytes | None = None
    narrow: Callable[[Found], None] | None = None
    nested: bool = True
    ignoring: bool = True
    traced: bool = False
    like: "Judged | None" = None


class Judged(NamedTuple):
    """A tree that was judged, with its rules; None where there was nothing to judge."""

    tree: Tree
    report: Report
    config: Config
    choice: Choice | None


def judge_tree(tree: Tree, options: Options, step: Step) -> Judged:
    """One scan, before it is compared with a baseline."""
    root, targets = tree.root, tree.targets
    found = walk(targets, root, tree.config, nested=tree.nested, ignoring=tree.ignoring)
    if options.live is not None:
        found.snapshots.add(options.live)
        found.live = options.live
    if tree.narrow is not None:
        tree.narrow(found)
        if not (options.lists_rules or options.others or found.charts or found.folders or found.snapshots):
            return Judged(tree, Report([], [], found.not_scanned, [], [], root=str(root)), found.config, None)
    if tree.like is None or tree.like.choice is None:
        choice = choose_rules(found.config, cached=options.cached)
    else:
        choice = choose_as(tree.like.choice, tree.like.config, found.config, cached=options.cached)
    merged = Merged(options.others, targets, found.config, root, ignoring=tree.ignoring) if options.others else None
    suppressions = _suppressions(found.config, choice, root, options, merged)
    traced = tree.traced or options.writes_baseline or found.config.baseline is not None
    evaluation = Evaluation(choice, suppressions, root.as_posix(), show_passed=options.show_passed, traced=traced)
    loader = Loader(found, tree.stdin, step, options.helm, choice.rules)
    scanned = _judge(loader, evaluation)
    if merged:
        scanned += merged.scanned()
    if tree.narrow is None:
        found.not_scanned.extend(_nothing_found(targets, found, scanned))
    report = _report(evaluation, found, scanned, [*found.config.notices, *loader.notices])
    if merged:
        merged.add_to(report, suppressions, trusted=not options.change.untrusted)
    report.notices += _waiver_notices(suppressions, choice, tree.whole, scanned, merged)
    report.time = loader.collected or strftime("%Y-%m-%dT%H:%M:%SZ", gmtime())
    return Judged(tree, report, found.config, choice)


def with_baseline(judged: Judged, options: Options) -> Scan:
    """The scan, compared with the baseline that the configuration or a flag names; where one is to be written, it has
    a file whatever they say. Raises ConfigurationError and ConfigurationErrors for what is no baseline."""
    tree, report, config, choice = judged
    if choice is None or (config.baseline is None and not options.writes_baseline):
        return Scan(report, config)
    from scanner.baseline.apply import stale_notices
    from scanner.baseline.file import FILE_NAME
    from scanner.baseline.scope import compare_with_baseline, load_baseline, shown

    file = config.baseline or tree.root / FILE_NAME
    baseline = load_baseline(file, tree.root, must_exist=not options.writes_baseline)
    compared = compare_with_baseline(report, baseline, tree.whole, choice)
    if not options.writes_baseline:
        report.notices += stale_notices(compared.stale, shown(file, tree.root))
    return Scan(report, config._replace(baseline=file), compared)


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


def with_flags(config: Config, options: Options) -> Config:
    """The configuration with the flags on top, which win."""
    for folder in options.rule_folders:
        if not folder.is_dir():
            raise UsageError(f"the folder of rules {folder} does not exist", hint="correct --rules")
    return config._replace(
        select=tuple((word, None) for word in options.select) or config.select,
        ignore=config.ignore + tuple((word, None) for word in options.ignore),
        rule_folders=tuple(dict.fromkeys(folder.resolve() for folder in (*config.rule_folders, *options.rule_folders))),
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
