"""The baseline on disk: JSON with an entry a line, sorted, so that git shows and merges what changed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from scanner.baseline.matching import Known
from scanner.core.errors import ConfigurationError, ConfigurationErrors
from scanner.core.location import Location
from scanner.core.route import format_route

FILE_NAME = ".groundrule-baseline.json"
SCHEMA = Path(__file__).with_name("baseline.schema.json")
VERSION = 1
MAX_BYTES = 50_000_000
Section = Literal["open", "waived", "unknown"]
SECTIONS: tuple[Section, ...] = ("open", "waived", "unknown")
_MOST_ERRORS = 20
_HINT = "correct it, or remove it and run groundrule baseline write"


class Entry(NamedTuple):
    """One finding of a baseline. `line` is where the file has it, 0 where that is not known; it is not written."""

    section: Section
    known: Known
    line: int = 0


def read_baseline(file: Path, display: str) -> list[Entry]:
    """The entries of `file`; one that counts several findings is several entries.

    Raises ConfigurationError and ConfigurationErrors for what is no baseline.
    """
    from scanner.policy.schema import load_schema

    text = _text(file, display)
    value = _value(text, display)
    lines = _entry_lines(text)
    problems = list(load_schema(SCHEMA)(value, ()))
    if problems:
        raise ConfigurationErrors(
            [
                ConfigurationError(
                    f"{format_route(problem.route)}: {problem.message}" if problem.route else problem.message,
                    Location(display, _line_of(problem.route, value, lines)),
                    problem.hint or _HINT,
                )
                for problem in problems[:_MOST_ERRORS]
            ]
        )
    numbered = iter(lines if len(lines) == sum(len(value[name]) for name in SECTIONS) else ())
    return [
        entry
        for section in SECTIONS
        for item in value[section]
        for entry in [_entry(section, item, next(numbered, 0))] * item.get("count", 1)
    ]


def baseline_text(entries: Iterable[Entry]) -> str:
    """The file that holds `entries`."""
    counts = Counter((entry.section, entry.known) for entry in entries)
    blocks = []
    for section in SECTIONS:
        lines = [_item(known, counts[name, known]) for name, known in sorted(counts) if name == section]
        inside = ",\n".join(f"    {json.dumps(line)}" for line in lines)
        blocks.append(f'  "{section}": [\n{inside}\n  ]' if lines else f'  "{section}": []')
    return f'{{\n  "schema": {VERSION},\n' + ",\n".join(blocks) + "\n}\n"


def _item(known: Known, count: int) -> dict[str, Any]:
    rule, kind, namespace, name, item = known.key
    fields = {"rule": rule, "type": kind, "namespace": namespace, "name": name, "item": item}
    found: dict[str, Any] = {key: text for key, text in fields.items() if text or key in ("rule", "type", "name")}
    if known.contents:
        found["content"] = "+".join(known.contents)
    found["path"] = known.path
    return found | ({"count": count} if count > 1 else {})


def _entry(section: Section, item: dict[str, Any], line: int) -> Entry:
    key = (item["rule"], item["type"], item.get("namespace", ""), item["name"], item.get("item", ""))
    contents = tuple(item["content"].split("+")) if "content" in item else ()
    return Entry(section, Known(key, contents, item["path"]), line)


def _text(file: Path, display: str) -> str:
    place = Location(display)
    try:
        if not file.is_file():
            raise ConfigurationError("there is no baseline", place, "groundrule baseline write makes one")
        if file.stat().st_size > MAX_BYTES:
            raise ConfigurationError(f"a baseline has at most {MAX_BYTES:,} bytes", place, _HINT)
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError("the baseline is no text in UTF-8", place, _HINT) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no name of a file"
        raise ConfigurationError(f"the baseline cannot be read: {reason}", place, "give another file") from error


def _value(text: str, display: str) -> Any:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        hint = "resolve the conflict, then run groundrule baseline write" if "\n<<<<<<<" in f"\n{text}" else _HINT
        raise ConfigurationError(f"not valid JSON: {error.msg}", Location(display, error.lineno), hint) from error
    except (RecursionError, ValueError) as error:
        raise ConfigurationError("no baseline: it is nested too deeply", Location(display), _HINT) from error
    version = value.get("schema") if isinstance(value, dict) else None
    if type(version) is int and version > VERSION:
        message = f"the baseline has the format {version}, which a later groundrule writes"
        raise ConfigurationError(message, Location(display), "use that version")
    return value


def _entry_lines(text: str) -> list[int]:
    """The lines of entries, as `baseline_text` writes them."""
    return [number for number, line in enumerate(text.split("\n"), 1) if line.lstrip().startswith('{"rule":')]


def _line_of(route: tuple[Any, ...], value: Any, lines: list[int]) -> int:
    """The line of the entry that a route leads into, 0 where that is not known."""
    if len(route) < 2 or route[0] not in SECTIONS or not isinstance(route[1], int):
        return 0
    sections: Iterator[Any] = (value.get(name) for name in SECTIONS[: SECTIONS.index(route[0])])
    before = sum(len(section) for section in sections if isinstance(section, list))
    return lines[before + route[1]] if before + route[1] < len(lines) else 0
