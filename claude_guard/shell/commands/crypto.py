"""Keys, ciphers and secret stores. What they reveal is read, or opaque where it lies in no file."""

from ..context import HOLE, Context, Reader
from . import options
from .options import Row

GPG = Row(
    "-o:write -r -u -R -a -s --output:write --recipient --local-user --homedir --passphrase"
    " --passphrase-file:read --keyring:read"
    " --options:read --batch --passphrase-fd --cipher-algo --digest-algo --compress-algo --status-fd"
    " --logger-file:write"
    " --pinentry-mode --trust-model --keyserver --default-key --secret-keyring:read --status-file:write"
    " --attribute-file"
    " --recipient-file:read -f:read --faked-system-time --command-fd --command-file:read -z -c --set-filename --expert"
)
ROWS: dict[str, Row] = {
    "age": Row("-o:write -r -R:read -i:read --output:write --recipient --recipients-file:read --identity:read -j"),
    "rage": Row("-o:write -r -R:read -i:read --output:write --recipient --recipients-file:read --identity:read"),
    "age-keygen": Row("-o:write -y:read"),
    "sops": Row(
        "--config:read --input-type --output-type --extract --output:write --set --age --kms --pgp -k -p -a --key"
        " --encrypted-regex --in-place? --keyservice --unencrypted-suffix"
    ),
    "ansible-vault": Row(
        "--vault-password-file:read --vault-id:read --output:write --encrypt-vault-id --new-vault-id", "read", ("",)
    ),
    "gpgv": Row("--keyring:read -o:write"),
    "gpgsm": GPG,
    "ssh-add": Row("-t -s -S -e -h -T:read"),
    "ssh-copy-id": Row("-i:read -p -o -F:execute", ""),
    "ssh-keyscan": Row("-f:read -p -t -T", ""),
    "puttygen": Row("-o:write -O -t -b -C -P --old-passphrase:read --new-passphrase:read"),
    "certtool": Row("--infile:read --outfile:write --load-privkey:read --load-certificate:read --template:read", ""),
    "keytool": Row("-keystore:read -storepass -alias -file:read -srckeystore:read -importkeystore", "", dashed=True),
    "minisign": Row("-s:read -p:read -m:read -x:write -P -t -c"),
    "signify": Row("-s:read -p:read -m:read -x:write -c"),
    "scrypt": Row("-M -m -t --passphrase", "write", ("", "read")),
    "ccrypt": Row("-K -k:read -E -P -S -F -H"),
    "ccat": Row("-K -k:read -E"),
    "mcrypt": Row("-a -m -k -f:read"),
    "htpasswd": Row(operands="", lead=("read",)),
    "certutil": Row("-d -n -i:read -o:write -k -f:read", ""),
    "pk12util": Row("-i:read -o:write -d -k:read -w:read -W -K", ""),
    "step": Row("--password-file:read --ca:read --out:write --key:read", "read", ("", "")),
    "mkcert": Row("-key-file:write -cert-file:write -p12-file:write -csr:read", "", dashed=True),
    "cosign": Row("--key:read", "read", ("",)),
    "ykman": Row(operands=""),
    "ssh-agent": Row("-a -t -E -P -O", ""),
}


def gpg(argv: list[str], context: Context) -> str | None:
    """Decrypting and exporting secret keys reveal what lies in no file that is named."""
    parsed = options.follow(GPG._replace(operands=""), argv, context)
    secret = "--export-secret-keys --export-secret-subkeys --export-secret-key"
    if parsed.given(secret):
        context.opaque("which secret keys `gpg` shows")
    elif not parsed.given(
        "-k -K --list-keys --list-secret-keys --export --fingerprint --recv-keys --gen-key --delete-keys"
        " --full-generate-key --quick-generate-key --edit-key --list-sigs --search-keys --send-keys --version"
    ):
        options.touch(context, "read", *parsed.operands)
    return None


def openssl(argv: list[str], context: Context) -> str | None:
    """Every command has `-in`; keys, passwords and configuration have their own; operands are files for some."""
    command = argv[1] if len(argv) > 1 else ""
    waiting = iter(argv[2:])
    for word in waiting:
        if word in READ_OPTIONS:
            context.read(next(waiting, ""))
        elif word in ("-out", "-keyout", "-writerand", "-sigout", "-CAcreateserial", "-signature_out"):
            if word != "-CAcreateserial":
                context.write(next(waiting, ""))
        elif word in ("-pass", "-passin", "-passout", "-k", "-password"):
            password(next(waiting, ""), context)
        elif word.startswith("-"):
            if word in TAKES:
                next(waiting, "")
            elif HOLE in word:
                context.opaque("what `openssl` reads")
        elif command in (
            "dgst",
            "sha1",
            "sha256",
            "sha512",
            "md5",
            "verify",
            "asn1parse",
            "storeutl",
            "rsautl",
            "ecparam",
            "prime",
            "crl2pkcs7",
        ):
            context.read(word)
        elif HOLE in word:
            context.opaque("what `openssl` reads")
        elif context.world.kind(context.path(word)) == "file":
            context.read(word)
    if command == "s_server":
        context.opaque("what `openssl` serves")
    return None


READ_OPTIONS = frozenset(
    """
        -in -inkey -key -cert -CAfile -CA -CAkey -config -extfile -kfile -certfile -keyfile -sigfile -signature
        -prverify -verify -sign -rand -content -recip -signer -certs -in_pkcs7 -dcert -dkey -cert_chain -CRLfile
        -rkey -rsigner -VAfile -issuer -reqin -respin -untrusted -trusted -peerkey -secret_file -data -queryfile
        -index -paramfile -cafile -nameopt_file
        """.split()
)
TAKES = frozenset(
    """
        -inform -outform -keyform -iv -K -S -salt_hex -md -iter -days -subj -name -newkey -pkeyopt -algorithm
        -macopt -mac -hmac -connect -host -port -servername -starttls -cipher -CApath -passwd -engine -digest
        -nameopt -certopt -addext -extensions -set_serial -serial -bits -curve -strparse -offset -length
        -peername -tls1 -alpn -showcerts_n -checkend -checkhost -keyopt -reqopt -startdate -enddate -section
        -provider -propquery -maxmsg -keylen -kdfopt -oid
        """.split()
)


def password(value: str, context: Context) -> None:
    kind, _, rest = value.partition(":")
    if kind == "file":
        context.read(rest)
    elif kind == "env":
        context.variable(rest)
    elif value.startswith(HOLE):
        context.opaque("where `openssl` has its password from")


def ssh_keygen(argv: list[str], context: Context) -> str | None:
    """`-y`, `-l`, `-e`, `-p` and `-B` open the key; without a file, the default one."""
    parsed = options.parse(
        Row("-f -t -b -C -N -P -m -a -E -F -I -n -O -R -r -s -V -w -Y -z -D -G -M -T -S -W -Z -K", ""), argv
    )
    files = parsed.values("-f")
    if parsed.given("-y -l -e -p -B -c -i -L -Q -k -x"):
        context.read(*(files or [f"{context.world.home}/.ssh/id_rsa", f"{context.world.home}/.ssh/id_ed25519"]))
    elif parsed.given("-s -Y -F -R -H"):
        options.touch(context, "read", *files, *parsed.values("-s"), *parsed.operands)
    else:
        options.touch(context, "write", *files)
    if parsed.unclear:
        context.opaque("what `ssh-keygen` reads")
    return None


REVEALING: dict[str, tuple[tuple[str, ...], ...]] = {
    "pass": (("show",), ("grep",), ("edit",), ("cp",), ("mv",), ()),
    "gopass": (("show",), ("cat",), ("grep",), ("edit",), ("env",), ("otp",)),
    "op": (("read",), ("item", "get"), ("inject",), ("document", "get"), ("signin",)),
    "bw": (("get",), ("list",), ("export",), ("unlock",)),
    "rbw": (("get",), ("code",), ("history",)),
    "lpass": (("show",), ("export",)),
    "keyctl": (("print",), ("read",), ("pipe",)),
    "secret-tool": (("lookup",), ("search",)),
    "security": (
        ("find-generic-password",),
        ("find-internet-password",),
        ("dump-keychain",),
        ("export",),
        ("find-certificate",),
    ),
    "vault": (
        ("read",),
        ("kv", "get"),
        ("print", "token"),
        ("token", "lookup"),
        ("unwrap",),
        ("login",),
        ("operator",),
    ),
    "chamber": (("read",), ("export",), ("env",), ("find",)),
    "credstash": (("get",), ("getall",)),
    "doppler": (("secrets",), ("configure", "get")),
    "infisical": (("secrets",), ("export",)),
    "kwallet-query": ((),),
    "keyring": (("get",),),
    "keepassxc-cli": (("show",), ("clip",), ("export",), ("search",)),
    "ecryptfs-unwrap-passphrase": ((),),
    "cryptsetup": (("luksDump",),),
    "docker-credential-desktop": (("get",), ("list",)),
    "git-credential-osxkeychain": (("get",),),
    "aws-vault": (("export",),),
    "saml2aws": (("script",),),
    "teller": (("show",), ("env",), ("sh",), ("yaml",)),
    "envchain": ((),),
    "berglas": (("access",),),
    "firebase": (("functions:config:get",), ("functions:secrets:access",)),
    "heroku": (("config",), ("config:get",), ("auth:token",), ("pg:credentials:url",), ("run",)),
    "vercel": (("env", "pull"), ("env", "ls")),
    "netlify": (("env:list",), ("env:get",)),
    "fly": (("auth", "token"), ("ssh",), ("secrets", "list")),
    "flyctl": (("auth", "token"), ("ssh",)),
    "railway": (("variables",), ("run",)),
    "supabase": (("secrets",), ("status",)),
    "wrangler": (("secret",),),
    "stripe": (("config",),),
}
"""Program -> the subcommands that show a secret; an empty one is any."""


def store(argv: list[str], context: Context) -> str | None:
    """A secret store: what its revealing commands show lies in no file of the project."""
    words = [word for word in argv[1:] if not word.startswith("-")]
    if "--" in argv and words[:1] in (["run"], ["exec"], ["shell"]):
        return context.call(argv[argv.index("--") + 1 :], context.stdin)
    for prefix in REVEALING[argv[0].rpartition("/")[2]]:
        if tuple(words[: len(prefix)]) == prefix or any(HOLE in word for word in words[: max(1, len(prefix))]):
            context.opaque(f"which secret `{argv[0]}` shows")
            return None
    context.read(*[word for word in argv[1:] if HOLE not in word and context.world.kind(context.path(word)) == "file"])
    return None


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    **dict.fromkeys(REVEALING, store),
    "gpg": gpg,
    "gpg2": gpg,
    "openssl": openssl,
    "libressl": openssl,
    "ssh-keygen": ssh_keygen,
}
