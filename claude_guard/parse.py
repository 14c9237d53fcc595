"""`json.loads` and `json.dumps` for the hot path: the same C code, without the regular expressions that `json` imports."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    def loads(text: str) -> Any:
        """The value of one JSON text. Raises ValueError (or RecursionError) as `json.loads` does."""

    def dumps(value: Any) -> str:
        """A value as JSON text in ASCII, without blanks. Raises TypeError (or RecursionError) as `json.dumps` does."""
else:
    from _json import encode_basestring_ascii, make_encoder, make_scanner

    class _Context:
        strict = True
        object_hook = object_pairs_hook = None
        parse_float = float
        parse_int = int
        parse_constant = {
            "NaN": float("nan"),
            "Infinity": float("inf"),
            "-Infinity": float("-inf"),
        }.__getitem__
        memo = {}  # noqa: RUF012 - the scanner's own attribute, emptied by it

    _scan = make_scanner(_Context)
    _BLANK = " \t\n\r"

    def loads(text):
        try:
            value, end = _scan(text, len(text) - len(text.lstrip(_BLANK)))
        except (StopIteration, SystemError):
            end = -1  # the C scanner cannot say what is wrong while `json` is not imported
        if end < 0 or text[end:].strip(_BLANK):
            import json

            return json.loads(text)
        return value

    def _unknown(value):
        raise TypeError(f"{type(value).__name__} is no JSON value")

    def dumps(value):
        encoder = make_encoder(None, _unknown, encode_basestring_ascii, None, ":", ",", False, False, True)
        return "".join(encoder(value, 0))


__all__ = ["dumps", "loads"]
