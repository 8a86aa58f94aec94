"""A scan of a change: what it touches is judged as it is and as it was, and what is not new is not held against it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.change.base_files import touched_in_base, write_configured, write_settings, write_touched
from scanner.change.base_tree import BaseTree, base_tree
from scanner.change.changes import Changes, changes_since, links
from scanner.change.git import Git
from scanner.change.hints import given_values
from scanner.change.judged import compare_with_base, drop_foreign_suppressions
from scanner.change.relocation import moved, relocate
from scanner.change.revisions import find_base
from scanner.change.touched import Touched, narrow, touched
from scanner.config import Config, load_config
from scanner.core.errors import ConfigurationError, ConfigurationErrors, RuleError, RuleErrors, UsageError
from scanner.core.result import Notice, NotScanned, Report
from scanner.discovery import Found, display_path, walk
from scanner.loading import HelmFlags
from scanner.merging import Others
from scanner.scan import (
    Judged,
    Options,
    Scan,
    Step,
    Tree,
    common_folder,
    find_scan_root,
    judge_tree,
    with_baseline,
    with_flags,
)

_INPUTS = (".yaml", ".yml", ".json", ".tpl", ".env")


@dataclass(slots=True)
class _Run:
    """What both scans of a change share."""

    root: Path
    targets: list[Path]
    changes: Changes
    old: BaseTree
    options: Options
    step: Step


def scan_since(paths: Sequence[Path], options: Options, step: Step) -> Scan:
    """Judges what differs from a revision. Raises UsageError, ConfigurationErrors and RuleErrors."""
    targets = [Path(os.path.realpath(path)) for path in paths]
    folders, root = find_scan_root(targets)
    if not (root / ".git").exists():
        raise UsageError(f"{root} is no git repository", hint="scan without --diff-base, or inside a clone")
    if any(path.name.endswith(".json.gz") for path in targets):
        raise UsageError(
            "a snapshot of an account has no base in git", hint="groundrule compare tells what is new in it"
        )
    if options.change.untrusted:
        _refuse_submodule(root)
    git = Git(root)
    base = find_base(git, options.change.base, exactly=options.change.untrusted)
    changes = changes_since(git, base.commit)
    with base_tree(git, base.commit) as old:
        run = _Run(root, targets, changes, old, options, step)
        write_settings(old)
        scanned = _trusted(run, folders) if not options.change.untrusted else _untrusted(run, folders)
        notices = [base.notice] if base.notice is not None else []
        notices += [_submodule_notice(file.new) for file in changes.submodules]
        scanned.report.not_scanned += [*_absent_submodules(run, scanned.config), *_absent_files(run, scanned.config)]
        scanned.report.notices[:0] = notices
        return scanned


def _refuse_submodule(root: Path) -> None:
    """Raises UsageError for a submodule: a change may say which repository that is, and so what its base is."""
    outer = next((folder for folder in root.parents if (folder / ".git").exists()), None)
    if outer is None:
        return
    listed = Git(outer).ask("ls-files", "--stage", "-z", "--", root.relative_to(outer).as_posix())
    if listed.out.startswith(b"160000 "):
        raise UsageError(
            f"{display_path(root, outer)} is a submodule, which the change may have put there",
            hint="with --untrusted, scan the repository around it",
        )


def _trusted(run: _Run, folders: list[Path]) -> Scan:
    """The change under its own configuration, the base under the base's."""
    options = run.options
    config = with_flags(load_config(common_folder(folders), run.root, options.config), options)
    now, wanted = _judge_now(run, config, ignoring=True)
    if wanted:
        try:
            before: Report | None = _judge_base(run, _base_config(run, folders), wanted, now).report
        except (ConfigurationError, ConfigurationErrors, RuleError, RuleErrors) as error:
            before = None
            said = f"the base cannot be judged, so that all findings count as new: {str(error).splitlines()[0]}"
            now.report.notices.append(Notice(said))
        compare_with_base(now.report, before, run.changes)
    elif now.report.findings:  # of other scanners
        compare_with_base(now.report, None, run.changes)
    return with_baseline(now, options)


def _untrusted(run: _Run, folders: list[Path]) -> Scan:
    """Both under the base's configuration, rules and baseline; comments count where the base has them."""
    options = run.options = run.options._replace(
        config=_trusted_file(run, run.options.config, "the configuration"),
        baseline=_trusted_file(run, run.options.baseline, "the baseline"),
        rule_folders=tuple(
            folder for each in run.options.rule_folders if (folder := _trusted_file(run, each, "the folder of rules"))
        ),
    )
    config = _base_config(run, folders)
    whole = walk(_old_targets(run), run.old.folder, config, nested=options.config is None, ignoring=False).config
    now, wanted = _judge_now(run, relocate(whole, run.old.folder, run.root), ignoring=False)
    now.report.notices += _ignored_settings(run.changes)
    if wanted or now.report.findings:
        before = _judge_base(run, config, wanted, now).report if wanted else Report([], [], [], [], [])
        drop_foreign_suppressions(now.report, before, run.changes)
        compare_with_base(now.report, before, run.changes)
    return with_baseline(now, options)


def _judge_now(run: _Run, config: Config, *, ignoring: bool) -> tuple[Judged, Touched]:
    """What the change touches, as it is now."""
    wanted = Touched()
    is_trusted = not run.options.change.untrusted

    def leave_touched(found: Found) -> None:
        nonlocal wanted
        found.links = links(run.old.git)
        wanted = touched(found, run.changes.names, given_values(run.options), configured=is_trusted)
        wanted = touched_in_base(run.old, wanted, run.changes.names)
        asked = {display_path(target, run.root) for target in run.targets}
        narrow(found, wanted, run.changes.names | asked)

    nested = is_trusted and run.options.config is None
    tree = Tree(run.root, run.targets or [run.root], config, (), None, leave_touched, nested, ignoring, traced=True)
    return judge_tree(tree, run.options, run.step), wanted


def _judge_base(run: _Run, config: Config, wanted: Touched, now: Judged) -> Judged:
    """The same of the base."""
    write_configured(run.old, config, ())
    write_touched(run.old, wanted)
    options = run.options._replace(helm=_base_helm(run), others=Others())
    tree = Tree(
        run.old.folder,
        _old_targets(run),
        config._replace(baseline=None),
        narrow=lambda found: narrow(found, wanted, run.changes.names),
        nested=options.config is None,
        ignoring=not options.change.untrusted,
        traced=True,
        like=now,
    )
    return judge_tree(tree, options, lambda *_: None)


def _base_config(run: _Run, folders: list[Path]) -> Config:
    """The configuration that stands in the base, flags on top."""
    old, options = run.old, run.options
    explicit = options.config
    if explicit is not None and not explicit.is_relative_to(old.folder):
        copy = moved(Path(os.path.realpath(explicit)), run.root, old.folder)
        _write(old, copy)
        explicit = copy if copy.is_file() else explicit
    folder = moved(common_folder(folders), run.root, old.folder)
    config = load_config(folder, old.folder, explicit)
    if not options.change.untrusted:
        options = options._replace(rule_folders=tuple(_base_copy(run, each) for each in options.rule_folders))
    config = with_flags(config, options)
    write_configured(old, config, ())
    return config


def _base_copy(run: _Run, path: Path) -> Path:
    """A folder or file as the base has it, else as it is."""
    copy = moved(Path(os.path.realpath(path)), run.root, run.old.folder)
    _write(run.old, copy)
    return copy if copy.exists() else path


def _write(old: BaseTree, path: Path) -> None:
    if path.is_relative_to(old.folder):
        write_configured(old, Config(), [path])


def _base_helm(run: _Run) -> HelmFlags:
    """The options for charts, with the files of values as the base has them."""
    helm = run.options.helm
    if helm.values is None:
        return helm
    return helm._replace(values=helm.values._replace(files=tuple(_base_copy(run, file) for file in helm.values.files)))


def _trusted_file(run: _Run, path: Path | None, what: str) -> Path | None:
    """The base's copy of a file or folder that lies in the repository. Raises UsageError where the base has none."""
    name = _name_in(run.root, path) if path is not None else None
    if path is None or name is None:
        return path
    copy = run.old.folder / name
    _write(run.old, copy)
    if not copy.exists():
        raise UsageError(
            f"the base has not {what} {path}, and with --untrusted the base's holds", hint="add it to the base first"
        )
    return copy


def _name_in(root: Path, path: Path) -> Path | None:
    """`path` relative to the repository, None where it lies elsewhere. Links in the repository are not followed: the
    change may have put them there."""
    place = Path(os.path.abspath(path))  # noqa: PTH100
    folders = (folder for folder in reversed(place.parents) if os.path.realpath(folder) == str(root))
    return next((place.relative_to(folder) for folder in folders), None)


def _old_targets(run: _Run) -> list[Path]:
    """Where the targets stood in the base; those that were not there are left out."""
    if not run.targets:
        return [run.old.folder]
    names = {new: old for old, new in run.changes.renamed.items()}
    shown = [display_path(target, run.root) for target in run.targets]
    return [path for name in shown if os.path.lexists(path := run.old.folder / names.get(name, name))]


def _ignored_settings(changes: Changes) -> list[Notice]:
    """That the change's own configuration does not count."""
    from scanner.config import FILE_NAME
    from scanner.core.location import Location

    return [
        Notice("the configuration of the base holds: this change of it does not count", Location(name))
        for name in sorted(changes.names)
        if name.rpartition("/")[2] == FILE_NAME
    ]


def _absent_submodules(run: _Run, config: Config) -> list[NotScanned]:
    """The submodules of the change that nobody has checked out, and so nobody has looked at."""
    hint = "git submodule update --init, or exclude it"
    folders = [run.root / file.new for file in run.changes.submodules]
    return [
        NotScanned(display_path(folder, run.root), "a submodule that is not checked out", hint)
        for folder in folders
        if _is_wanted(run, config, folder) and not (folder.is_dir() and any(folder.iterdir()))
    ]


def _absent_files(run: _Run, config: Config) -> list[NotScanned]:
    """The folders with inputs of the change that a sparse checkout leaves out."""
    files = [run.root / file.new for file in run.changes.files if file.new and not file.is_submodule]
    folders = {
        display_path(file.parent, run.root)
        for file in files
        if (file.name.lower().endswith(_INPUTS) or "templates" in file.parts)
        and not os.path.lexists(file)
        and _is_wanted(run, config, file)
    }
    return [
        NotScanned(folder, "files of the change are not checked out here", f"git sparse-checkout add {folder}")
        for folder in sorted(folders)
    ]


def _is_wanted(run: _Run, config: Config, path: Path) -> bool:
    """Whether a path lies in what is scanned, and is not excluded."""
    inside = any(path.is_relative_to(target) for target in run.targets or [run.root])
    return inside and not config.excludes(path.as_posix())


def _submodule_notice(name: str) -> Notice:
    from scanner.core.location import Location

    return Notice("the submodule has another commit: what it held before is not known here", Location(name))
