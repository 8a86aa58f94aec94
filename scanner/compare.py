"""Compares the json results of two scans: what is new, fixed and unchanged, and what cannot be compared."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scanner.core.comparison import Comparison, Incomparable, Result
from scanner.core.errors import UsageError
from scanner.core.result import SEVERITIES

MOST_BYTES = 1 << 30
"""Of the unpacked results; more is no file of ours."""
_TEXTS = ("rule", "outcome", "unknown_kind", "status", "message", "target", "fingerprint")
_OUTCOMES = frozenset({"pass", "fail", "error", "unknown"})
_KINDS = {"compose": ("compose",), "kubernetes": ("kubernetes", "helm"), "aws": ("aws",)}
"""The target of a rule → the kinds of inputs that it judges."""
_SECTION = re.compile(r"(\S+) in (\S+) \(([^)]*)\): ")
_OF_ONE_THING = ("the account ", "the rules need ")
"""How the reasons begin that name an account or types; what else is said of a snapshot concerns all of it."""
_WORD = re.compile(r"[\w:]+")
_EVERYWHERE = ("global", "*")
"""What stands in the place of a region where a list call tells of all of them."""


class Results(NamedTuple):
    """The results of one scan. `findings` are by fingerprint; `undecided` the rules that could not judge anything of a
    type, as (rule, account, region)."""

    version: str
    rules: frozenset[str]
    findings: dict[str, Result]
    undecided: dict[tuple[str, str, str], str]
    scanned: list[dict[str, Any]]
    not_scanned: list[dict[str, Any]]


def compare(old: Results, new: Results) -> Comparison:
    """What became of the open findings of `old`, and what `new` has besides."""
    result = Comparison([], [], [], [], [], list(_notes(old, new)))
    for finding in new.findings.values():
        _place_new(finding, old, new, result)
    for finding in filter(_is_open, old.findings.values()):
        now = new.findings.get(finding["fingerprint"])
        if now is None and (reason := _gap(finding, old, new) or _gone(finding, old, new)):
            result.incomparable.append(Incomparable(finding, f"not judged now: {reason}"))
        elif now is None or now["outcome"] == "pass":
            result.fixed.append(finding)
    for found in (result.new, result.fixed, result.unchanged, result.accepted):
        found.sort(key=_rank)
    result.incomparable.sort(key=lambda each: _rank(each.result))
    return result


_NONE: Result = {"outcome": "", "status": "", "message": ""}


def _place_new(finding: Result, old: Results, new: Results, result: Comparison) -> None:
    """Puts a result of the newer scan where it belongs."""
    before = old.findings.get(finding["fingerprint"], _NONE)
    if finding["outcome"] == "pass":
        return
    if finding["status"] != "open":
        if _is_open(before):
            result.accepted.append(finding)
    elif finding["outcome"] != "fail":
        ordinary = finding["outcome"] == "unknown" and finding["unknown_kind"] == "variable"
        result.incomparable.append(Incomparable(finding, f"not known now: {finding['message']}", ordinary))
    elif _is_open(before):
        result.unchanged.append(finding)
    elif before["outcome"] in ("unknown", "error"):
        result.incomparable.append(Incomparable(finding, f"not known before: {before['message']}"))
    elif before is _NONE and (reason := _gap(finding, new, old) or _never_asked(finding, old)):
        result.incomparable.append(Incomparable(finding, f"not judged before: {reason}"))
    else:
        result.new.append(finding)


def _is_open(finding: Result) -> bool:
    return bool(finding["outcome"] == "fail" and finding["status"] == "open")


def _rank(finding: Result) -> int:
    return SEVERITIES.index(finding["severity"])


def _notes(old: Results, new: Results) -> Iterator[str]:
    if old.version != new.version:
        yield f"the results are of different versions of groundrule: {old.version} and {new.version}"
    added, dropped = new.rules - old.rules, old.rules - new.rules
    for rules, when in ((added, "now, but not before"), (dropped, "before, but not now")):
        if rules:
            number = "1 rule was" if len(rules) == 1 else f"{len(rules)} rules were"
            yield f"{number} judged {when}: {', '.join(sorted(rules)[:5])}{' ...' if len(rules) > 5 else ''}"


def _gap(finding: Result, own: Results, other: Results) -> str:
    """Why `other`, which has no such result, says nothing of a finding of `own`; '' where it does."""
    if finding["rule"] not in other.rules:
        return f"the rule {finding['rule']} was not among those judged"
    if finding["target"] == "aws":
        return _gap_of_account(finding, other)
    return _gap_of_files(finding, own, other)


def _gap_of_account(finding: Result, other: Results) -> str:
    resource = finding["resource"]
    kind, account, region = resource["type"], resource["account"], resource["region"]
    for each in (region, *_EVERYWHERE):
        if (finding["rule"], account, each) in other.undecided:
            return other.undecided[finding["rule"], account, each]
    snapshots = {entry["path"] for entry in other.scanned if entry["kind"] == "aws"}
    for entry in other.not_scanned:
        reason, words = entry["reason"], set(_WORD.findall(entry["reason"]))
        if section := _SECTION.match(reason):
            regions = section[3].split(", ")
            concerns = (
                section[1] == kind and section[2] == account and any(each in regions for each in (region, *_EVERYWHERE))
            )
        elif reason.startswith(_OF_ONE_THING):
            concerns = kind in words or account in words
        else:
            concerns = entry["path"] in snapshots
        if concerns:
            return str(reason)
    return ""


def _never_asked(finding: Result, other: Results) -> str:
    """Why a finding says nothing of a change: that its kind of input or its place in an account was not scanned."""
    kinds = _KINDS.get(finding["target"], ())
    inputs = [entry for entry in other.scanned if entry["kind"] in kinds]
    if kinds and not inputs:
        return f"nothing of {finding['target']} was scanned"
    if finding["target"] == "aws":
        place = f"{finding['resource']['account']}/{finding['resource']['region']}"
        if not any(place in entry["places"] for entry in inputs):
            return f"{place} was not scanned"
    return ""


def _gone(finding: Result, own: Results, other: Results) -> str:
    """Why a finding that is missing may hold still: that its input was not scanned again."""
    reason = _never_asked(finding, other)
    if reason or finding["target"] == "aws":
        return reason
    unit = _input_of(finding, own)
    if unit and not any(entry["path"] == unit for entry in other.scanned):
        return f"{unit} was not scanned"
    return ""


def _gap_of_files(finding: Result, own: Results, other: Results) -> str:
    path = finding["location"]["path"]
    unit = _input_of(finding, own) or path.rpartition("/")[0]
    for entry in other.not_scanned:
        if _touches(entry["path"], unit) or entry["path"] == path:
            return f"{entry['path']} was not scanned: {entry['reason']}"
    return ""


def _input_of(finding: Result, own: Results) -> str:
    """The input that a finding was made of: its file, or the nearest folder above; '' where none is listed."""
    path = finding["location"]["path"]
    above = [entry["path"] for entry in own.scanned if path == entry["path"] or path.startswith(entry["path"] + "/")]
    return max(above, key=len, default="")


def _touches(path: str, unit: str) -> bool:
    """Whether a path is `unit`, within it or above it."""
    return not unit or path == unit or path.startswith(unit + "/") or unit.startswith(path + "/")


def read_results(path: Path) -> Results:
    """The results in a file that `groundrule scan -f json` wrote, packed with gzip or not.

    Raises UsageError for any other file.
    """
    try:
        data = json.loads(_unpacked(path))
    except (ValueError, RecursionError) as error:
        what = "cut off or damaged" if _claims_to_be_ours(path) else "no results of groundrule"
        raise UsageError(f"{path} is {what}: it is no JSON", hint=_WRITE) from error
    if not isinstance(data, dict) or data.get("tool") != "groundrule" or not isinstance(data.get("results"), list):
        raise UsageError(f"{path} holds no results of groundrule", hint=_WRITE)
    try:
        return _results(data)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{path} holds results that cannot be read: {_what(error)}",
            hint="was it written by an older or newer groundrule? Scan again: both results by the same version",
        ) from error


_WRITE = "groundrule scan -o json=FILE writes them"


def _what(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _unpacked(path: Path) -> bytes:
    import gzip

    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            stream = gzip.GzipFile(fileobj=file) if packed else file
            data = stream.read(MOST_BYTES + 1)
    except (EOFError, zlib.error) as error:
        raise UsageError(f"{path} is cut off or damaged", hint=_WRITE) from error
    except OSError as error:
        if error.errno is None:  # gzip's own
            raise UsageError(f"{path} is cut off or damaged", hint=_WRITE) from error
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint="give two files of results") from error
    if len(data) > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES >> 20} MB", hint=_WRITE)
    return data


def _claims_to_be_ours(path: Path) -> bool:
    return _unpacked(path)[:200].lstrip().startswith(b'{\n  "tool": "groundrule"')


def _results(data: dict[str, Any]) -> Results:
    """Checked as far as it is read. Raises KeyError, TypeError and ValueError."""
    findings: dict[str, Result] = {}
    undecided: dict[tuple[str, str, str], str] = {}
    for each in data["results"]:
        _check(each)
        findings.setdefault(each["fingerprint"], each)
        resource = each["resource"]
        if (
            each["outcome"] in ("unknown", "error")
            and resource["name"] == f"{resource['account']}/{resource['region']}"
        ):
            undecided.setdefault((each["rule"], resource["account"], resource["region"]), each["message"])
    for name in ("scanned", "not_scanned"):
        _all_texts(name, data[name], ("path", "kind") if name == "scanned" else ("path", "reason"))
    for entry in data["scanned"]:
        _texts("places", entry["places"])
    return Results(
        str(data["version"]),
        frozenset(_texts("rules", data["rules"])),
        findings,
        undecided,
        data["scanned"],
        data["not_scanned"],
    )


def _check(result: Any) -> None:
    if not isinstance(result, dict):
        raise TypeError("a result is no object")
    _all_texts("results", [result], _TEXTS)
    _all_texts("resource", [result["resource"]], ("type", "namespace", "name", "account", "region"))
    _all_texts("location", [result["location"]], ("path",))
    if not isinstance(result["location"]["line"], int):
        raise TypeError("line is no number")
    if result["outcome"] not in _OUTCOMES or result["severity"] not in SEVERITIES:
        raise ValueError("an outcome or a severity is none of ours")
    if not result["fingerprint"]:
        raise ValueError("a result has no fingerprint")


def _all_texts(what: str, entries: Any, names: tuple[str, ...]) -> None:
    for entry in entries:
        if not isinstance(entry, dict):
            raise TypeError(f"an entry of {what} is no object")
        for name in names:
            if not isinstance(entry[name], str):
                raise TypeError(f"{name} is no text")


def _texts(what: str, entries: Any) -> list[str]:
    if not isinstance(entries, list) or not all(isinstance(each, str) for each in entries):
        raise TypeError(f"{what} is no list of texts")
    return entries
