"""Cloud clients and infrastructure tools: a command that shows credentials reads the files that hold them."""

import re

from ..context import HOLE, Context, Reader
from . import options
from .options import Row

PLAIN = Row(operands="")


REVEALS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "aws": (
        ("configure get", (".aws/credentials", ".aws/config")),
        ("configure export-credentials", (".aws/credentials",)),
        ("configure list", ()),
        ("sts get-session-token", (".aws/credentials",)),
        ("sts assume-role", (".aws/credentials",)),
        ("ecr get-login-password", (".aws/credentials",)),
        ("ecr get-login", (".aws/credentials",)),
        ("eks get-token", (".aws/credentials",)),
        ("sso get-role-credentials", (".aws/credentials",)),
        ("codeartifact get-authorization-token", (".aws/credentials",)),
        ("rds generate-db-auth-token", (".aws/credentials",)),
        ("secretsmanager get-secret-value", ()),
        ("secretsmanager batch-get-secret-value", ()),
        ("ssm get-parameter", ()),
        ("kms decrypt", ()),
        ("lambda get-function", ()),
        ("lambda get-function-configuration", ()),
        ("ecs describe-task-definition", ()),
        ("iam create-access-key", ()),
        ("s3 presign", ()),
    ),
    "gcloud": (
        ("auth print-access-token", (".config/gcloud/credentials.db", ".config/gcloud/access_tokens.db")),
        ("auth print-identity-token", (".config/gcloud/credentials.db",)),
        ("auth application-default print-access-token", (".config/gcloud/application_default_credentials.json",)),
        ("config config-helper", (".config/gcloud/credentials.db",)),
        ("secrets versions access", ()),
        ("iam service-accounts keys create", ()),
        ("kms decrypt", ()),
    ),
    "az": (
        ("account get-access-token", (".azure/msal_token_cache.json", ".azure/accessTokens.json")),
        ("keyvault secret show", ()),
        ("keyvault secret download", ()),
        ("acr credential show", ()),
        ("acr login", (".azure/msal_token_cache.json",)),
        ("storage account keys list", ()),
        ("storage account show-connection-string", ()),
        ("webapp config appsettings list", ()),
        ("functionapp config appsettings list", ()),
        ("cosmosdb keys list", ()),
        ("redis list-keys", ()),
        ("ad sp create-for-rbac", ()),
        ("ad sp credential", ()),
    ),
    "gh": (
        ("auth token", (".config/gh/hosts.yml",)),
        ("auth git-credential", (".config/gh/hosts.yml",)),
        ("config get", (".config/gh/config.yml",)),
        ("config list", (".config/gh/config.yml",)),
    ),
    "glab": (("auth token", (".config/glab-cli/config.yml",)), ("config get", (".config/glab-cli/config.yml",))),
    "hub": (("api --token", (".config/hub",)),),
    "doctl": (
        ("auth token", (".config/doctl/config.yaml",)),
        ("registry docker-config", (".config/doctl/config.yaml",)),
    ),
    "ibmcloud": (("iam oauth-tokens", (".bluemix/config.json",)),),
    "oci": (("iam auth-token", ()), ("session export", (".oci/config",))),
    "linode-cli": (),
    "hcloud": (("config get", (".config/hcloud/cli.toml",)),),
    "pulumi": (
        ("config get", ()),
        ("stack output --show-secrets", ()),
        ("stack export", ()),
        ("config --show-secrets", ()),
    ),
    "serverless": (("print", (".env",)), ("print-env", (".env",))),
    "sam": (("local invoke", ()),),
    "cdk": (),
    "eksctl": (("utils write-kubeconfig", ()),),
    "kubelogin": (("get-token", (".kube/cache/oidc-login",)),),
    "aws-iam-authenticator": (("token", (".aws/credentials",)),),
    "gsutil": (("config", (".boto",)),),
    "copilot": (("secret", ()),),
    "eb": (("printenv", ()),),
    "cf": (("oauth-token", (".cf/config.json",)), ("env", ())),
}
"""Client -> what it shows: (words of the subcommand, files under home that hold it; none where it lies elsewhere)."""


def client(argv: list[str], context: Context) -> str | None:
    """Credentials that are shown, and files that go along: `file://X`, `fileb://X`, `@X`, `s3 cp X`."""
    name = argv[0].rpartition("/")[2]
    words = [word for word in argv[1:] if not word.startswith("-")]
    line = " ".join(words) + " "
    everything = " ".join(argv[1:]) + " "
    for prefix, files in REVEALS[name]:
        if prefix in ("config get",) and name == "gh" and not re.search("oauth|token", line):
            continue
        if re.search(rf"(?:^|\s){re.escape(prefix)}(?:\s|$)", line) or ("--" in prefix and prefix in everything):
            if files:
                context.read(*[f if f == ".env" else f"{context.world.home}/{f}" for f in files])
            else:
                context.opaque(f"which secret `{name} {prefix}` shows")
    if words and HOLE in "".join(words[:2]):
        context.opaque(f"what `{name}` shows")
    if name == "gh" and ("--show-token" in argv or re.search(r"auth status .*-t", everything)):
        context.read(f"{context.world.home}/.config/gh/hosts.yml")
    sent(argv, words, context)
    return None


def sent(argv: list[str], words: list[str], context: Context) -> None:
    """Files that a client sends: addresses of files, sources of uploads, and operands that exist."""
    tree = bool({"--recursive", "-r", "sync", "mirror", "rsync"} & set(argv))
    for at, word in enumerate(argv[1:], 1):
        value = word.partition("=")[2] if word.startswith("--") and "=" in word else word
        found = re.match(r"(?:fileb?://|[\w.]+=@|@)(.+)", value)
        if found:
            context.read(found[1])
        elif HOLE in value and re.match(
            r"--?(?:body-file|F|input|data-file|source|template-file|file|zip-file)$", argv[at - 1]
        ):
            context.read(value)
        elif HOLE not in value and value and not value.startswith("-"):
            kind = context.world.kind(context.path(value))
            if kind == "file":
                context.read(value)
            elif kind == "dir" and (tree or {"cp", "sync", "deploy", "upload", "submit", "upload-batch"} & set(words)):
                context.read_tree(value)
        elif HOLE in value and {"cp", "sync", "mv", "upload"} & set(words) and not value.startswith(("s3:", "gs:")):
            context.read(value)


TERRAFORM = Row(
    "-var-file:execute -state:execute -out:write -var -target -chdir -backend-config:execute -lock-timeout"
    " -parallelism -from-module"
    " -replace -workspace -generate-config-out:write -plugin-dir",
    "",
    dashed=True,
)


def terraform(argv: list[str], context: Context) -> str | None:
    """`show`, `output`, `state pull` and `console` print what the state holds."""
    parsed = options.follow(TERRAFORM, argv, context)
    words = parsed.operands
    state = parsed.values("-state") or ["terraform.tfstate"]
    if words[:1] == ["show"]:
        context.read(*(words[1:] or state))
    elif (
        words[:1] == ["output"]
        or words[:2] in (["state", "pull"], ["state", "show"], ["state", "push"])
        or words[:1] == ["console"]
    ):
        context.read(*state, *(words[2:] if words[:2] == ["state", "push"] else []))
    elif words[:1] in (["fmt"], ["validate"]):
        context.read(*[word for word in words[1:] if context.world.kind(context.path(word)) == "file"])
    elif words and HOLE in words[0]:
        context.opaque("what `terraform` shows")
    return None


def ansible(argv: list[str], context: Context) -> str | None:
    row = Row(
        "-i -e -a -m -l -t -u -f -M -v --inventory --extra-vars --args --module-name --limit --tags --user"
        " --vault-password-file:execute"
        " --private-key:execute --vault-id:execute --start-at-task --skip-tags --become-user --connection -c",
        "execute",
    )
    parsed = options.follow(row._replace(operands="execute" if "playbook" in argv[0] else ""), argv, context)
    for value in parsed.values("-e --extra-vars"):
        options.touch(context, "at", value)
    for value in parsed.values("-i --inventory"):
        if "," not in value:
            (context.read if "inventory" in argv[0] else context.execute)(value)
    module = parsed.value("-m --module-name") or ("command" if "playbook" not in argv[0] else "")
    local = {"localhost", "127.0.0.1"} & set(parsed.operands) or "localhost" in "".join(parsed.values("-i --inventory"))
    for value in parsed.values("-a --args"):
        if module in ("command", "shell", "raw") and local:
            context.run(value)
        context.read(*re.findall(r"\bsrc=(\S+)", value))
    if "playbook" in argv[0]:
        context.opaque(f"what the program `{argv[0]}` reads")
    return None


READERS: dict[str, Reader] = {
    **dict.fromkeys(REVEALS, client),
    **dict.fromkeys(("terraform", "tofu", "terragrunt"), terraform),
    **dict.fromkeys(("ansible", "ansible-playbook", "ansible-inventory", "ansible-pull", "ansible-console"), ansible),
    "packer": options.reader(Row("-var-file:execute -var", "execute", ("",), dashed=True)),
    "tflint": options.reader(Row("-c:read --config:read --var-file:execute --chdir", "")),
    "checkov": options.reader(Row("-f:read -d:tree -o --file:read --directory:tree", "")),
    "tfsec": options.reader(Row("-f --format --tfvars-file:read", "tree")),
    "infracost": options.reader(Row("--path:execute --config-file:execute", "")),
    "newrelic": options.reader(PLAIN),
    "sentry-cli": options.reader(Row("--auth-token --url", "read", ("", ""))),
    "stripe-cli": options.reader(PLAIN),
    "twilio": options.reader(PLAIN),
}
