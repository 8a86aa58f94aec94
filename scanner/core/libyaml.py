"""The YAML library, which everything that reads YAML imports from here.

At its import it compiles patterns for its own readers, which takes a tenth of what a small chart does; libyaml needs
none of them. So they are compiled when they are first used.
"""

from __future__ import annotations

import re

from scanner.core.patterns import late

_compile = re.compile
re.__dict__["compile"] = late
try:
    import yaml
    from yaml import events
    from yaml._yaml import CParser
finally:
    re.__dict__["compile"] = _compile

__all__ = ["CParser", "events", "yaml"]
