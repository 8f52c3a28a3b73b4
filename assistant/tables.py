"""TOML files, read strictly into typed tables. One error names the file and the key that is wrong."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from assistant.errors import PackError

T = TypeVar("T")


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every table: a key that nobody reads is a mistake, not a comment."""


def read(file: Path, shape: type[T]) -> T:
    """Reads a TOML file into a shape. Raises PackError naming file and key."""
    try:
        data: Any = _loaded(file.read_text(encoding="utf-8-sig"))  # some editors put a mark at the beginning
        return msgspec.convert(data, shape)
    except FileNotFoundError:
        raise PackError(f"{file}: the file is missing") from None
    except OSError as error:
        raise PackError(f"{file}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise PackError(f"{file}: not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{file}: not valid TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise PackError(f"{file}: {_told(data, shape, error)}") from None


def _loaded(text: str) -> dict[str, Any]:
    """The TOML of a text. Raises TOMLDecodeError, also where a number is too long for Python."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise tomllib.TOMLDecodeError(str(error)) from None


def _told(data: object, shape: Any, error: msgspec.ValidationError, key: str = "") -> str:
    """The error with its key in full, "commands.why.trust: ..."; msgspec leaves out the keys of mappings."""
    for name, value, kind in _parts(data, shape):
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as inner:
            return _told(value, kind, inner, f"{key}{name}" if name.startswith("[") or not key else f"{key}.{name}")
    found = re.fullmatch(r"(?P<what>.*?)(?: - at `\$(?P<rest>.*)`)?", str(error), re.DOTALL)
    assert found
    what = found["what"][0].lower() + found["what"][1:]
    if get_origin(shape) is Literal:
        what += f"; write one of: {', '.join(map(str, get_args(shape)))}"
    if "unknown field" in what and isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        what += f"; known are: {', '.join(part.name for part in msgspec.structs.fields(shape))}"
    if what == "expected `array`, got `object`":
        what += "; write its header in double brackets, as in [[steps]]"
    if what.startswith("expected `str`, got `date"):
        what += "; put it in quotes"
    full = (key + (found["rest"] or "")).removeprefix(".")
    return f"{full}: {what}" if full else what


def _parts(data: object, shape: Any) -> Iterator[tuple[str, object, Any]]:
    """(name, value, type) of what a table, a mapping or a list holds."""
    if isinstance(data, list) and get_origin(shape) is tuple and get_args(shape)[-1] is Ellipsis:
        yield from ((f"[{n}]", value, get_args(shape)[0]) for n, value in enumerate(data))
    if not isinstance(data, dict):
        return
    if get_origin(shape) is dict:
        yield from ((name, value, get_args(shape)[1]) for name, value in data.items())
    elif isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        for part in msgspec.structs.fields(shape):
            if part.name in data:
                yield part.name, data[part.name], part.type
