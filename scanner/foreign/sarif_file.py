"""Reads the SARIF of any scanner (2.1.0) into results; what is broken in it is told, and nothing in it is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, TypeGuard
from urllib.parse import unquote, urlsplit

from scanner.core.errors import UsageError
from scanner.core.location import Location
from scanner.core.result import NotScanned, RuleInfo, Waiver
from scanner.foreign.results import ForeignResult, ForeignResults, Reader, secrets_at
from scanner.foreign.severity import of_checkov, of_sarif

MAX_BYTES = 200_000_000
_NO_FINDING = frozenset({"pass", "notApplicable", "informational"})
_UNCERTAIN = frozenset({"open", "review"})
_SECRET_TOOLS = frozenset({"gitleaks", "trufflehog", "detect-secrets", "ggshield", "noseyparker"})
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.){1,500})\]\([^()\s]{1,2000}\)")
_ADDRESS = re.compile(r"https://[\w.~:/?#@!$&'*+,;=%-]{1,2000}", re.ASCII)
_PLACEHOLDER = re.compile(r"\{(\d{1,3})\}")
_LONGEST_MESSAGE = 4000
_LONGEST_ID = 255


def read_sarif(file: Path, root: Path, read: Reader) -> list[ForeignResults]:
    """The results of each run of a file. Paths become relative to `root`; a result without a place in it stands at
    the SARIF file itself. Raises UsageError for what is no SARIF 2.1.0."""
    log = _load(file)
    found = []
    for number, run in enumerate(log["runs"]):
        if not isinstance(run, dict):
            raise _broken(file, f"runs[{number}] is no object")
        found.append(_Run(file, number, run, root.resolve(), read).results())
    return found


def tool_id(name: str) -> str:
    """A tool's name as the first part of ids: `Trivy` is trivy, `KubeLinter 0.8` kubelinter-0-8."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "unnamed"


def _load(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise _broken(file, f"it is larger than {MAX_BYTES:,} bytes")
        log = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", hint="correct --merge") from error
    except (ValueError, RecursionError) as error:
        raise _broken(file, f"it is no JSON: {error}") from error
    if not isinstance(log, dict) or not isinstance(log.get("runs"), list):
        raise _broken(file, "it has no runs")
    if log.get("version") != "2.1.0":
        raise _broken(file, f"its version is {json.dumps(log.get('version'))[:40]}, not 2.1.0")
    return log


def _broken(file: Path, why: str) -> UsageError:
    return UsageError(f"{file} is no SARIF that can be merged: {why}", hint="let its scanner write SARIF 2.1.0")


class _Run:
    """One run of a SARIF log. Every look into it checks the type: the file may come from anywhere."""

    def __init__(self, file: Path, number: int, run: dict[str, Any], root: Path, read: Reader) -> None:
        self.file, self.run, self.root, self.read = file, run, root, read
        tool = _object(run.get("tool"))
        self.driver = _object(tool.get("driver"))
        self.components = [self.driver, *map(_object, _list(tool.get("extensions")))]
        self.rules = [[_object(rule) for rule in _list(component.get("rules"))] for component in self.components]
        self.named = [{_text(rule.get("id")): rule for rule in rules} for rules in self.rules]
        self.name = _text(self.driver.get("name"))
        if not self.name:
            raise _broken(file, f"runs[{number}] does not name its tool")
        self.tool = tool_id(self.name)
        self.infos: dict[tuple[str, str], RuleInfo] = {}
        self.paths: dict[tuple[str, str, str], str | None] = {}
        self.place = Location(self._relative(file.resolve().as_posix()) or file.name)

    def results(self) -> ForeignResults:
        """All that the run says."""
        found = ForeignResults(self.tool, self.place.path)
        results = self.run.get("results")
        if not isinstance(results, list):
            # The specification: null or absent where the scan did not get as far as results.
            found.not_scanned.append(self._incomplete("it ended without results"))
        for number, result in enumerate(_list(results)):
            made = self._result(result) if isinstance(result, dict) else None
            if made is None:
                found.not_scanned.append(self._incomplete(f"results[{number}] cannot be read"))
            elif not _is_left_out(result):
                found.results.append(made)
                found.secrets |= self._secrets(result, made)
        found.not_scanned.extend(self._failures())
        return found

    def _failures(self) -> Iterator[NotScanned]:
        """What the tool itself could not do."""
        for invocation in map(_object, _list(self.run.get("invocations"))):
            notifications = [
                *_list(invocation.get("toolExecutionNotifications")),
                *_list(invocation.get("toolConfigurationNotifications")),
            ]
            errors = [each for each in map(_object, notifications) if each.get("level") == "error"]
            for notification in errors:
                place = self._location(_first(notification.get("locations")))
                message = self._message(notification.get("message"), {}) or "an error without a message"
                yield self._incomplete(message, place)
            if invocation.get("executionSuccessful") is False and not errors:
                yield self._incomplete("its run did not end well")

    def _incomplete(self, reason: str, place: Location | None = None) -> NotScanned:
        where = place or self.place
        hint = f"run {self.name} again and look at what it prints"
        return NotScanned(where.path, f"{self.name}: {reason}", hint, where.line, where.column, self.tool)

    def _result(self, result: dict[str, Any]) -> ForeignResult | None:
        identifier, rule = self._rule(result)
        message = self._message(result.get("message"), rule)
        if not identifier and not message:
            return None
        places = map(self._location, _list(result.get("locations")))
        location = next((place for place in places if place is not None), self.place)
        level = _text(result.get("level")) or _text(_object(rule.get("defaultConfiguration")).get("level")) or "warning"
        info = self._info(identifier if identifier.strip() else "result", rule, level, result)
        name = _text(_first(_object(_first(result.get("locations"))).get("logicalLocations")).get("fullyQualifiedName"))
        outcome = "unknown" if result.get("kind") in _UNCERTAIN else "fail"
        return ForeignResult(info, message or info.title, location, name, _waiver(result), outcome)  # type: ignore[arg-type]

    def _rule(self, result: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The id of a result's rule, and what the run says of the rule ({} where nothing)."""
        reference = _object(result.get("rule"))
        component = self._component(_object(reference.get("toolComponent")))
        index = result.get("ruleIndex", reference.get("index"))
        identifier = _text(result.get("ruleId")) or _text(reference.get("id"))
        if _is_index(index, len(self.rules[component])):
            rule = self.rules[component][index]
            return identifier or _text(rule.get("id")), rule
        # An id may be `rule/sub`: its rule is then `rule`. Many tools do not say of which component it is.
        names = (identifier, identifier.rpartition("/")[0])
        found = (named[name] for named in (self.named[component], *self.named) for name in names if name in named)
        return identifier, next(found, {})

    def _component(self, reference: dict[str, Any]) -> int:
        """Which component a rule is of: the tool itself, 0, or an extension by its index, guid or name."""
        index = reference.get("index")
        if _is_index(index, len(self.components) - 1):
            return index + 1
        named = [(_text(reference.get(key)), key) for key in ("guid", "name")]
        same = (
            number
            for text, key in named
            for number, each in enumerate(self.components)
            if text and each.get(key) == text
        )
        return next(same, 0)

    def _info(self, identifier: str, rule: dict[str, Any], level: str, result: dict[str, Any]) -> RuleInfo:
        known = self.infos.get((identifier, level))
        if known is None:
            title = self._words(rule, "shortDescription") or _text(rule.get("name")) or identifier
            number = _object(rule.get("properties")).get("security-severity")
            if number is None:
                number = _object(result.get("properties")).get("security-severity")
            severity = of_checkov(title) if self.tool == "checkov" and number is None else of_sarif(level, number)
            address = _text(rule.get("helpUri"))
            known = self.infos[identifier, level] = RuleInfo(
                id=f"{self.tool}/{' '.join(identifier.split())[:_LONGEST_ID]}",
                title=title,
                family=self.tool,
                severity=severity,
                rationale=self._words(rule, "fullDescription") or title,
                remediation={"": f"See {address}"} if _ADDRESS.fullmatch(address) else {},
                targets=("repository",),
            )
        return known

    def _words(self, rule: dict[str, Any], name: str) -> str:
        return _plain(_text(_object(rule.get(name)).get("text")))

    def _message(self, message: Any, rule: dict[str, Any]) -> str:
        """The text of a message, of its own or by the name that the rule or the tool has it under."""
        message = _object(message)
        text = _text(message.get("text"))
        if not text:
            name = _text(message.get("id"))
            strings = (rule.get("messageStrings"), self.driver.get("globalMessageStrings"))
            texts = (_text(_object(_object(each).get(name)).get("text")) for each in strings)
            text = next((each for each in texts if each), "")
        arguments = [str(each) for each in _list(message.get("arguments"))]
        filled = _PLACEHOLDER.sub(
            lambda match: arguments[int(match[1])] if int(match[1]) < len(arguments) else match[0], text
        )
        return _plain(filled)

    def _location(self, location: Any) -> Location | None:
        physical = _object(_object(location).get("physicalLocation"))
        path = self._path(_object(physical.get("artifactLocation")))
        if path is None:
            return None
        region = _object(physical.get("region"))
        line = _number(region.get("startLine")) or self._line_at(path, region)
        if not line:
            return Location(path)
        column = _number(region.get("startColumn"))
        end = _number(region.get("endLine")) or line
        end_column = _number(region.get("endColumn")) if column else 0
        return Location(path, line, column or 1, max(end, line), end_column or column or 1)

    def _line_at(self, path: str, region: dict[str, Any]) -> int:
        """The line of a region that is told in characters or bytes; 0 where it is not, or nobody can tell."""
        for key in ("charOffset", "byteOffset"):
            offset = region.get(key)
            if _is_index(offset, MAX_BYTES) and self.read(path) is not None:
                data = (self.root / path).read_bytes()
                before = data[:offset] if key == "byteOffset" else data.decode("utf-8-sig")[:offset].encode()
                return before.count(b"\n") + 1
        return 0

    def _path(self, artifact: dict[str, Any]) -> str | None:
        """A place in the repository as `a/b`; None for what lies elsewhere."""
        key = (_text(artifact.get("uri")), _text(artifact.get("uriBaseId")), str(artifact.get("index"))[:20])
        if key not in self.paths:
            self.paths[key] = self._resolved(artifact)
        return self.paths[key]

    def _resolved(self, artifact: dict[str, Any]) -> str | None:
        index = artifact.get("index")
        artifacts = _list(self.run.get("artifacts"))
        uri = _text(artifact.get("uri"))
        if not uri and _is_index(index, len(artifacts)):
            artifact = _object(_object(artifacts[index]).get("location"))
            uri = _text(artifact.get("uri"))
        if not uri:
            return None
        bases = _object(self.run.get("originalUriBaseIds"))
        base = _text(artifact.get("uriBaseId"))
        uris = [uri]
        for _ in range(8):  # a base may have a base
            above = _object(bases.get(base))
            folder = _text(above.get("uri"))
            if folder and not _is_absolute(uris[-1]):
                uris.append(folder.removesuffix("/") + "/" + uris[-1])
            base = _text(above.get("uriBaseId"))
        *steps, whole = map(self._at, uris)
        # The bases may be those of another machine or of a container, which has the repository elsewhere.
        here = (path for path in reversed(steps) if path is not None and self.read(path) is not None)
        return whole if whole is not None else next(here, None)

    def _at(self, uri: str) -> str | None:
        """What `_path` says of one address."""
        if _is_absolute(uri) and not uri.startswith("file:"):
            return None
        try:
            return self._relative(unquote(urlsplit(uri).path if uri.startswith("file:") else uri))
        except ValueError:
            return None

    def _relative(self, path: str) -> str | None:
        path = path.replace("\\", "/")
        if "\0" in path or any("\ud800" <= sign <= "\udfff" for sign in path):
            return None  # no name that a file can have
        if path.startswith("/"):
            root = self.root.as_posix().rstrip("/") + "/"
            if not path.startswith(root):
                return None
            path = path[len(root) :]
        parts: list[str] = []
        for part in PurePosixPath(path).parts:
            if part == ".." and not parts:
                return None
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        return "/".join(parts) or None

    def _secrets(self, result: dict[str, Any], made: ForeignResult) -> set[str]:
        """What the result shows of a secret: the text of its region, where the tool or the rule is about secrets."""
        _, rule = self._rule(result)
        tags = [_text(tag).lower() for tag in _list(_object(rule.get("properties")).get("tags"))]
        whole = self.tool in _SECRET_TOOLS or any("secret" in tag for tag in tags)
        found = secrets_at(self.read(made.location.path), [made.location], whole=whole)
        for location in map(_object, _list(result.get("locations")) if whole else ()):
            region = _object(_object(location.get("physicalLocation")).get("region"))
            snippet = _text(_object(region.get("snippet")).get("text"))
            found |= {snippet} if snippet else set()
        return found


def _is_left_out(result: dict[str, Any]) -> bool:
    """Whether the tool says that there is nothing: the result passed, or stands in the log because it is gone."""
    return result.get("kind") in _NO_FINDING or result.get("baselineState") == "absent"


def _waiver(result: dict[str, Any]) -> Waiver | None:
    suppressions = [_object(each) for each in _list(result.get("suppressions"))]
    # One that nobody has accepted yet, or that somebody has refused, outweighs the others.
    if not suppressions or any(each.get("status") in ("underReview", "rejected") for each in suppressions):
        return None
    reason = _plain(_text(suppressions[0].get("justification"))) or "suppressed for the scanner that found it"
    return Waiver(reason, kind="inline" if suppressions[0].get("kind") == "inSource" else "configuration")


def _plain(text: str) -> str:
    """A message without the links that SARIF allows in it."""
    return _LINK.sub(r"\1", text)[:_LONGEST_MESSAGE].strip()


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(value: Any) -> dict[str, Any]:
    return _object(value[0]) if isinstance(value, list) and value else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else 0


def _is_index(value: Any, length: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < length


def _is_absolute(uri: str) -> bool:
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", uri))
