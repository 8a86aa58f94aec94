"""Suppressions: inline comments, Kubernetes annotations and waivers of the configuration, and what became of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scanner.config import WaiverEntry
from scanner.core.document import Comment, SourceText
from scanner.core.globs import name_matches
from scanner.core.location import Location
from scanner.core.patterns import late
from scanner.core.resource import Resource
from scanner.core.result import Finding, Notice, Waiver
from scanner.core.route import Route

ANNOTATION = "groundrule.dev/ignore"
_COMMENT = late(r"#+\s*groundrule\s*:\s*(.*)")
_IGNORE = late(r"ignore\s*\[([^\]]*)\]\s*[:-]?\s*(.*)")
_POD_TEMPLATES: tuple[Route, ...] = ((), ("spec", "template"), ("spec", "jobTemplate", "spec", "template"))
_COMMENTED_ROLES = frozenset({"template", "values"})
"""Related places at whose lines a comment suppresses a finding as well."""
_FORM = "write `# groundrule: ignore[rule-id] reason`"

Resolver = Callable[[str], frozenset[str] | None]
"""A rule's id, a former id or family:NAME → the ids of the rules meant; None where there is no such rule."""


class Commented(Protocol):
    """What has comments: a parsed document, or the text of a template."""

    path: str
    index: int
    source: SourceText

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments, in order."""
        ...


class Suppression:
    """One suppression in force. `words` are as written, `rules` what each means; `used` are the words that hit."""

    def __init__(
        self, words: tuple[str, ...], rules: dict[str, frozenset[str]], waiver: Waiver, location: Location
    ) -> None:
        self.words = words
        self.rules = rules
        self.waiver = waiver
        self.location = location
        self.used: set[str] = set()

    def hit(self, rule: str) -> bool:
        """Whether it is about `rule`, which then counts as used."""
        words = [word for word, rules in self.rules.items() if rule in rules]
        self.used.update(words)
        return bool(words)


class Suppressions:
    """Every suppression of a run. `today` is an ISO date; `suggest` gives the hint for an unknown rule."""

    def __init__(
        self, waivers: Sequence[WaiverEntry], resolve: Resolver, suggest: Callable[[str], str], today: str, root: str
    ) -> None:
        self.resolve = resolve
        self.suggest = suggest
        self.today = today
        self.root = root
        self.notices: dict[Notice, None] = {}
        self.inline: dict[tuple[str, int], list[Suppression]] = {}
        self.annotated: list[Suppression] = []
        self.read: set[tuple[str, int]] = set()
        self.waivers = [
            (entry, suppression)
            for entry in waivers
            if (
                suppression := self._suppression(
                    entry.rules, Waiver(entry.reason, entry.owner, entry.expires, "configuration"), entry.location
                )
            )
        ]

    def add_comments(self, documents: Iterable[Commented]) -> None:
        """Notes the inline comments of documents, each document once."""
        for document in documents:
            if "groundrule" in document.source.text and (document.path, document.index) not in self.read:
                self.read.add((document.path, document.index))
                comments = document.comments
                # The line below a block of comments, for each line of the block.
                below: dict[int, int] = {}
                for comment in reversed(comments):
                    if comment.alone:
                        below[comment.line] = below.get(comment.line + 1, comment.line + 1)
                for comment in comments:
                    self._comment(document.path, comment, below)

    def annotations(self, resource: Resource, pod_template: Route | None = None) -> tuple[Suppression, ...]:
        """The suppressions that the annotations of a Kubernetes object, or of its pod template, hold."""
        if resource.target != "kubernetes":
            return ()
        found: list[Suppression] = []
        for base in (*_POD_TEMPLATES, pod_template) if pod_template else _POD_TEMPLATES:
            route = (*base, "metadata", "annotations", ANNOTATION)
            text = _get(resource.attributes, route)
            if text is not None:
                found.extend(self._annotation(text, resource.origin.locate(route).location))
        self.annotated.extend(found)
        return tuple(found)

    def apply(self, finding: Finding, annotations: Sequence[Suppression] = ()) -> Finding:
        """`finding`, suppressed where something in force says so. Only what failed or is unknown can be."""
        if not (self.inline or self.waivers or annotations) or finding.outcome not in ("fail", "unknown"):
            return finding
        rule = finding.rule.id
        places = [finding.location, *(place for place, role in finding.related if role in _COMMENTED_ROLES)]
        lines = dict.fromkeys((place.path, place.line) for place in places)
        hits = [each for line in lines for each in self.inline.get(line, ()) if each.hit(rule)]
        hits += [each for each in annotations if each.hit(rule)]
        hits += [each for entry, each in self.waivers if self._covers(entry, finding) and each.hit(rule)]
        for suppression in hits:
            if not self._expired(suppression.waiver):
                return finding._replace(status="suppressed", waiver=suppression.waiver)
        return finding

    def words(self) -> Iterator[str]:
        """Every rule or selector that some suppression names."""
        inline = (suppression for each in self.inline.values() for suppression in each)
        for suppression in (*inline, *self.annotated, *(suppression for _, suppression in self.waivers)):
            yield from suppression.rules

    def finish(self, ran: frozenset[str], is_complete: Callable[[WaiverEntry], bool]) -> list[Notice]:
        """What there is to say of the suppressions once all findings are in.

        `ran` are the ids of the rules that were judged: what names only others is left alone, as is an unused waiver
        where the scan was too narrow to tell, which `is_complete` decides.
        """
        inline = [suppression for each in self.inline.values() for suppression in each]
        inline = list({id(each): each for each in inline}.values())
        for suppression in (*inline, *self.annotated):
            self._conclude(suppression, ran, complete=True)
        for entry, suppression in self.waivers:
            self._conclude(suppression, ran, complete=is_complete(entry))
        return sorted(self.notices, key=lambda notice: (notice.location or Location(""), notice.message))

    def _conclude(self, suppression: Suppression, ran: frozenset[str], *, complete: bool) -> None:
        judged = [word for word, rules in suppression.rules.items() if rules & ran]
        what = "waiver" if suppression.waiver.kind == "configuration" else "suppression"
        if self._expired(suppression.waiver):
            if suppression.used or (judged and complete):
                names = ", ".join(sorted(suppression.used) or judged)
                self._note(
                    f"the {what} of {names} expired on {suppression.waiver.expires}",
                    suppression.location,
                    "correct what it is about, or agree on a new date",
                )
            return
        unused = [word for word in judged if word not in suppression.used]
        if unused and complete:
            self._note(
                f"the {what} of {', '.join(unused)} is not used", suppression.location, "remove it: no finding needs it"
            )

    def _comment(self, path: str, comment: Comment, below: Mapping[int, int]) -> None:
        match = _COMMENT.match(comment.text)
        if not match:
            return
        end = comment.column + len(comment.text)
        place = Location(path, comment.line, comment.column, comment.line, end)
        ignore = _IGNORE.match(match[1])
        if not ignore:
            self._note("this comment is not understood", place, _FORM)
            return
        line = below.get(comment.line, comment.line)
        suppression = self._suppression(_words(ignore[1]), Waiver(ignore[2].strip(), kind="inline"), place)
        if suppression:
            self.inline.setdefault((path, line), []).append(suppression)

    def _annotation(self, text: object, place: Location) -> Iterator[Suppression]:
        if not isinstance(text, str):
            self._note(f"the annotation {ANNOTATION} must be a text", place, 'write "rule-id: reason; other: reason"')
            return
        for entry in re.split(r"[;\n]", text):
            words, _, reason = entry.partition(":")
            if words.strip() == "family":
                name, _, reason = reason.partition(":")
                words = f"family:{name.strip()}"
            if entry.strip():
                suppression = self._suppression(_words(words), Waiver(reason.strip(), kind="annotation"), place)
                if suppression:
                    yield suppression

    def _suppression(self, words: Sequence[str], waiver: Waiver, place: Location) -> Suppression | None:
        """A suppression of the rules that exist; notices for the others, and where no reason is given."""
        rules: dict[str, frozenset[str]] = {}
        for word in words:
            meant = self.resolve(word)
            if meant is None:
                self._note(f"there is no rule {word!r} to suppress", place, self.suggest(word))
            else:
                rules[word] = meant
        if not words:
            self._note("this suppression names no rule", place, _FORM)
        elif not waiver.reason.strip():
            self._note("this suppression gives no reason", place, "say why the finding is accepted")
        return Suppression(tuple(words), rules, waiver, place) if rules else None

    def _covers(self, entry: WaiverEntry, finding: Finding) -> bool:
        resource = finding.resource
        if entry.resource:
            names = [resource.name, resource.id]
            if resource.namespace:
                names.append(f"{resource.namespace}/{resource.name}")
            if not any(name and name_matches(name, entry.resource) for name in names):
                return False
        return entry.paths is None or entry.paths.match(f"{self.root}/{finding.location.path}")

    def _expired(self, waiver: Waiver) -> bool:
        return bool(waiver.expires) and waiver.expires < self.today

    def _note(self, message: str, location: Location, hint: str) -> None:
        notice = Notice(message, location, hint)
        self.notices.setdefault(notice)


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[,\s]+", text) if word))


def _get(value: object, route: Route) -> object:
    for step in route:
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value
