"""Edits that leave a configuration as it is: files that move, YAML that is laid out anew, versions that rise."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml


def move(folder: Path) -> None:
    """Puts everything in a folder one level deeper."""
    inside = folder.with_name(f"{folder.name}-moving")
    folder.rename(inside)
    folder.mkdir()
    inside.rename(folder / "moved")


def lay_out_anew(text: str) -> str | None:
    """The same YAML with comments, other indentation and its keys in reverse; None for what PyYAML does not read."""
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        for node in documents:
            _reverse(node, set())
        written = yaml.serialize_all(documents, indent=4, width=10_000, explicit_start=True, Dumper=yaml.SafeDumper)
    except (yaml.YAMLError, RecursionError, AttributeError):
        return None
    return f"# laid out\n\n# anew\n{written}# the end\n"


def _reverse(node: yaml.Node | None, seen: set[int]) -> None:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        if len({str(key) for key in keys}) == len(keys):  # of a key that is there twice the last one counts
            node.value.reverse()
            node.flow_style = False
        for _, value in node.value:
            _reverse(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        node.flow_style = False
        for value in node.value:
            _reverse(value, seen)


def lay_out_files(folder: Path, pattern: str) -> int:
    """Lays out the files below a folder that fit the pattern; returns how many."""
    done = 0
    for path in sorted(folder.rglob(pattern)):
        if not path.is_file() or path.is_symlink():
            continue
        try:
            text = lay_out_anew(path.read_text("utf-8"))
        except (UnicodeDecodeError, OSError):
            continue
        if text is not None:
            path.write_text(text, "utf-8")
            done += 1
    return done


def raise_versions(folder: Path) -> int:
    """Raises the version of each chart below a folder that has no dependency; returns how many."""
    done = 0
    for path in sorted(folder.rglob("Chart.yaml")):
        text = path.read_text("utf-8")
        if (path.parents[2] / "Chart.yaml").exists() or "dependencies:" in text:
            continue  # other charts ask for a version of it, or it for one of theirs
        new = re.sub(r"^version:.*$", "version: 77.8.9", text, flags=re.MULTILINE)
        path.write_text(new, "utf-8")
        done += new != text
    return done


def copy(source: Path, target: Path) -> None:
    """A copy that can be edited."""
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
