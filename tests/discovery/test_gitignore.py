"""`.gitignore` against git itself, on seeded trees and patterns."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from scanner.gitignore import IgnoreFile, is_ignored, parse_ignore
from tests.conftest import is_long

NAMES = ["a", "b", "ab", "abc", "x.yaml", "foo", "*", "b c"]
FRAGMENTS = ["a", "b", "ab", "*", "a*", "*b", "?", "[ab]", "[!a]", "[a-b]", "**", "foo", "*.yaml", "x.yaml", "a**b"]
FRAGMENTS += ["\\*", "**b", "b\\ c", "b c", "[^a]"]

LINES = [
    ("*.log", "x.log", False, True),
    ("*.log", "a/x.log", False, True),
    ("/x", "x", False, True),
    ("/x", "a/x", False, False),
    ("a/b", "a/b", False, True),
    ("a/b", "c/a/b", False, False),
    ("**/b", "c/a/b", False, True),
    ("a/**", "a/b/c", False, True),
    ("a/**", "a", True, False),
    ("a/**/b", "a/b", False, True),
    ("build/", "build", True, True),
    ("build/", "build", False, False),
    ("*\n!keep", "keep", False, False),
    ("#x", "#x", False, False),
    ("\\#x", "#x", False, True),
    ("\\!x", "!x", False, True),
    ("x ", "x", False, True),
    ("x\\ ", "x ", False, True),
    ("\ufeffx", "x", False, False),
    ("x\r", "x", False, True),
    ("[b-a]", "a", False, False),
    ("[a", "[a", False, True),
]


@pytest.mark.parametrize(("text", "path", "is_folder", "expected"), LINES)
def test_one_file(text: str, path: str, is_folder: bool, expected: bool) -> None:
    file = parse_ignore(text, "")
    files = (file,) if file else ()
    assert is_ignored(files, path, path.rpartition("/")[2], is_folder=is_folder) is expected


def walk(root: Path, folder: str, files: tuple[IgnoreFile, ...], texts: dict[str, str]) -> set[str]:
    own = parse_ignore(texts[folder], folder) if folder in texts else None
    files = (*files, own) if own else files
    found = set()
    for name in sorted(entry.name for entry in (root / folder).iterdir()):
        path = f"{folder}/{name}" if folder else name
        is_folder = (root / path).is_dir()
        if name == ".git" or is_ignored(files, path, name, is_folder=is_folder):
            continue
        found |= walk(root, path, files, texts) if is_folder else {path}
    return found


def tree(root: Path, choose: random.Random) -> dict[str, str]:
    """A random tree with ignore files; the result are their texts by folder."""
    folders = {""}
    for _ in range(25):
        parts = [choose.choice(NAMES) for _ in range(choose.randint(1, 4))]
        file = root.joinpath(*parts)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        except OSError:
            continue  # a file stands where a folder is wanted
        folders.add("/".join(parts[:-1]))
    texts = {}
    for folder in sorted(folders):
        if not folder or choose.random() < 0.4:
            lines = []
            for _ in range(choose.randint(1, 6)):
                line = "/".join(choose.choice(FRAGMENTS) for _ in range(choose.randint(1, 3)))
                line = f"/{line}" if choose.random() < 0.3 else line
                line = f"{line}/" if choose.random() < 0.3 else line
                lines.append(f"!{line}" if choose.random() < 0.3 else line)
            texts[folder] = "\n".join(lines) + "\n"
            (root / folder / ".gitignore").write_text(texts[folder])
    return texts


def test_the_same_files_as_git(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for seed in range(400 if is_long(request.config) else 25):
        root = tmp_path / str(seed)
        root.mkdir()
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        texts = tree(root, random.Random(seed))
        run = subprocess.run(
            ["git", "-C", str(root), "-c", "core.excludesFile=", "ls-files", "-o", "--exclude-standard", "-z"],
            capture_output=True,
            check=True,
        )
        expected = set(run.stdout.decode().split("\0")) - {""}
        assert walk(root, "", (), texts) == expected, (seed, texts)
