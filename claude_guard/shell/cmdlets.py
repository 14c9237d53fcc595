"""The cmdlets of PowerShell: what their words are. Names are lower case; aliases lead to the full name."""

from ..values import NamedTuple


class Cmdlet(NamedTuple):
    """operands: the roles of positional words, the last one repeating. paths: parameters whose value is touched with
    the role of the cmdlet; role: what it does to them. switches: parameters without a value."""

    role: str = ""
    operands: tuple[str, ...] = ()
    paths: str = "path literalpath pspath filepath lp"
    switches: str = (
        "recurse r force raw wait asbytestream allmatches casesensitive quiet list simplematch notmatch file directory"
        " name hidden"
    )


READ = Cmdlet("read", ("read",))
LIST = Cmdlet("list", ("list",))
WRITE = Cmdlet("write", ("write", ""))
COPY = Cmdlet("read", ("read", "write"))
TEXT = Cmdlet()

CMDLETS: dict[str, Cmdlet] = {
    "get-content": READ,
    "import-csv": READ,
    "import-clixml": READ,
    "import-powershelldatafile": READ,
    "import-localizeddata": READ,
    "get-filehash": READ,
    "format-hex": READ,
    "get-pfxcertificate": READ,
    "get-authenticodesignature": READ,
    "select-string": Cmdlet("read", ("", "read")),
    "select-xml": Cmdlet("read", ("", "read")),
    "invoke-item": READ,
    "unblock-file": LIST,
    "copy-item": COPY,
    "move-item": COPY,
    "rename-item": COPY,
    "compress-archive": COPY,
    "expand-archive": COPY,
    "send-mailmessage": Cmdlet("read", ("",), "attachments"),
    "invoke-webrequest": Cmdlet("read", ("address",), "infile"),
    "invoke-restmethod": Cmdlet("read", ("address",), "infile"),
    "start-bitstransfer": Cmdlet("read", ("read", "write"), "source"),
    "get-childitem": LIST,
    "get-item": LIST,
    "get-itemproperty": LIST,
    "get-acl": LIST,
    "set-acl": LIST,
    "test-path": LIST,
    "resolve-path": LIST,
    "convert-path": LIST,
    "split-path": LIST,
    "set-location": Cmdlet("cd", ("cd",)),
    "push-location": Cmdlet("cd", ("cd",)),
    "set-content": WRITE,
    "add-content": WRITE,
    "clear-content": WRITE,
    "out-file": WRITE,
    "tee-object": WRITE,
    "export-csv": WRITE,
    "export-clixml": WRITE,
    "new-item": WRITE,
    "remove-item": WRITE,
    "set-item": WRITE,
    "set-itemproperty": WRITE,
    "start-transcript": WRITE,
    "get-variable": Cmdlet("environment", ()),
    "invoke-expression": Cmdlet("run", ("run",), "command"),
    "invoke-command": Cmdlet("block", (), "filepath"),
    "start-process": Cmdlet("execute", ("",), "filepath redirectstandardinput"),
    "start-job": Cmdlet("execute", ("",), "filepath"),
    "import-module": Cmdlet("execute", ("execute",), "name"),
    **dict.fromkeys(
        """
            write-output write-host write-error write-warning write-verbose write-debug out-null out-string
            out-host out-default where-object foreach-object sort-object select-object measure-object
            group-object format-table format-list format-wide convertto-json convertfrom-json convertto-csv
            convertfrom-csv convertto-html convertto-xml compare-object get-date get-process get-service
            stop-process get-location pop-location get-command get-help get-member get-host get-random
            get-unique new-object new-guid start-sleep wait-process join-path set-variable remove-variable
            clear-host clear-variable get-alias get-module get-psdrive test-connection test-netconnection
            get-history set-strictmode read-host new-timespan get-culture get-executionpolicy
            set-executionpolicy write-progress stop-service start-service restart-service update-help get-job
            receive-job wait-job remove-job get-verb get-volume get-disk get-netipaddress resolve-dnsname
            export-modulemember
            """.split(),
        TEXT,
    ),
}

ALIASES: dict[str, str] = {
    **dict.fromkeys(("gc", "cat", "type"), "get-content"),
    "sls": "select-string",
    **dict.fromkeys(("cp", "copy", "cpi"), "copy-item"),
    **dict.fromkeys(("mv", "move", "mi"), "move-item"),
    **dict.fromkeys(("ren", "rni"), "rename-item"),
    **dict.fromkeys(("ls", "dir", "gci"), "get-childitem"),
    "gi": "get-item",
    "gp": "get-itemproperty",
    "ipcsv": "import-csv",
    "epcsv": "export-csv",
    "fhx": "format-hex",
    "ii": "invoke-item",
    "iex": "invoke-expression",
    "icm": "invoke-command",
    **dict.fromkeys(("iwr", "wget", "curl"), "invoke-webrequest"),
    "irm": "invoke-restmethod",
    **dict.fromkeys(("rm", "del", "erase", "rd", "ri", "rmdir"), "remove-item"),
    **dict.fromkeys(("ni", "mkdir", "md"), "new-item"),
    "sc": "set-content",
    "ac": "add-content",
    "clc": "clear-content",
    "tee": "tee-object",
    **dict.fromkeys(("echo", "write"), "write-output"),
    **dict.fromkeys(("cd", "sl", "chdir"), "set-location"),
    "pushd": "push-location",
    "popd": "pop-location",
    **dict.fromkeys(("?", "where"), "where-object"),
    **dict.fromkeys(("%", "foreach"), "foreach-object"),
    "select": "select-object",
    "sort": "sort-object",
    "group": "group-object",
    "measure": "measure-object",
    "ft": "format-table",
    "fl": "format-list",
    "fw": "format-wide",
    **dict.fromkeys(("diff", "compare"), "compare-object"),
    **dict.fromkeys(("gv",), "get-variable"),
    **dict.fromkeys(("ps", "gps"), "get-process"),
    "kill": "stop-process",
    "gsv": "get-service",
    "gcm": "get-command",
    "gm": "get-member",
    "gl": "get-location",
    "pwd": "get-location",
    "rvpa": "resolve-path",
    "cvpa": "convert-path",
    **dict.fromkeys(("saps", "start"), "start-process"),
    "sajb": "start-job",
    "ipmo": "import-module",
    "sleep": "start-sleep",
    "cls": "clear-host",
    "clear": "clear-host",
    "h": "get-history",
    "history": "get-history",
    "sv": "set-variable",
    "set": "set-variable",
    "oh": "out-host",
}
