"""NamedTuple for the hot path: `typing` costs as much to import as a bare interpreter takes to start.

A type checker sees `typing.NamedTuple`. At run time a class body makes the same kind of tuple, without `collections` and
with nothing compiled: a call of the guard makes a few values of many classes.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from _collections import _tuplegetter

    new = tuple.__new__

    def _filled(cls, values, named):
        """The values of all fields. Raises TypeError."""
        missing = cls._fields[len(values) :]
        if not named and 0 < len(missing) <= len(cls._defaults):
            return values + cls._defaults[-len(missing) :]
        try:
            values += tuple([named.pop(name) if name in named else cls._field_defaults[name] for name in missing])
        except KeyError as error:
            raise TypeError(f"{cls.__name__} has no value for its field {error}") from None
        if named or len(values) > len(cls._fields):
            raise TypeError(f"{cls.__name__} has the fields {cls._fields} only")
        return values

    class _Row(tuple):
        """What every named tuple can do, as `collections.namedtuple` has it."""

        __slots__ = ()
        _fields = ()
        _field_defaults = {}  # noqa: RUF012
        _defaults = ()

        def __new__(cls, *values, **named):
            if named or len(values) != len(cls._fields):
                values = _filled(cls, values, named)
            return new(cls, values)

        @classmethod
        def _make(cls, values):
            made = new(cls, values)
            return made if len(made) == len(cls._fields) else cls(*made)

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
            body |= getters
            body |= {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            return type(name, (_Row,), body | {"_defaults": tuple(defaults.values())})

    class NamedTuple(metaclass=_Made):
        """The base that makes a class body of annotated fields a named tuple."""


__all__ = ["NamedTuple"]
