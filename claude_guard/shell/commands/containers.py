"""Containers and clusters: what of this machine goes into them, and what they reveal of it."""

import re

from ..context import HOLE, Context, Reader
from . import options, selection
from .options import Row

RUN = Row(
    "-v -e --env --env-file:read -w -u -p -h -l -m -c -a --volume --mount --workdir --user --publish --name"
    " --network --net --hostname"
    " --label --label-file:read --entrypoint --memory --cpus --platform --add-host --dns --device --cap-add"
    " --cap-drop --security-opt"
    " --restart --log-driver --log-opt --tmpfs --volumes-from --cidfile:write --pid --ipc --shm-size --ulimit"
    " --gpus --pull --runtime"
    " --stop-signal --expose --link --ip --annotation --authfile:read --secret --userns --uts --cgroupns"
    " --detach-keys --env-host?",
    "",
    permute=False,
)
BUILD = Row(
    "-f -t -o:write --file --tag --build-arg --target --platform --label --secret --ssh --cache-from"
    " --cache-to --iidfile:write --network"
    " --progress --output --add-host --build-context --builder --memory -m --ulimit --authfile:read"
    " --metadata-file:write",
    "",
)
GLOBAL = Row(
    "-c -H -l --config --context --host --log-level --tlscacert --tlscert --tlskey -f -p --file --project-name"
    " --env-file:execute"
    " --profile --project-directory --root --connection --url --identity --ansi --parallel",
    "",
    permute=False,
)


def docker(argv: list[str], context: Context) -> str | None:
    """Mounted folders are read by what runs inside; a build consumes its context."""
    words = options.follow(GLOBAL, argv, context).operands
    if words[:1] in (["container"], ["image"], ["buildx"], ["builder"]):
        words = words[1:]
    command, rest = (words[:1] and words[0]) or "", words[1:]
    if command in ("run", "create"):
        run(argv[0], rest, context)
    elif command in ("build", "bake", "buildx"):
        build(rest, context)
    elif command == "cp":
        sources = [word for word in rest if not word.startswith("-")]
        if sources[:1] and ":" not in sources[0]:
            context.read_tree(sources[0])
    elif command in ("exec", "inspect", "logs", "attach", "export", "save", "diff", "commit"):
        inside(argv[0], command, rest, context)
    elif command == "compose":
        compose([argv[0] + "-compose", *rest], context)
    elif command in ("import", "load", "secret", "config", "stack", "context"):
        context.read(
            *[word for word in rest if not word.startswith("-") and context.world.kind(context.path(word)) == "file"]
        )
    elif HOLE in command:
        context.opaque(f"what `{argv[0]}` does")
    return None


def run(name: str, words: list[str], context: Context) -> None:
    parsed = options.follow(RUN, ["run", *words], context)
    inner = " ".join(parsed.operands[1:])
    for value in parsed.values("-v --volume"):
        source, _, place = value.partition(":")
        mounted(source, place.partition(":")[0], inner, context)
    for value in parsed.values("--mount"):
        target = re.search(r"(?:^|,)(?:target|dst|destination)=([^,]+)", value)
        for source in re.findall(r"(?:^|,)(?:source|src)=([^,]+)", value):
            mounted(source, target[1] if target else "", inner, context)
    for value in parsed.values("--secret"):
        context.execute(*re.findall(r"src=([^,]+)", value))
    for value in parsed.values("-e --env"):
        if "=" not in value:
            context.variable(value)
    if parsed.unclear and parsed.first != HOLE:
        context.opaque(f"what `{name}` mounts")


def mounted(source: str, place: str, command: str, context: Context) -> None:
    """A host folder in a container: what it holds can be read there, at the place that it is mounted on."""
    if not source.startswith(("/", ".", "~", HOLE)):
        return
    root = context.path(source)
    found = None if HOLE in source else context.world.sensitive(root)
    if found is None:
        context.opaque(f"what the container reads of `{source.replace(HOLE, '?')}`")
    elif (found and context.world.kind(root) != "dir") or root in found:
        context.read_tree(source)
    elif found:
        for inner in re.findall(rf"{re.escape(place)}/([^\s'\";|&]+)", command) if place else []:
            context.read(f"{source.rstrip('/')}/{inner}")
        context.opaque(f"what the container reads of `{source}`")


def build(words: list[str], context: Context) -> None:
    parsed = options.follow(BUILD, ["build", *words], context)
    for place in parsed.operands[:1]:
        if place == "-" or "://" in place:
            continue
        file = parsed.value("-f --file") or f"{place}/Dockerfile"
        context.execute(file)
        text = None if HOLE in file else context.world.text(context.path(file))
        for found in re.finditer(r"(?m)^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*(.+)$", text or ""):
            for source in found[1].split()[:-1]:
                if (
                    "://" not in source
                    and not source.startswith("[")
                    and context.world.kind(context.path(f"{place}/{source}")) == "file"
                ):
                    context.execute(f"{place}/{source}")
        context.opaque("what the program of the container build reads")
        root = context.path(place)
        ignored = (context.world.text(f"{root}/.dockerignore") or "").splitlines()
        rules = [line.strip() for line in ignored if line.strip() and not line.startswith("#")]
        turned = [rule[1:] if rule.startswith("!") else "!/" + rule.lstrip("/") for rule in rules]
        keep = selection.globs(root, ["**", *turned] if turned else [])
        taken = None if HOLE in place else context.world.sensitive(root)
        if taken is None or any(keep(path) for path in taken):
            context.opaque(f"what the container build takes of `{place.replace(HOLE, '?')}`")
    for value in parsed.values("--secret --ssh"):
        context.execute(*re.findall(r"src=([^,]+)", value))


def inside(name: str, command: str, words: list[str], context: Context) -> None:
    """What a running container holds is not this machine's, but its environment is what it was given."""
    joined = " ".join(words)
    if command == "inspect":
        if not re.search(r"-f|--format", joined) or re.search(r"Env|json \.|\{\{\s*\.\s*\}\}|Config\s*\}", joined):
            context.opaque(f"which environment `{name} inspect` shows")
    elif command == "exec" and re.search(r"\b(?:env|printenv|set|export|environ)\b", joined):
        context.opaque(f"which environment `{name} exec` shows")
    elif command == "exec" and HOLE in joined:
        context.opaque(f"what `{name} exec` runs")


def compose(argv: list[str], context: Context) -> str | None:
    """`docker compose config` shows every value that its environment files hold."""
    words = options.follow(GLOBAL, argv, context).operands
    command = words[0] if words else ""
    if command in ("config", "convert"):
        names = ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml")
        quiet = {"-q", "--quiet", "--services", "--images", "--volumes", "--profiles", "--hash"} & set(words)
        if not quiet:
            context.read(".env")
            for file in names:
                text = context.world.text(context.path(file))
                for found in re.finditer(r"(?m)env_file:\s*(.*(?:\n\s+-\s+.*)*)", text or ""):
                    context.read(*[part for part in re.split(r"[\s\-\[\],\"']{1,}(?=[./\w])", " " + found[1]) if part])
    elif command in ("run", "exec"):
        inside(argv[0], "exec", words[1:], context)
    elif command == "cp" and len(words) > 1 and ":" not in words[1]:
        context.read_tree(words[1])
    elif command in ("up", "build", "start", "create", "watch"):
        context.opaque("what the program of the containers reads")
    return None


KUBE = Row(
    "-n -f -k -o -l -c -s --namespace --filename --kustomize --output --selector --container --context"
    " --kubeconfig:execute --server --token"
    " --user --cluster --as --cache-dir --certificate-authority:execute --client-key:execute"
    " --client-certificate:execute --from-file"
    " --from-env-file --from-literal --cert:read --key:read --field-selector --sort-by --template --type"
    " --patch --patch-file:read --since"
    " --tail --replicas --image --env --port --overrides --timeout --for --field-manager --dry-run? -p --raw?"
    " --type-merge",
    "",
)


def kubectl(argv: list[str], context: Context) -> str | None:
    at = argv.index("--") if "--" in argv else len(argv)
    parsed = options.follow(KUBE, argv[:at], context)
    words = [*parsed.operands, "", "", ""]
    output = parsed.value("-o --output") or ""
    for value in parsed.values("--from-file --from-env-file"):
        context.read_tree(value.partition("=")[2] if "=" in value else value)
    for value in parsed.values("-f --filename -k --kustomize"):
        if words[0] != "logs" and value != "-" and "://" not in value:
            context.read_tree(value) if words[0] in ("create", "kustomize", "diff") or output else context.execute(
                value
            )
    if words[:2] == ["config", "view"]:
        if parsed.given("--raw") or HOLE in "".join(argv):
            context.read(f"{context.world.home}/.kube/config", *parsed.values("--kubeconfig"))
    elif (
        words[0] in ("get", "edit", "describe")
        and re.search(r"(?:^|,)secrets?\b|^all$", words[1])
        and (output not in ("", "name", "wide") or words[0] == "edit")
    ):
        context.opaque("which secrets `kubectl` shows")
    elif words[0] == "exec" and re.search(r"\b(?:env|printenv|secrets?|environ|token)\b", " ".join(argv[at:])):
        context.opaque("which secrets `kubectl exec` shows")
    elif words[0] == "cp" and ":" not in words[1]:
        context.read_tree(words[1])
    elif words[:2] == ["create", "token"]:
        context.opaque("which token `kubectl` shows")
    elif HOLE in words[0]:
        context.opaque("what `kubectl` does")
    return None


def helm(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(
        Row(
            "-f -n --values --set --set-file --set-string --namespace --kubeconfig:execute --kube-context -o"
            " --output --version"
            " --post-renderer:run --ca-file:read --cert-file:read --key-file:read --timeout --description",
            "",
        ),
        argv,
        context,
    )
    shows = (parsed.operands[:1] and parsed.operands[0] in ("template", "get", "show", "lint")) or parsed.given(
        "--dry-run --debug"
    )
    for value in parsed.values("-f --values"):
        (context.read if shows else context.execute)(value)
    for value in parsed.values("--set-file"):
        context.read(value.partition("=")[2])
    if parsed.operands[:2] in (["get", "values"], ["get", "all"], ["get", "manifest"]):
        context.opaque("which values `helm` shows")
    for word in parsed.operands[1:]:
        if shows and HOLE not in word and context.world.kind(context.path(word)) == "dir":
            context.read_tree(word)
    return None


def kustomize(argv: list[str], context: Context) -> str | None:
    words = [word for word in argv[1:] if not word.startswith("-")]
    if words[:1] == ["build"]:
        context.read_tree(words[1] if len(words) > 1 else ".")
    return None


READERS: dict[str, Reader] = {
    **dict.fromkeys(("docker", "podman", "nerdctl", "finch", "buildah", "lima"), docker),
    **dict.fromkeys(("docker-compose", "podman-compose"), compose),
    **dict.fromkeys(("kubectl", "oc", "k3s", "k", "microk8s.kubectl"), kubectl),
    **dict.fromkeys(("helm", "helmfile"), helm),
    "kustomize": kustomize,
    "k9s": options.reader(Row("--kubeconfig:execute", "")),
    "kubectx": options.reader(Row(operands="")),
    "kubens": options.reader(Row(operands="")),
    "minikube": options.reader(Row(operands="")),
    "kind": options.reader(Row("--config:execute --kubeconfig:write", "")),
    "stern": options.reader(Row("-n -l -c", "")),
    "skopeo": options.reader(Row("--authfile:execute --src-creds --dest-creds", "")),
    "crane": options.reader(Row(operands="")),
    "trivy": options.reader(
        Row(
            "-c:read -f -o:write -s --config:read --format --output:write --severity --ignorefile:read --skip-dirs",
            "tree",
            ("",),
        )
    ),
    "vagrant": options.reader(Row(operands="")),
}
