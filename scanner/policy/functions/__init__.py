"""The functions that rules may call, in one table; each module declares its own."""

from __future__ import annotations

from scanner.core.views import View
from scanner.policy.function import Function
from scanner.policy.functions import globs, image, measures, moments, network, policies, secret, tags, texts, versions

MODULES = (image, measures, network, globs, versions, texts, secret, tags, policies, moments)

FUNCTIONS: dict[str, Function] = {function.name: function for module in MODULES for function in module.FUNCTIONS}
SHAPES: dict[str, View] = {shape.name: shape for shape in (image.IMAGE_REFERENCE, versions.VERSION, policies.STATEMENT)}
