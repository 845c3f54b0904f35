"""Keyword-value requests of the classic OGC services: names fold case, values do not."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl

from core.errors import BadInputError
from core.texts import Lang, Text, real, whole
from ogc.limits import LIMITS

MAX_PARAMETERS = LIMITS.parameters


class MissingParameterError(BadInputError):
    """A parameter the operation cannot do without; `parameter` is its name."""

    code = "missing-parameter"

    def __init__(self, parameter: str) -> None:
        super().__init__(Text(f"缺少参数 {parameter}", f"parameter {parameter} is missing"), parameter=parameter)
        self.parameter = parameter


class InvalidParameterError(BadInputError):
    """A parameter with a value the operation does not know; `parameter` is its name, `value` what was given."""

    code = "invalid-parameter"

    def __init__(self, parameter: str, value: str, allowed: Text) -> None:
        super().__init__(
            Text(
                f"参数 {parameter} 的取值“{value}”不可用:{allowed.zh}",
                f"{parameter}={value!r} is refused: {allowed.en}",
            ),
            parameter=parameter,
        )
        self.parameter = parameter
        self.value = value


class KVP(Mapping[str, str]):
    """The parameters of one request by lower-case name; of a name given twice the first value counts.

    >>> KVP([("SERVICE", "WMS"), ("Layers", "a,b")]).items_of("layers")
    ('a', 'b')
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, str] = {}
        self._pairs = [(name.strip().lower(), value) for name, value in pairs]
        for name, value in self._pairs:
            self._values.setdefault(name, value)

    @classmethod
    def of_query(cls, query: str) -> "KVP":
        """The parameters of a query string."""
        try:
            return cls(parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS))
        except ValueError as error:
            raise BadInputError(
                Text(f"参数过多,上限 {MAX_PARAMETERS} 个", f"too many parameters, at most {MAX_PARAMETERS}")
            ) from error

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def text(self, name: str, default: str | None = None) -> str:
        """One value; absent or empty it is the default, and without one the request is refused."""
        value = self._values.get(name.lower(), "").strip()
        if value:
            return value
        if default is None:
            raise MissingParameterError(name)
        return default

    def items_of(self, name: str) -> tuple[str, ...]:
        """A comma-separated list; absent or empty it is no items. Empty items stay, because STYLES counts them."""
        value = self._values.get(name.lower(), "").strip()
        return tuple(item.strip() for item in value.split(",")) if value else ()

    def several(self, name: str) -> tuple[str, ...]:
        """Every value of a name that may be given again, SUBSET of WCS say."""
        return tuple(value.strip() for given, value in self._pairs if given == name.lower() and value.strip())

    def integer(self, name: str, default: int | None = None, *, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.text(name, None if default is None else str(default))
        allowed = Text(f"须为 {low} 至 {high} 的整数", f"a whole number from {low} to {high}")
        number = whole(value)
        if number is None or not low <= number <= high:
            raise InvalidParameterError(name, value[:40], allowed)
        return number

    def number(self, name: str, default: float | None = None, *, low: float, high: float) -> float:
        """A number within bounds; NaN is not a number."""
        value = self.text(name, None if default is None else str(default))
        allowed = Text(f"须为 {low} 至 {high} 的数", f"a number from {low} to {high}")
        try:
            number = real(value)
        except ValueError as error:
            raise InvalidParameterError(name, value, allowed) from error
        if not low <= number <= high:
            raise InvalidParameterError(name, value, allowed)
        return number

    def lang(self, default: Lang) -> Lang:
        """The vendor parameter LANG, else the default; anything that is not English is Chinese."""
        return Lang.EN if self.text("lang", default.value).lower().startswith("en") else Lang.ZH

    def truth(self, name: str, default: bool = False) -> bool:
        """TRUE or FALSE, in any case."""
        value = self.text(name, "TRUE" if default else "FALSE").lower()
        if value not in ("true", "false", "1", "0"):
            raise InvalidParameterError(name, value, Text("须为 TRUE 或 FALSE", "TRUE or FALSE"))
        return value in ("true", "1")
