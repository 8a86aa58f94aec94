"""Which rules judge which files, and how strictly: the rules of a run, and what the configuration says of paths."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.config import Config, Layer
from scanner.core.errors import ConfigurationError, ConfigurationErrors
from scanner.policy.rule import Rule
from scanner.policy.ruleset import Overrides, RuleSet, load_ruleset
from scanner.policy.setting import RuleSetting

_OF_RULES = ("rule_folders", "builtin_rules", "select", "ignore", "parameters")
"""What of a configuration decides which rules are loaded, and how, beside the layers."""
_OFF = RuleSetting(enabled=False)


class Plan:
    """The rules for some files: by view and target those that can be judged at once and those that must wait."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._kept: dict[tuple[str, str], tuple[tuple[Rule, ...], tuple[Rule, ...]]] = {}
        self._by_type: dict[tuple[str, str, str], tuple[Rule, ...]] = {}

    def matching(self, view: str, target: str) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """The rules for a view's subjects in a target: those that read the subject only, then the relational ones."""
        kept = self._kept.get((view, target))
        if kept is None:
            rules = [rule for rule in self.rules if rule.view == view and target in rule.targets]
            kept = self._kept[view, target] = (
                tuple(rule for rule in rules if not rule.relational),
                tuple(rule for rule in rules if rule.relational),
            )
        return kept

    def matching_type(self, kind: str, target: str, each: str = "") -> tuple[Rule, ...]:
        """The rules for resources of a type in a target, or for all those of a region or an account at once."""
        kept = self._by_type.get((kind, target, each))
        if kept is None:
            kept = tuple(
                rule for rule in self.rules if kind in rule.types and target in rule.targets and rule.each == each
            )
            self._by_type[kind, target, each] = kept
        return kept


class Choice:
    """The rules of a run, and their plan for every path."""

    def __init__(self, ruleset: RuleSet, config: Config) -> None:
        self.ruleset = ruleset
        self.layers = config.layers
        self._plans: dict[tuple[int, ...], Plan] = {}
        self._limited = {number: layer.paths for number, layer in enumerate(config.layers) if layer.paths is not None}
        self._check()
        self.rules = self._everywhere(config)

    def views(self, target: str) -> frozenset[str]:
        """The views that some rule judges in a target."""
        return frozenset(rule.view for rule in self.rules if rule.view and target in rule.targets)

    def plan(self, path: str) -> Plan:
        """The rules for the file at the absolute `path`."""
        matching = tuple(number for number, paths in self._limited.items() if paths.match(path))
        if matching not in self._plans:
            self._plans[matching] = Plan(tuple(self._rules(matching)) if matching else self.ruleset.rules)
        return self._plans[matching]

    def _rules(self, matching: tuple[int, ...]) -> Iterator[Rule]:
        layers = [layer for number, layer in enumerate(self.layers) if layer.paths is None or number in matching]
        for rule in self.rules:
            changed = self.ruleset.configured(rule.info.id, list(self._settings(rule, layers)))
            if changed is not None:
                yield changed

    def _settings(self, rule: Rule, layers: list[Layer]) -> Iterator[RuleSetting]:
        for layer in layers:
            if any(self._means(selector, rule) for selector, _ in layer.ignore):
                yield _OFF
            for selector, setting in layer.rules.items():
                if self._means(selector, rule):
                    yield setting

    def _means(self, selector: str, rule: Rule) -> bool:
        return any(each.info.id == rule.info.id for each in self.ruleset.select(selector))

    def _everywhere(self, config: Config) -> tuple[Rule, ...]:
        """The rules that run somewhere: those of the run, and those that are only switched on for some paths."""
        running = {rule.info.id: rule for rule in self.ruleset.rules}
        layers = [self.layers[number] for number in self._limited]
        selected = self._ids(config.select) if config.select else None
        ignored = self._ids(config.ignore)
        for rule in self.ruleset.all:
            name = rule.info.id
            allowed = (selected is None or name in selected) and name not in ignored
            if name not in running and allowed and any(each.enabled for each in self._settings(rule, layers)):
                running[name] = rule
        return tuple(running[name] for name in sorted(running))

    def _ids(self, selectors: tuple[tuple[str, object], ...]) -> set[str]:
        return {rule.info.id for selector, _ in selectors for rule in self.ruleset.select(selector)}

    def _check(self) -> None:
        """Checks what is only applied to some paths. Raises ConfigurationErrors."""
        errors: list[ConfigurationError] = []
        for number in self._limited:
            layer = self.layers[number]
            try:
                self.ruleset.check(layer.rules)
            except ConfigurationErrors as several:
                errors.extend(several.errors)
            for selector, location in layer.ignore:
                try:
                    self.ruleset.select(selector, location)
                except ConfigurationError as error:
                    errors.append(error)
        if errors:
            raise ConfigurationErrors(errors)


def is_foreign(word: str) -> bool:
    """Whether a selector is about other scanners: `<tool>/<its rule>`, or `tool:NAME` for all of one."""
    return "/" in word or word.startswith("tool:")


def choose_rules(config: Config, *, cached: bool = True) -> Choice:
    """Loads the rules that `config` asks for; what it ignores of other scanners is no rule here.

    Raises RuleErrors and ConfigurationErrors.
    """
    from scanner.policy.cache import cache_folder

    config = _of_own_rules(config)
    ruleset = load_ruleset(
        config.rule_folders,
        builtin=config.builtin_rules,
        overrides=Overrides(config.select, config.ignore, _run_settings(config.layers), config.parameters),
        cache=cache_folder() if cached else None,
    )
    return Choice(ruleset, config)


def choose_as(known: Choice, before: Config, config: Config, *, cached: bool = True) -> Choice:
    """As `choose_rules`, without loading the rules once more where `config` asks for the same as `before`, for which
    `known` was made."""
    before, config = _of_own_rules(before), _of_own_rules(config)
    alike = all(getattr(before, name) == getattr(config, name) for name in _OF_RULES)
    if alike and _run_settings(before.layers) == _run_settings(config.layers):
        return Choice(known.ruleset, config)
    return choose_rules(config, cached=cached)


def _of_own_rules(config: Config) -> Config:
    return config._replace(ignore=tuple(entry for entry in config.ignore if not is_foreign(entry[0])))


def _run_settings(layers: tuple[Layer, ...]) -> dict[str, RuleSetting]:
    """The settings for all files, the later layers winning key by key."""
    merged: dict[str, RuleSetting] = {}
    for layer in layers:
        for selector, inner in layer.rules.items() if layer.paths is None else ():
            outer = merged.get(selector)
            merged[selector] = (
                inner
                if outer is None
                else RuleSetting(
                    outer.enabled if inner.enabled is None else inner.enabled,
                    inner.severity or outer.severity,
                    {**outer.parameters, **inner.parameters},
                    inner.location,
                    {**outer.parameter_locations, **inner.parameter_locations},
                )
            )
    return merged
