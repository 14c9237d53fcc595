"""NamedTuple for the hot path: `typing` costs as much to import as a bare interpreter takes to start.

A type checker sees `typing.NamedTuple`; at run time the same class is made by `collections.namedtuple`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple

    class _Made(type):
        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = list(body.get("__annotations__", ()))
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                if key not in fields and key not in ("__module__", "__qualname__"):
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Made):
        """The base that makes a class body of annotated fields a named tuple."""


__all__ = ["NamedTuple"]
