"""The client's own deny rules, derived from the policy: the second line, which also closes what no hook sees."""


def derived(project: str, home: str) -> tuple[str, ...]:
    """The `Read(...)` rules for `permissions.deny`, each once. project: its folder, "" for a person's own settings.

    Raises PolicyError where the policy is broken.
    """
    from ..policy import globs, snapshot

    policy = snapshot.load(project, home, home + "/.cache/claude-guard")
    return tuple(dict.fromkeys(globs.native(policy)))
