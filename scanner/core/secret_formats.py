"""The credentials that are known by their form alone: tokens with a prefix, private keys, and the like.

Every pattern begins at the edge of a word with a fixed text and has no nested repetition, so that a search takes time
in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

ACCESS_KEY = "AWS access key"
"""The kind of the id of an access key: half a credential, and the name of the key itself."""

# kind, pattern. The first pattern that fits at a place wins.
_FORMATS: tuple[tuple[str, str], ...] = (
    (ACCESS_KEY, r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    ("GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,255}(?![A-Za-z0-9])"),
    ("GitHub token", r"github_pat_[A-Za-z0-9_]{50,255}"),
    ("GitLab token", r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas)-[\w-]{20,300}"),
    ("Slack token", r"xox[abeoprs]-[A-Za-z0-9-]{10,255}"),
    ("Slack token", r"xapp-\d-[A-Za-z0-9-]{10,255}"),
    ("Stripe key", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,255}"),
    ("Stripe key", r"whsec_[A-Za-z0-9+/]{24,255}"),
    ("Google API key", r"AIza[\w-]{35}(?![\w-])"),
    ("Google OAuth secret", r"GOCSPX-[\w-]{28}(?![\w-])"),
    ("Google OAuth token", r"ya29\.[\w-]{20,500}"),
    ("npm token", r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    ("PyPI token", r"pypi-AgE[\w-]{50,500}"),
    ("Docker token", r"dckr_[po]at_[\w-]{20,255}"),
    ("Vault token", r"hv[sbr]\.[\w-]{20,500}"),
    ("SendGrid key", r"SG\.[\w-]{16,64}\.[\w-]{16,64}"),
    ("Anthropic key", r"sk-ant-[\w-]{20,255}"),
    ("OpenAI key", r"sk-(?:proj-|svcacct-|admin-)[\w-]{20,255}"),
    ("OpenAI key", r"sk-[A-Za-z0-9]{40,64}(?![A-Za-z0-9])"),
    ("Hugging Face token", r"hf_[A-Za-z0-9]{30,64}(?![A-Za-z0-9])"),
    ("Shopify token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}(?![0-9a-zA-Z])"),
    ("DigitalOcean token", r"do[opr]_v1_[0-9a-f]{64}(?![0-9a-zA-Z])"),
    ("Databricks token", r"dapi[0-9a-f]{32}(?![0-9a-zA-Z])"),
    ("Grafana token", r"gl(?:sa|c)_[\w+/=]{32,255}"),
    ("New Relic key", r"NRAK-[A-Z0-9]{27}(?![A-Z0-9])"),
    ("Telegram token", r"\d{8,10}:AA[\w-]{33}(?![\w-])"),
    ("Tailscale key", r"tskey-[a-z]{3,20}-[\w-]{10,255}"),
    ("Atlassian token", r"ATATT3[\w=-]{50,500}"),
    ("Linear key", r"lin_api_[A-Za-z0-9]{32,64}"),
    ("Postman key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("Doppler token", r"dp\.(?:pt|st|ct|sa)\.[\w.-]{20,255}"),
    ("Pulumi token", r"pul-[0-9a-f]{40}(?![0-9a-zA-Z])"),
    ("RubyGems key", r"rubygems_[0-9a-f]{48}(?![0-9a-zA-Z])"),
    ("Supabase token", r"sbp_[0-9a-f]{40}(?![0-9a-zA-Z])"),
    ("age secret key", r"AGE-SECRET-KEY-1[0-9A-Z]{58}(?![0-9A-Z])"),
    ("JSON web token", r"eyJ[\w-]{8,4000}\.eyJ[\w-]{8,4000}\.[\w-]{16,1000}"),
)
_INSIDE: tuple[tuple[str, str, str], ...] = (
    # kind, a text that has to occur, pattern whose group is the secret
    (
        "private key",
        "PRIVATE KEY",
        r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,20000})",
    ),
    ("PuTTY private key", "PuTTY-User-Key-File-", r"(PuTTY-User-Key-File-\d)"),
    ("Azure storage key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/]{80,100}={0,2})"),
    ("Azure shared access key", "SharedAccessKey=", r"SharedAccessKey=([A-Za-z0-9+/]{40,100}={0,2})"),
    ("Azure signature", "sig=", r"[?&]sig=([A-Za-z0-9%+/]{40,100}(?:%3D|=){0,2})"),
    ("Slack webhook", "hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/]{20,120})"),
    ("Discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{10,25}/([\w-]{40,120})"),
    ("Teams webhook", ".webhook.office.com/", r"\.webhook\.office\.com/webhookb2/([\w@/-]{40,300})"),
)
_EXAMPLES = ("EXAMPLE", "example", "xxxx", "XXXX", "0000000000", "1234567890abcdef", "your", "YOUR")


@cache
def _by_prefix() -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(f'({pattern})' for _, pattern in _FORMATS)})", re.ASCII)


@cache
def _first_letters() -> re.Pattern[str]:
    """Whether a text can hold one of the formats at all: their first characters, or a bot's digits and colon."""
    starts = (
        r"A(?:KIA|SIA|BIA|CCA|Iza|TATT3|GE-S)|G(?:OCSPX|ithub_p)|gh[pousr]_|github_p|gl[a-z]{1,5}[-_][\w+/=-]{20}|xox[a-z]-|"
        r"xapp-|sk_(?:live|test)|rk_(?:live|test)|whsec_|ya29|npm_|pypi-|dckr_|hv[sbr]\.|SG\.|"
        r"sk-(?:ant-|proj-|svcacct-|admin-|[A-Za-z0-9]{40})|hf_|shp|do[opr]_|dapi|NRAK|:AA|tskey|lin_|PMAK|dp\.|pul-|ruby|sbp_|eyJ"
    )
    return re.compile(starts)


@cache
def _inside(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def known_formats(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of each credential in `text` that its form gives away, unless it is a documented example."""
    if _first_letters().search(text):
        for match in _by_prefix().finditer(text):
            if not any(example in match[0] for example in _EXAMPLES):
                yield match.start(), match.end(), _FORMATS[(match.lastindex or 1) - 1][0]
    for kind, mark, pattern in _INSIDE:
        if mark in text:
            for match in _inside(pattern).finditer(text):
                if not any(example in match[1][:120] for example in (*_EXAMPLES[:4], "<", "...")):
                    yield match.start(1), match.end(1), kind
