"""Which environment variables hold credentials, told by their names: restricted unless a policy allows them. Pure.

A name is its words, in upper case, split at `_`. What ends in a word for a place or a measure (`_FILE`, `_LENGTH`)
holds none, nor does a key of a table or a keyboard (`SORT_KEY`).
"""

LAST_WORDS = frozenset(
    {
        "TOKEN", "PAT", "JWT", "BEARER", "CREDENTIAL", "CREDENTIALS", "CREDS", "PASSWORD", "PASSWORDS",
        "PASSWD", "PASS", "PASSPHRASE", "PWD", "SECRET", "SECRETS", "DSN", "AUTH", "AUTHORIZATION", "APIKEY",
        "AUTHTOKEN", "CONNSTR", "COOKIE", "NETRC",
    }
)  # fmt: skip
PARTS = ("SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "APIKEY", "AUTHTOKEN", "ACCESSTOKEN", "CREDENTIAL")
PHRASES = tuple(f"_{phrase}_" for phrase in (
    "API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "ACCESS_TOKEN", "AUTH_TOKEN", "SESSION_TOKEN", "API_TOKEN",
    "CONNECTION_STRING",
    "WEBHOOK_URL", "SAS_TOKEN", "BASIC_AUTH", "AUTH_CONFIG", "AUTH_HEADER", "CUSTOM_HEADERS",
))  # fmt: skip
STORES = frozenset(
    {
        "DATABASE", "DB", "POSTGRES", "POSTGRESQL", "PG", "MYSQL", "MARIADB", "MONGO", "MONGODB", "REDIS",
        "AMQP", "RABBITMQ", "BROKER", "JDBC", "SENTRY", "CLOUDAMQP", "CLEARDB", "JAWSDB", "ELASTICSEARCH",
        "SMTP", "MAILER", "CELERY", "REDISCLOUD", "MONGOLAB", "SQLALCHEMY", "NEON", "SUPABASE",
    }
)  # fmt: skip
"""`REDIS_URL`: the address of a store is where its password stands."""
NAMES = frozenset(
    {
        "PGPASSWORD", "MYSQL_PWD", "REDISCLI_AUTH", "NPM_CONFIG__AUTH", "AWS_ACCESS_KEY_ID",
        "DOCKER_AUTH_CONFIG",
    }
)  # fmt: skip
HARMLESS_NAMES = frozenset(
    {
        "PWD", "OLDPWD", "SSH_AUTH_SOCK", "XAUTHORITY", "GPG_AGENT_INFO", "KUBECONFIG",
    }
)  # fmt: skip
HARMLESS_LAST = frozenset(
    {
        "FILE", "FILES", "PATH", "DIR", "FOLDER", "NAME", "NAMES", "LENGTH", "LEN", "POLICY", "ARN", "HELPER",
        "PROMPT", "COMMAND", "CMD", "TTL", "EXPIRY", "EXPIRES", "TIMEOUT", "MIN", "MAX", "COUNT", "LIMIT",
        "ENABLED", "DISABLED", "REQUIRED", "TYPE", "KIND", "FORMAT", "VERSION", "SOCK", "SOCKET", "ASKPASS",
        "ENDPOINT", "HOST", "PORT", "REGION", "PARALLELISM", "USAGE", "BUDGET",
    }
)  # fmt: skip
HARMLESS_KEYS = frozenset(
    {
        "PUBLIC", "PUB", "SORT", "PRIMARY", "FOREIGN", "PARTITION", "CACHE", "HASH", "REGISTRY", "HOT", "ROW",
        "INDEX", "GROUP", "ROUTING", "OBJECT", "MAP", "SHORTCUT", "CTRL", "COMPOSE", "LEADER", "TRANSLATION",
        "MESSAGE", "KEYBOARD", "ESCAPE", "ENTER", "CONFIG", "SHARD", "DEDUP", "IDEMPOTENCY", "RATE", "BUCKET",
    }
)  # fmt: skip
HARMLESS_PREFIXES = ("NEXT_PUBLIC_", "XDG_", "LESS_", "TERM_")


def holds_credentials(name: str) -> bool:
    """Whether a variable of this name holds credentials, as far as its name says."""
    name = name.upper().replace("-", "_")
    if name in NAMES:
        return True
    words = [word for word in name.split("_") if word]
    if not words or name in HARMLESS_NAMES or name.startswith(HARMLESS_PREFIXES):
        return False
    while len(words) > 1 and words[-1].isdigit():  # `API_KEY_2`
        words.pop()
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in HARMLESS_LAST:
        return False
    if last in ("BASE64", "B64", "JSON", "ID") and before:
        last, before = before, words[-3] if len(words) > 2 else ""
        if words[-1] == "ID" and last != "KEY":
            return any(part in last for part in PARTS)
    if last in LAST_WORDS or any(part in name for part in PARTS):
        return True
    joined = f"_{'_'.join(words)}_"
    for phrase in PHRASES:
        if phrase in joined:
            return True
    if last in ("KEY", "KEYS"):
        return bool(before) and before not in HARMLESS_KEYS
    if last == "TOKENS":
        return before in ("API", "AUTH", "ACCESS", "REFRESH")
    return last in ("URL", "URI") and bool(STORES & set(words))
