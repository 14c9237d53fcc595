"""Finds credentials in text with detect-secrets: formats that name their issuer, no entropy, no keywords.

detect-secrets takes as long to import as twenty interpreter starts, so a table says for each of its
plugins what a match must contain; without that it is never imported. Plugins are called directly: no
verification (which would send what it found to a server), no filters, no allowlisting by a comment in the text.
"""

from __future__ import annotations

import re

from .units import COMMON, VALUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CANDIDATES: tuple[tuple[bytes, bytes, str, str], ...] = (
    (b"AKIA", rb"AKIA[0-9A-Z]{16}", "aws", "AWSKeyDetector"),
    (b"ASIA", rb"ASIA[0-9A-Z]{16}", "aws", "AWSKeyDetector"),
    (b"AccountKey=", rb"AccountKey=[A-Za-z0-9+/=]{88}", "azure_storage_key", "AzureStorageKeyDetector"),
    (b"://", rb"://[^:/\s]+:[^:/\s@]{6,}@", "basic_auth", "BasicAuthDetector"),
    (b"ghp_", rb"ghp_\w{36}", "github_token", "GitHubTokenDetector"),
    (b"gho_", rb"gho_\w{36}", "github_token", "GitHubTokenDetector"),
    (b"ghu_", rb"ghu_\w{36}", "github_token", "GitHubTokenDetector"),
    (b"ghs_", rb"ghs_\w{36}", "github_token", "GitHubTokenDetector"),
    (b"ghr_", rb"ghr_\w{36}", "github_token", "GitHubTokenDetector"),
    (b"glpat-", rb"glpat-[\w-]{20}", "gitlab_token", "GitLabTokenDetector"),
    (b"gldt-", rb"gldt-[\w-]{20}", "gitlab_token", "GitLabTokenDetector"),
    (b"glrt-", rb"glrt-[\w-]{20}", "gitlab_token", "GitLabTokenDetector"),
    (b"eyJ", rb"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}", "jwt", "JwtTokenDetector"),
    (b"-us", rb"[0-9a-z]{32}-us\d", "mailchimp", "MailchimpDetector"),
    (b"_authToken", rb"//.+/:_authToken=\s*(?:npm_|[A-Fa-f0-9-]{36})", "npm", "NpmDetector"),
    (b"T3BlbkFJ", rb"sk-[\w-]*T3BlbkFJ", "openai", "OpenAIDetector"),
    (b"pypi-Ag", rb"pypi-Ag\w{70}", "pypi_token", "PypiTokenDetector"),
    (b"SG.", rb"SG\.[\w-]{22}\.[\w-]{43}", "sendgrid", "SendGridDetector"),
    (b"xox", rb"xox[abposr]-\d", "slack", "SlackDetector"),
    (b"hooks.slack.com", rb"hooks\.slack\.com/services/T", "slack", "SlackDetector"),
    (b"sq0csp-", rb"sq0csp-[\w-]{43}", "square_oauth", "SquareOAuthDetector"),
    (b"k_live_", rb"[rs]k_live_\w{24}", "stripe", "StripeDetector"),
    (b":AA", rb"\d{8,10}:[\w-]{35}", "telegram_token", "TelegramBotTokenDetector"),
)
"""(what a match must contain, how it must go on, module and class of detect-secrets' plugin)."""

_COMPILED: dict[bytes, re.Pattern[bytes]] = {}
_PLUGINS: dict[str, Any] = {}


SHORT = (b"AccountKey=", b"://", b"_authToken", b"xox", b"hooks.slack.com", b"eyJ")
"""Of those, the ones that need no 16 letters, digits, `_` and `-` in a row."""


def credentials(text: bytes, runs: bool = True) -> Iterator[tuple[bytes, str]]:
    """The credentials in a text, as (the stretch to replace, its kind in lower case: "github token"). runs: whether 16
    letters and digits follow each other somewhere in the text, see `units.runs`."""
    for literal, pattern, module, name in CANDIDATES:
        if not runs and literal not in SHORT:
            continue
        if literal not in text:
            continue
        if pattern not in _COMPILED:
            _COMPILED[pattern] = re.compile(pattern)
        if not _COMPILED[pattern].search(text):
            continue
        plugin = _plugin(module, name)
        for line in text.split(b"\n"):
            if literal in line and _COMPILED[pattern].search(line):
                yield from _found(plugin, line)


def _found(plugin: Any, line: bytes) -> Iterator[tuple[bytes, str]]:
    text = line.decode("utf-8", "surrogateescape")
    secrets = [secret for secret in plugin.analyze_string(text) if secret]
    if not secrets:
        return
    kind = plugin.secret_type.lower()
    if kind == "basic auth credentials":
        for secret in secrets:
            found = secret.encode("utf-8", "surrogateescape")
            if found.lower() not in COMMON and len(found) >= VALUE:
                yield b":" + found + b"@", kind
        return
    for pattern in plugin.denylist:  # `analyze_string` may give a group of the match only
        for match in pattern.finditer(text):
            yield match[0].encode("utf-8", "surrogateescape"), kind


def _plugin(module: str, name: str) -> Any:
    if name not in _PLUGINS:
        from importlib import import_module

        _PLUGINS[name] = getattr(import_module("detect_secrets.plugins." + module), name)()
    return _PLUGINS[name]
