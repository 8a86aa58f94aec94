"""The rules of a run: loaded from folders, chosen and configured."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, get_args

from scanner.core.errors import ConfigurationError, ConfigurationErrors, RuleErrors
from scanner.core.location import Location
from scanner.core.result import Severity
from scanner.policy.cache import Cache
from scanner.policy.load import builtin_folder, check_unique, load_folder
from scanner.policy.rule import Rule
from scanner.policy.setting import RuleSetting

Selector = tuple[str, Location | None]
"""A rule's id or former id, `family:NAME` or `framework:NAME`, and where it is written (None: the command line)."""


class Overrides(NamedTuple):
    """What holds for a whole run. `select` empty takes every rule; `ignore` takes some out again.

    `rules` says more of single rules, by selector; of several entries for one rule the later says the last word. A rule
    that `select` names by its id runs although `rules` switches it off. `parameters` holds for every rule that has a
    parameter of that name, and `rules` wins over it.
    """

    select: tuple[Selector, ...] = ()
    ignore: tuple[Selector, ...] = ()
    rules: Mapping[str, RuleSetting] = {}
    parameters: Mapping[str, tuple[Any, Location]] = {}


NO_OVERRIDES = Overrides()


class RuleSet:
    """Loaded rules, by id. `rules` are those of this run, as configured; `all` are those loaded."""

    def __init__(self, loaded: Sequence[Rule], overrides: Overrides = NO_OVERRIDES) -> None:
        self.all: tuple[Rule, ...] = tuple(loaded)
        self._by_name = {name: rule for rule in loaded for name in (rule.info.id, *rule.info.aliases)}
        self._variants: dict[tuple[str, tuple[int, ...]], tuple[Rule | None, tuple[RuleSetting, ...]]] = {}
        self._running: dict[str, Rule] = {}
        self.rules: tuple[Rule, ...] = tuple(self._chosen(overrides))
        self._running = {rule.info.id: rule for rule in self.rules}

    def get(self, name: str) -> Rule | None:
        """The loaded rule with an id or a former id; None where there is none. It is as configured if it runs."""
        rule = self._by_name.get(name)
        return self._running.get(rule.info.id, rule) if rule else None

    def find(self, name: str, location: Location | None = None) -> Rule:
        """As `get`. Raises ConfigurationError, with what may have been meant, where there is none."""
        rule = self.get(name)
        if rule is None:
            raise self._no_such(name, location)
        return rule

    def select(self, selector: str, location: Location | None = None) -> tuple[Rule, ...]:
        """The loaded rules that a selector names. Raises ConfigurationError where it names none."""
        kind, colon, name = selector.partition(":")
        if not colon:
            return (self.find(selector, location),)
        if kind == "family":
            known: dict[str, list[Rule]] = {}
            for rule in self.all:
                known.setdefault(rule.info.family, []).append(rule)
        elif kind == "framework":
            known = {}
            for rule in self.all:
                for framework in sorted({control["framework"] for control in rule.info.controls}):
                    known.setdefault(framework, []).append(rule)
        else:
            raise ConfigurationError(
                f"'{selector}' selects nothing", location, "write a rule's id, family:NAME or framework:NAME"
            )
        if name not in known:
            raise ConfigurationError(f"no rule has the {kind} '{name}'", location, _closest(name, known))
        return tuple(known[name])

    def configured(self, rule_id: str, settings: Sequence[RuleSetting]) -> Rule | None:
        """The rule with settings on top of those of the run, the later ones winning; None where they switch it off.

        The same settings give the same rule object again. Raises ConfigurationErrors.
        """
        rule = self.find(rule_id)
        key = (rule.info.id, tuple(id(setting) for setting in settings))
        known = self._variants.get(key)
        if known is None:
            # The settings are kept so that their ids stay theirs.
            known = self._variants[key] = (_apply(rule, settings), tuple(settings))
        return known[0]

    def check(self, rules: Mapping[str, RuleSetting]) -> None:
        """Checks settings that are only applied later. Raises ConfigurationErrors with all that is wrong."""
        errors: list[ConfigurationError] = []
        for selector, setting in rules.items():
            try:
                for rule in self.select(selector, setting.location):
                    _apply(rule, (setting,))
            except ConfigurationErrors as several:
                errors.extend(several.errors)
            except ConfigurationError as error:
                errors.append(error)
        if errors:
            raise ConfigurationErrors(errors)

    def _chosen(self, overrides: Overrides) -> Iterator[Rule]:
        self.check(overrides.rules)
        errors: list[ConfigurationError] = []
        selected, named = self._ids(overrides.select, errors)
        ignored, _ = self._ids(overrides.ignore, errors)
        known = {name for rule in self.all for name in rule.parameters} if overrides.parameters else set()
        for name, (_, location) in overrides.parameters.items():
            if name not in known:
                errors.append(ConfigurationError(f"no rule has a parameter '{name}'", location, _closest(name, known)))
        if errors:
            raise ConfigurationErrors(errors)
        settings: dict[str, list[RuleSetting]] = {}
        for selector, setting in overrides.rules.items():
            for rule in self.select(selector, setting.location):
                settings.setdefault(rule.info.id, []).append(setting)
        for rule in self.all:
            name = rule.info.id
            if (overrides.select and name not in selected) or name in ignored:
                continue
            said = [*_shared(rule, overrides.parameters), *settings.get(name, [])]
            if not said:
                yield rule
                continue
            if name in named:
                said = [*said, RuleSetting(enabled=True)]
            configured = _apply(rule, said)
            if configured is not None:
                yield configured

    def _ids(self, selectors: Sequence[Selector], errors: list[ConfigurationError]) -> tuple[set[str], set[str]]:
        """The ids of the rules that selectors name, and of those that are named one by one."""
        found: set[str] = set()
        named: set[str] = set()
        for selector, location in selectors:
            try:
                ids = {rule.info.id for rule in self.select(selector, location)}
            except ConfigurationError as error:
                errors.append(error)
                continue
            found |= ids
            if ":" not in selector:
                named |= ids
        return found, named

    def _no_such(self, name: str, location: Location | None) -> ConfigurationError:
        hint = _closest(name, self._by_name) or "`groundrule rules list` shows the rules"
        return ConfigurationError(f"there is no rule '{name}'", location, hint)


def _shared(rule: Rule, parameters: Mapping[str, tuple[Any, Location]]) -> Iterator[RuleSetting]:
    """What values for all rules say of one, as a setting."""
    own = {name: each for name, each in parameters.items() if name in rule.parameters}
    if own:
        values = {name: value for name, (value, _) in own.items()}
        yield RuleSetting(parameters=values, parameter_locations={name: place for name, (_, place) in own.items()})


def load_ruleset(
    folders: Sequence[Path] = (),
    *,
    builtin: bool = True,
    overrides: Overrides = NO_OVERRIDES,
    cache: Path | None = None,
) -> RuleSet:
    """The rules of groundrule and those of `folders`, checked, chosen and configured.

    `cache` is the folder for compiled rules (`scanner.policy.cache.cache_folder`), None for none. Raises RuleErrors
    with everything that is wrong with rule files, and ConfigurationErrors with what is wrong with `overrides`.
    """
    store = Cache(cache)
    places = [(builtin_folder(), True)] if builtin else []
    places += [(folder, False) for folder in folders]
    loaded: list[list[Rule]] = []
    errors: RuleErrors | None = None
    for folder, own in places:
        try:
            loaded.append(load_folder(folder, store, builtin=own))
        except RuleErrors as several:
            errors = RuleErrors([*(errors.errors if errors else []), *several.errors])
    if errors is not None:
        raise errors
    return RuleSet(check_unique(loaded), overrides)


def _apply(rule: Rule, settings: Sequence[RuleSetting]) -> Rule | None:
    """A rule as settings make it; None where the last word is that it is off. Raises ConfigurationErrors."""
    errors = [error for setting in settings for error in _wrong_settings(rule, setting)]
    if errors:
        raise ConfigurationErrors(errors)
    enabled, severity, values = True, rule.info.severity, rule.values
    for setting in settings:
        enabled = enabled if setting.enabled is None else setting.enabled
        severity = setting.severity or severity  # type: ignore[assignment]
        if setting.parameters:
            values = {**values, **setting.parameters}
    if not enabled:
        return None
    info = rule.info if severity == rule.info.severity else rule.info._replace(severity=severity)
    return replace(rule, info=info, values=values)


def _wrong_settings(rule: Rule, setting: RuleSetting) -> Iterator[ConfigurationError]:
    severities = get_args(Severity)
    if setting.severity is not None and setting.severity not in severities:
        yield ConfigurationError(
            f"the severity '{setting.severity}' is not one of: {', '.join(severities)}",
            setting.location,
            _closest(setting.severity, severities),
        )
    for name, value in setting.parameters.items():
        place = setting.parameter_locations.get(name, setting.location)
        if name not in rule.parameters:
            known = f"it has: {', '.join(rule.parameters)}" if rule.parameters else "it has none"
            yield ConfigurationError(
                f"the rule {rule.info.id} has no parameter '{name}'", place, _closest(name, rule.parameters) or known
            )
            continue
        from scanner.policy.rule_file import wrong_type

        problem = wrong_type(value, rule.parameters[name].type)
        if problem:
            yield ConfigurationError(f"the parameter {name} of {rule.info.id}: {problem}", place)


def _closest(name: str, known: Any) -> str:
    from scanner.policy.schema import closest

    return closest(name, known)
