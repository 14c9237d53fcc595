"""Package managers, and the runners among them (`npx`, `poetry run`, `bundle exec`)."""

import json
import re
import shlex

from ..context import HOLE, Context, Reader
from . import options
from .options import Row

SECRET = re.compile(r"(?i)auth|password|token|secret|^//|credential|otp")
NODE_SCRIPTS = {"test": "test", "t": "test", "tst": "test", "start": "start", "stop": "stop", "restart": "restart"}


def npm(argv: list[str], context: Context) -> str | None:
    """A script of `package.json` is read as shell text; `config` shows what `.npmrc` holds."""
    name = argv[0].rpartition("/")[2]
    row = Row(
        "-w -C --prefix --workspace --registry --filter -F --cwd --dir --userconfig:execute --tag --otp"
        " --script-shell -p --package -c --call",
        "",
        permute=False,
    )
    parsed = options.follow(row, argv, context)
    words = parsed.operands
    command, rest = (words[0], words[1:]) if words else ("", [])
    if HOLE in command:
        context.opaque(f"what `{name}` runs")
    elif command in ("run", "run-script") and not rest:
        context.execute("package.json")
    elif command in ("config", "c", "get", "set"):
        configuration(name, words if command in ("get", "set") else rest, context)
    elif command in ("exec", "x", "dlx") or name in ("npx", "bunx", "pnpx"):
        called = rest if command in ("exec", "x", "dlx") and name not in ("npx", "bunx", "pnpx") else words
        called = called[called.index("--") + 1 :] if "--" in called[:1] else called
        for text in parsed.values("-c --call"):
            context.run(text)
        if called:
            context.call([re.sub(r"(?<=.)@[\w.^~-]+$", "", called[0]), *called[1:]], context.stdin)
    elif (
        command in NODE_SCRIPTS
        or command in ("run", "run-script", "rum", "urn")
        or (name in ("yarn", "pnpm") and command not in OWN)
    ):
        while rest and rest[0].startswith("-") and rest[0] != "--":
            rest = rest[1:]
        scripted(
            name,
            NODE_SCRIPTS.get(command) or (rest[0] if command.startswith(("run", "rum", "urn")) and rest else command),
            rest,
            context,
        )
    elif command in ("token",) or (command == "whoami" and rest):
        context.read(f"{context.world.home}/.npmrc")
    elif (
        command in ("install", "i", "ci", "add", "rebuild", "update", "up", "publish", "pack", "prune", "link", "")
        and command in OWN
    ):
        context.execute(*[file for file in ("package.json",) if context.world.kind(context.path(file)) == "file"])
        for word in rest:
            if HOLE not in word and not word.startswith("-") and word.startswith((".", "/", "file:")):
                context.read_tree(word.removeprefix("file:"))
        context.opaque(f"what the program `{f'{name} {command}'.strip()}` reads")
    return None


OWN = frozenset(
    """
        install i ci add rebuild update up publish pack prune link list ls la ll view info show outdated audit
        why explain init create login logout help version remove rm uninstall dedupe search root prefix bin
        cache doctor fund owner ping pkg query repo star stars team store unlink import licenses global
        set-version upgrade-interactive workspaces workspace policies plugin constraints --version -v sbom
        """.split()
)


def configuration(name: str, words: list[str], context: Context) -> None:
    """`config get KEY` and `config list` show settings; keys of credentials are hidden by `list`, not by `get`."""
    action, keys = (words[0], words[1:]) if words else ("list", [])
    secret = any(SECRET.search(key) or HOLE in key for key in keys)
    shows = action in ("list", "ls") and name in ("yarn", "pnpm")  # npm masks them there
    if (action == "get" and secret) or shows or action == "edit" or HOLE in action:
        context.read(".npmrc", f"{context.world.home}/.npmrc")
        if name in ("yarn", "pnpm"):
            context.read(".yarnrc.yml", f"{context.world.home}/.yarnrc.yml", f"{context.world.home}/.yarnrc")


def scripted(name: str, script: str, rest: list[str], context: Context) -> None:
    """The script's text, with those that run before and after it."""
    context.execute("package.json")
    try:
        package = json.loads(context.world.text(context.path("package.json")) or "{}")
        scripts = package.get("scripts", {})
    except (ValueError, AttributeError):
        scripts = {}
    known = [scripts.get(key) for key in (f"pre{script}", script, f"post{script}")] if isinstance(scripts, dict) else []
    if script == "env" and not (isinstance(scripts, dict) and "env" in scripts):
        context.environment()
        return
    if not isinstance(scripts, dict) or not isinstance(scripts.get(script), str):
        context.opaque(f"what the program `{name} {script.replace(HOLE, '?')}` reads")
        if name in ("yarn", "pnpm") and script:
            context.call([script, *rest], context.stdin)
        return
    passed = rest[rest.index("--") + 1 :] if "--" in rest else rest[1:] if name != "npm" else []
    for text in known:
        if isinstance(text, str) and text:
            more = (
                " " + shlex.join(passed) if text == scripts[script] and passed and HOLE not in "".join(passed) else ""
            )
            context.run(text + more)
    if HOLE in "".join(passed):
        context.opaque(f"what `{name} {script}` is given")


PIP = Row(
    "-r:read -c:read -e -t -d -i -f -w --requirement:read --constraint:read --editable --target --prefix"
    " --root --index-url --extra-index-url"
    " --find-links --log:write --proxy --cert:read --client-cert:read --cache-dir --platform --python-version"
    " --only-binary --no-binary"
    " --config-settings --global-option --report:write --format --src --exclude --path --python --timeout"
    " --retries --trusted-host --upgrade-strategy"
    " --build-constraint:read --group --overrides:read --override:read -o:write --output-file:write --user-dir"
    " -p --package --with --index",
    "",
)


def pip(argv: list[str], context: Context) -> str | None:
    """`pip config` shows addresses with their passwords; requirement files are quoted in errors."""
    parsed = options.follow(PIP, argv, context)
    words = parsed.operands
    if words[:1] == ["config"]:
        if not words[1:2] or words[1] in ("list", "get", "edit", "debug"):
            home = context.world.home
            context.read(
                f"{home}/.config/pip/pip.conf",
                f"{home}/.pip/pip.conf",
                f"{home}/Library/Application Support/pip/pip.conf",
            )
    elif words[:1] in (["install"], ["wheel"], ["download"], ["compile"], ["sync"]):
        local = [
            word
            for word in (*words[1:], *parsed.values("-e --editable"))
            if HOLE not in word and local_path(word, context)
        ]
        context.execute(*local)
        if local:
            context.opaque("what the program `pip` reads")
    elif words[:1] == ["hash"]:
        context.read(*words[1:])
    if any(HOLE in word for word in words[:1]):
        context.opaque("what `pip` does")
    return None


def local_path(word: str, context: Context) -> bool:
    return context.world.kind(context.path(word.partition("[")[0])) is not None and ("/" in word or "." in word)


RUN_OPTIONS = Row(
    "-C -P -m -p -n -c --directory --project --with --python --extra --group --env-file:execute --package"
    " --index --index-url --from"
    " --with-requirements:read --with-editable --cwd --name --env -e --run --command -s --spec --dotenv-file:execute",
    "",
    permute=False,
    stops="-m",
)


def project(argv: list[str], context: Context) -> str | None:
    """`uv`, `poetry`, `pipenv`, `pdm`, `hatch`, `conda`, `bundle`, `mise`: `run` and `exec` run a command."""
    name = argv[0].rpartition("/")[2]
    parsed = options.follow(RUN_OPTIONS, argv, context)
    words = parsed.operands
    command, rest = (words[0], words[1:]) if words else ("", [])
    if command == "tool" and rest[:1] == ["run"]:
        command, rest = "run", rest[1:]
    if command in ("run", "exec", "x", "rundev") or name in ("uvx",):
        inner = options.follow(RUN_OPTIONS, [command, *(rest if name != "uvx" else words)], context)
        called = inner.operands
        module = inner.value("-m")
        if module is not None:
            context.call(["python", "-m", module, *called], context.stdin)
        elif called:
            script = called[0].endswith((".py", ".pyw"))
            context.call(
                ["python", *called] if script else [re.sub(r"@[\w.]+$", "", called[0]), *called[1:]], context.stdin
            )
    elif command == "pip":
        pip(["pip", *rest], context)
    elif command in (
        "install",
        "sync",
        "add",
        "build",
        "publish",
        "lock",
        "update",
        "test",
        "shell",
        "develop",
        "env",
        "create",
    ):
        context.read(*[word for word in parsed.values("-r") if HOLE not in word])
        if command in ("build", "publish", "test", "shell", "install", "sync"):
            context.opaque(f"what the program `{name} {command}` reads")
    elif command == "config" and (
        not rest or any(SECRET.search(word) or HOLE in word or word == "--list" for word in rest)
    ):
        home = context.world.home
        files = {"poetry": ".config/pypoetry/auth.toml", "bundle": ".bundle/config", "pdm": ".config/pdm/config.toml"}
        context.read(f"{home}/{files.get(name, '.config/' + name)}")
    elif HOLE in command:
        context.opaque(f"what `{name}` runs")
    elif name in ("bundle", "conda", "mamba") and command == "info":
        return None
    return None


def coverage(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(
        Row("--source --omit --include --rcfile --data-file --context -m", "", permute=False, stops="-m"), argv
    )
    inner = options.parse(
        Row("--source --omit --include --rcfile --data-file --context -m --concurrency", "", permute=False, stops="-m"),
        parsed.operands or ["run"],
    )
    if parsed.operands[:1] == ["run"]:
        module = inner.value("-m")
        words = ["-m", module, *inner.operands] if module is not None else inner.operands
        context.call(["python", *words], context.stdin)
    return None


def shells(argv: list[str], context: Context) -> str | None:
    """`nix-shell --run TEXT`, `nix develop -c CMD`, `direnv exec DIR CMD`, `pyenv exec CMD`, `mise exec -- CMD`."""
    parsed = options.follow(Row("--run:run --command:run -p -I -A --arg --argstr", "", permute=False), argv, context)
    words = parsed.operands
    if words[:1] == ["exec"] or words[:1] == ["x"]:
        words = words[words.index("--") + 1 :] if "--" in words else words[1:]
        if argv[0].endswith("direnv"):
            words = words[1:]
        return context.call(words, context.stdin) if words else None
    if argv[0].endswith("direnv") and words[:1] in (["dump"], ["export"]):
        context.environment()
        context.read(".envrc")
    return None


def silent_manager(argv: list[str], context: Context) -> str | None:
    """System package managers: local packages that they are given are read."""
    for word in argv[1:]:
        if not word.startswith("-") and HOLE not in word and context.world.kind(context.path(word)) == "file":
            context.read(word)
        found = re.match(r"-(?:-config-file|c|o)=?(.+\.\w+)", word)
        if found and context.world.kind(context.path(found[1])) == "file":
            context.read(found[1])
    return None


READERS: dict[str, Reader] = {
    **dict.fromkeys(("npm", "pnpm", "yarn", "cnpm", "npx", "bunx", "pnpx"), npm),
    **dict.fromkeys(("pip", "pip3", "pip2", "pipdeptree", "pip-compile", "pip-sync", "pip-audit"), pip),
    **dict.fromkeys(
        """
            uv uvx poetry pipenv pdm hatch rye pixi conda mamba micromamba bundle pipx bundler flit
            """.split(),
        project,
    ),
    "coverage": coverage,
    **dict.fromkeys(
        """
            nix-shell direnv pyenv rbenv nodenv asdf mise rtx volta fnm nvm jenv sdk
            """.split(),
        shells,
    ),
    **dict.fromkeys(
        """
            apt apt-get aptitude dpkg rpm yum dnf zypper pacman yay apk brew port snap flatpak emerge pkg
            pkg_add choco winget scoop gem cpan cpanm luarocks composer opam raco ghcup rustup rustup-init tlmgr
            npm-check-updates ncu update-alternatives systemd-analyze mas xcode-select softwareupdate
            """.split(),
        silent_manager,
    ),
}
