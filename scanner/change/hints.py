"""A scan of what changed files, which a hook gives as hints, lead to: each chart and project once, as a whole."""

import os
from collections.abc import Sequence
from pathlib import Path

from scanner.change.touched import Touched, narrow, touched, with_linked
from scanner.config import load_config
from scanner.core.errors import UsageError
from scanner.core.location import Location
from scanner.core.result import Notice
from scanner.discovery import Found, display_path
from scanner.scan import Options, Scan, Step, Tree, find_scan_root, judge_tree, with_baseline, with_flags


def scan_change(paths: Sequence[Path], options: Options, step: Step) -> Scan:
    """Judges what a change touches. Raises UsageError, ConfigurationErrors and RuleErrors."""
    change = options.change
    if any(str(path) == "-" for path in paths):
        raise UsageError("standard input has no base", hint="give files and folders of the repository")
    if change.hints and change.base:
        raise UsageError("--changed and --diff-base exclude each other", hint="leave one of them out")
    if change.hints:
        return _scan_hints(paths, options, step)
    from scanner.change.diff import scan_since

    return scan_since(paths, options, step)


def given_values(options: Options) -> tuple[Path, ...]:
    """The files of values that the command line gives, as real paths."""
    values = options.helm.values
    return tuple(Path(os.path.realpath(file)) for file in values.files) if values is not None else ()


def _scan_hints(paths: Sequence[Path], options: Options, step: Step) -> Scan:
    """The charts, projects and manifests that changed files belong to, each as a whole."""
    (here,), root = find_scan_root([])
    # A link is a file of its own here; the folders on the way to it are as they really are.
    files = [Path(os.path.realpath((here / path).parent)) / path.name for path in paths]
    names = frozenset(display_path(file, root) for file in files if file.is_relative_to(root))
    config = with_flags(load_config(root, root, options.config), options)
    wanted = Touched()
    links, notices = _links(root)

    def leave_touched(found: Found) -> None:
        nonlocal wanted, names
        found.links = links
        names = with_linked(found, names)
        wanted = touched(found, names, given_values(options))
        narrow(found, wanted, names)

    tree = Tree(root, [root], config, narrow=leave_touched, nested=options.config is None)
    judged = judge_tree(tree, options, step)
    if wanted.manifests and not wanted.everything:
        from scanner.change.judged import only_in_folders

        only_in_folders(judged.report, names)
    if options.others:
        here_too = {each.location.path for each in judged.report.findings if not each.rule.is_foreign} | names
        judged.report.findings = [each for each in judged.report.findings if each.location.path in here_too]
    judged.report.notices += notices
    judged.report.notices += [
        Notice("this file lies outside of the repository: it leads to nothing", Location(file.as_posix()))
        for file in sorted(set(files))
        if not file.is_relative_to(root)
    ]
    return with_baseline(judged, options)


def _links(root: Path) -> tuple[list[str], list[Notice]]:
    """The links of the repository, none where it is none; and what there is to say where git does not tell them."""
    if not (root / ".git").exists():
        return [], []
    from scanner.change.changes import links
    from scanner.change.git import Git

    try:
        return links(Git(root)), []
    except UsageError as error:
        said = f"what links lead to a changed file is not known: {error.message}"
        return [], [Notice(said, hint="see that git works in this repository")]
