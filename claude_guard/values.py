"""NamedTuple for the hot path: `typing` costs as much to import as a bare interpreter takes to start.

A type checker sees `typing.NamedTuple`. At run time a class body makes the same kind of tuple, without `collections` and
with nothing compiled until the first value is made: a call of the guard makes values of few of the classes it imports.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from _collections import _tuplegetter

    class _Row(tuple):
        """What every named tuple can do, as `collections.namedtuple` has it."""

        __slots__ = ()
        _fields = ()
        _field_defaults = {}  # noqa: RUF012

        def __new__(cls, *values, **named):
            names = ", ".join(cls._fields)
            space = {"new": tuple.__new__, "__name__": cls.__module__}
            made = eval(f"lambda cls, {names}: new(cls, ({names},))" if names else "lambda cls: new(cls, ())", space)
            made.__defaults__ = tuple(cls._field_defaults.values())
            made.__name__, made.__qualname__ = "__new__", f"{cls.__qualname__}.__new__"
            cls.__new__ = staticmethod(made)
            return made(cls, *values, **named)

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, **named):
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise ValueError(f"no such fields: {list(named)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            inside = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({inside})"

        def __getnewargs__(self):
            return tuple(self)

    class _Made(type):
        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"a field without a default follows one with a default in {name}")
            getters = {field: _tuplegetter(place, "") for place, field in enumerate(fields)}
            more = {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            return type(name, (_Row,), {**body, **getters, **more})

    class NamedTuple(metaclass=_Made):
        """The base that makes a class body of annotated fields a named tuple."""


__all__ = ["NamedTuple"]
