"""How languages other than Python are written, and the names that matter in them: one row each.

Patterns are regular expressions over the program's text without comments.
"""

from ...values import NamedTuple


class Language(NamedTuple):
    """How a language is written, and the names that matter in it. Patterns are regular expressions."""

    comment: str
    reads: str  # functions that open a file that their first argument names
    runs: str  # functions that run a command
    evals: str  # functions that run program text
    variable: str  # a variable of the environment: group 1 is its name
    environment: str  # the environment as a whole
    folders: str = r"(?!)"  # functions that list a folder
    argument: str = r"(?!)"  # an argument of the program
    loads: str = r"(?!)"  # functions that load code of the project
    ticks: bool = False  # backticks run a command
    joined: str = "+"  # what concatenates strings


LANGUAGES: dict[str, Language] = {
    "node": Language(
        comment=r"//[^\n]*|/\*.*?\*/",
        reads=r"readFile(?:Sync)?|createReadStream|openSync|open|openAsBlob|readv|file|readTextFile(?:Sync)?|readLinesSync|cp(?:Sync)?"
        r"|copyFile(?:Sync)?|rename(?:Sync)?|link(?:Sync)?|symlink(?:Sync)?|sendFile|loadEnvFile|readAsText",
        runs=r"exec(?:Sync|File|FileSync)?|spawn(?:Sync)?|\$",
        evals=r"eval|Function|runInThisContext|runInNewContext",
        variable=r"process\.env(?:\.(\w+)|\[\s*['\"](\w+)['\"]\s*\])|(?:Deno\.env\.get\(\s*|Bun\.env\.)['\"]?(\w+)",
        environment=r"process\.env\b(?!\s*[.\[]\s*['\"]?\w)|Deno\.env\.toObject|environ\b",
        folders=r"readdir(?:Sync)?|opendir(?:Sync)?|glob(?:Sync)?|walk",
        argument=r"process\.argv(?:\[\d+\]|\.at\(-?\d+\)|\.slice\(\d+\))?|Deno\.args(?:\[\d+\])?",
        loads=r"require|import",
    ),
    "perl": Language(
        comment=r"(?<![$\\])#[^\n]*",
        reads=r"open|sysopen|do|copy|move|rename|link|symlink|read_file|slurp|path|edit_file|read_text",
        runs=r"system|exec|qx|readpipe|capture",
        evals=r"eval",
        variable=r"\$ENV\{\s*['\"]?(\w+)['\"]?\s*\}",
        environment=r"%ENV\b|%\{?\s*ENV",
        folders=r"opendir|glob|find|readdir",
        argument=r"\$ARGV\[-?\d+\]|@ARGV|shift(?:\s*@ARGV)?|\$ARGV\b",
        ticks=True,
        joined=".",
    ),
    "ruby": Language(
        comment=r"#(?!\{)[^\n]*",
        reads=r"open|read|readlines|foreach|binread|new|load_file|copy|cp|cp_r|mv|move|rename|link|symlink|ln|ln_s|sysopen|IO|copy_stream"
        r"|unsafe_load_file|parse_file",
        runs=r"system|exec|spawn|popen|popen2|popen2e|popen3|capture2|capture2e|capture3|pipeline|x",
        evals=r"eval|instance_eval|class_eval",
        variable=r"ENV(?:\[\s*['\"](\w+)['\"]\s*\]|\.fetch\(?\s*['\"](\w+)['\"])",
        environment=r"\bENV\b(?!\s*(?:\[\s*['\"]|\.fetch\(?\s*['\"]))",
        folders=r"glob|entries|children|each_child|find",
        argument=r"ARGV(?:\[-?\d+\]|\.(?:first|shift|last))?|ARGF",
        loads=r"require_relative|load",
        ticks=True,
    ),
    "php": Language(
        comment=r"//[^\n]*|#[^\n]*|/\*.*?\*/",
        reads=r"file_get_contents|readfile|file|fopen|highlight_file|show_source|php_strip_whitespace|parse_ini_file|copy|rename|link|symlink"
        r"|SplFileObject|simplexml_load_file|gzopen|gzfile|readgzfile|hash_file|md5_file|sha1_file|load"
        r"|curl_file_create|exif_read_data",
        runs=r"system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec",
        evals=r"eval|assert|create_function",
        variable=r"getenv\(\s*['\"](\w+)['\"]|\$_(?:ENV|SERVER)\[\s*['\"](\w+)['\"]",
        environment=r"getenv\(\s*\)|\$_ENV\b(?!\s*\[)|\$_SERVER\b(?!\s*\[)|phpinfo",
        folders=r"glob|scandir|opendir|DirectoryIterator|RecursiveDirectoryIterator",
        argument=r"\$argv(?:\[\d+\])?|\$_SERVER\['argv'\]",
        loads=r"include|include_once|require|require_once",
        ticks=True,
        joined=".",
    ),
    "lua": Language(
        comment=r"--\[\[.*?\]\]|--[^\n]*",
        reads=r"open|lines|input|dofile|loadfile|rename|read_file",
        runs=r"execute|popen",
        evals=r"load|loadstring",
        variable=r"os\.getenv\(?\s*['\"](\w+)['\"]",
        environment=r"(?!)",
        folders=r"dir|attributes",
        argument=r"arg\[\d+\]",
        joined="..",
    ),
    "r": Language(
        comment=r"#[^\n]*",
        reads=r"readLines|read\.\w+|scan|file|source|readRDS|load|readr::\w+|read_\w+|fread|gzfile|file\.copy|file\.rename|file\.symlink|readChar"
        r"|readBin|sys\.source|fromJSON|parse|file\.show|file\.append",
        runs=r"system|system2|shell|pipe",
        evals=r"eval",
        variable=r"Sys\.getenv\(\s*['\"](\w+)['\"]",
        environment=r"Sys\.getenv\(\s*\)",
        folders=r"list\.files|dir|Sys\.glob",
        argument=r"commandArgs\([^)]*\)(?:\[\d+\])?",
        joined=",",
    ),
    "tcl": Language(
        comment=r"(?m:^\s*#[^\n]*)",
        reads=r"open|source|fcopy|file\s+copy|file\s+rename|file\s+link",
        runs=r"exec|spawn",
        evals=r"eval|uplevel",
        variable=r"\$(?:::)?env\((\w+)\)",
        environment=r"(?:array\s+get|parray)\s+(?:::)?env",
        folders=r"glob",
    ),
    "osascript": Language(
        comment=r"--[^\n]*",
        reads=r"read|POSIX\s+file|open",
        runs=r"do\s+shell\s+script",
        evals=r"run\s+script",
        variable=r"system\s+attribute\s+['\"](\w+)",
        environment=r"(?!)",
        joined="&",
    ),
    "groovy": Language(
        comment=r"//[^\n]*|/\*.*?\*/",
        reads=r"File|newReader|readLines|Paths\.get|FileReader",
        runs=r"execute",
        evals=r"evaluate|Eval\.me",
        variable=r"System\.getenv\(\s*['\"](\w+)",
        environment=r"System\.getenv\(\s*\)",
    ),
}
