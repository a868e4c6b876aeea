"""Can an issued briefing be checked on another machine, without the product's data?

A bundle is one zip: the text, every figure with the parts of the records behind it, and a chain
of digests. Of a record it holds a digest and what it adds, and nothing that could be read.

依据：R-0-15、R-0-17、R-9-01；核对按以下次序，先错先报：
1 每个数字由所列记录重新相加；2 文中写法与数值相符；3 正文由原稿和数字拼得出；
4 其中、合计、占比等关系成立；5 摘要首尾相连。
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any, TypeVar

from lingyan.briefings.rules.numbers import unbound
from lingyan.briefings.rules.paper import Piece, lines_of
from lingyan.briefings.rules.text import parse
from lingyan.briefings.rules.writing import EXACTLY, ROUGHLY, FrozenNumber, contradictions
from lingyan.common.wording import is_true
from lingyan.platform.indicators.definitions import (
    Measure,
    Parts,
    Record,
    add_up,
    exact_of,
    places_of,
    rounded,
)

FORMAT = "lingyan-briefing/1"
HEAD, SOURCE, TEXT, CHAIN = "briefing.json", "source.txt", "text.txt", "chain.json"
LARGEST, MOST_PARTS, LONGEST_NUMBER = 64 * 2**20, 500, 80
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MADE_AT = (2000, 1, 1, 0, 0, 0)  # of every part, so that equal briefings give equal bundles


class UnreadableError(Exception):
    """The file is no bundle, or not whole."""


NO_BUNDLE = "不是领雁的简报核验包，或者缺了几个部分"


AsTold = tuple[str, int, str, int]
"""Part, of, part and of what it is compared with."""


@dataclass(frozen=True, slots=True)
class BundledRecord:
    """What one record adds; `digest` seals the record, `counts` what is counted once."""

    digest: str
    part: str
    of: int
    counts: str
    is_base: bool


@dataclass(frozen=True, slots=True)
class BundledNumber:
    """A figure that another is held against; `named` is its code as the text writes it."""

    named: str
    code: str
    measure: str
    parts: AsTold
    is_told: bool  # of a small group nothing is told, and nothing held against it


@dataclass(frozen=True, slots=True)
class BundledFigure:
    position: int
    written: str
    code: str
    name: str
    version: int
    basis: str
    measure: str
    unit: str
    value: str
    parts: AsTold
    place: str
    since: str
    until: str
    on: str
    records: tuple[BundledRecord, ...]
    named: tuple[BundledNumber, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """Of which place and time it is."""
        return self.place, self.since, self.until, self.on


@dataclass(frozen=True, slots=True)
class Bundle:
    head: Mapping[str, str]  # series, number, title, issuer, day
    source: str  # the text as it was written, figures in braces
    text: str  # as it was printed
    figures: tuple[BundledFigure, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`text` says what is wrong first; None where all is well."""

    figures: int
    records: int
    digest: str
    text: str | None = None
    text_en: str | None = None


# Writing -------------------------------------------------------------------------------------


def digest_of(value: Any) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()


def bundled(record: Record) -> BundledRecord:
    """What of a record leaves the house."""
    told = [record.label, record.key, [str(cell) for cell in record.cells],
            str(record.part), record.of, record.counts, record.is_base]  # fmt: skip
    counts = digest_of([record.label, record.counts]) if record.counts else ""
    part = str(Fraction(record.part))
    return BundledRecord(digest_of(told), part, record.of, counts, record.is_base)


def as_told(parts: Parts) -> AsTold:
    return str(parts.part), parts.of, str(parts.base_part), parts.base_of


def _read_told(told: Any) -> AsTold:
    part, of, base_part, base_of = told
    return str(part), int(of), str(base_part), int(base_of)


def _as_parts(told: AsTold) -> Parts:
    if max(map(len, map(str, told))) > LONGEST_NUMBER:
        raise ValueError(told)
    return Parts(Fraction(told[0]), told[1], Fraction(told[2]), told[3])


def text_of(source: str, written: Mapping[int, str]) -> str:
    """The text as it is printed, a line for each paragraph."""
    pieces = {position: Piece(told) for position, told in written.items()}
    return "\n".join(line.text for line in lines_of(parse(source), pieces))


def write_bundle(bundle: Bundle) -> bytes:
    parts = dict(_parts(bundle))
    parts[CHAIN] = _canonical(_chain(_sealed(parts)))
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, MADE_AT), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def end_of_chain(bundle: Bundle, seals: Mapping[int, str] | None = None) -> str:
    """The digest that stands for the whole bundle.

    With the `seals` of its figures, by position, the figures themselves need not be there.
    """
    sealed = _sealed(dict(_parts(bundle)))
    sealed |= {_figure_name(position): seal for position, seal in (seals or {}).items()}
    return str(_chain(sealed)["end"])


def seal_of(figure: BundledFigure) -> str:
    """What the chain holds of a figure and its records."""
    return hashlib.sha256(_content(figure)).hexdigest()


def _parts(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    yield HEAD, _canonical({"format": FORMAT, **bundle.head})
    yield SOURCE, bundle.source.encode()
    yield TEXT, bundle.text.encode()
    for one in bundle.figures:
        yield _figure_name(one.position), _content(one)


def _content(figure: BundledFigure) -> bytes:
    """The records by name: there may be thousands, and `asdict` copies every value of each."""
    told = asdict(replace(figure, records=()))
    told["records"] = [
        {"digest": one.digest, "part": one.part, "of": one.of, "counts": one.counts,
         "is_base": one.is_base}
        for one in figure.records
    ]  # fmt: skip
    return _canonical(told)


def _sealed(parts: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}


def _figure_name(position: int) -> str:
    return f"figures/{position + 1:03}.json"


def _chain(sealed: Mapping[str, str]) -> dict[str, Any]:
    """Each link seals the one before, the name and the content."""
    link, links = hashlib.sha256(FORMAT.encode()).hexdigest(), []
    for name, own in sealed.items():
        link = hashlib.sha256(f"{link}\n{name}\n{own}".encode()).hexdigest()
        links.append([name, own, link])
    return {"links": links, "end": link}


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# Reading and checking ------------------------------------------------------------------------


def verify_bundle(content: bytes, expected: str = "") -> Verdict:
    """`expected` is the digest that stands elsewhere, on the page of the issued briefing."""
    parts = _read_parts(content)
    if not {HEAD, SOURCE, TEXT, CHAIN} <= parts.keys():
        raise UnreadableError(NO_BUNDLE)
    chain, head = (_read_json(parts[one], one) for one in (CHAIN, HEAD))
    del parts[CHAIN]
    if not isinstance(chain, dict) or not isinstance(head, dict):
        raise UnreadableError(f"{CHAIN}、{HEAD} 应各是一组项目")
    if head.get("format") != FORMAT:
        raise UnreadableError(NO_BUNDLE)
    figures = [_read_figure(one, parts[one]) for one in parts if one.startswith("figures/")]
    wrong = next(_wrong(parts, chain, figures, expected), None)
    records = sum(len(one.records) for one in figures)
    end = str(chain.get("end", ""))
    return Verdict(len(figures), records, end, *(wrong or (None, None)))


def _read_parts(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            listed = file.infolist()
            names = [one.filename for one in listed]
            if len(set(names)) < len(names) or len(names) > MOST_PARTS:
                raise UnreadableError("压缩包里有重名的部分，或者部分太多")
            if sum(one.file_size for one in listed) > LARGEST:
                raise UnreadableError("压缩包太大")
            if any(one.compress_type not in COMPRESSIONS for one in listed):
                raise UnreadableError("压缩方式不对")
            return {one.filename: _read_part(file, one) for one in listed}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error) as wrong:
        raise UnreadableError("打不开：不是完整的压缩包") from wrong


def _read_part(file: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """No more than it says of itself: whole, a part that lies about its size would be unpacked."""
    with file.open(one) as part:
        return part.read(one.file_size + 1)


def _read_json(content: bytes, name: str) -> Any:
    """Only as we write it: the same bytes are the same content."""
    try:
        found = json.loads(content)
        same = _canonical(found) == content
    except (ValueError, RecursionError) as wrong:
        raise UnreadableError(f"{name} 读不出来") from wrong
    if not same:
        raise UnreadableError(f"{name} 的写法不对")
    return found


def _read_figure(name: str, content: bytes) -> BundledFigure:
    told = _read_json(content, name)
    try:
        listed = told.pop("records")
        if not isinstance(listed, list):
            raise TypeError("records")
        records = tuple(_typed(BundledRecord, one) for one in listed)
        named = tuple(_read_number(one) for one in told.pop("named"))
        parts = _read_told(told.pop("parts"))
        more = {"records": records, "named": named, "parts": parts}
        figure = _typed(BundledFigure, told | more)
        Measure(figure.measure)
        Decimal(figure.value)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as wrong:
        raise UnreadableError(f"{name} 的项目不对") from wrong
    return figure


def _read_number(told: Any) -> BundledNumber:
    number = _typed(BundledNumber, told | {"parts": _read_told(told["parts"])})
    _exact(number.measure, number.parts)
    return number


def _exact(measure: str, told: AsTold) -> Fraction | None:
    return exact_of(Measure(measure), _as_parts(told))


Row = TypeVar("Row", BundledRecord, BundledNumber, BundledFigure)


def _typed(kind: type[Row], told: dict[str, Any]) -> Row:
    """Exactly the fields, each of its type."""
    row = kind(**told)
    simple = {"str": str, "int": int, "bool": bool}
    for one in fields(kind):
        wanted = simple.get(str(one.type))
        if wanted is not None and type(getattr(row, one.name)) is not wanted:
            raise ValueError(one.name)
    return row


Wrong = tuple[str, str]


def _wrong(
    parts: Mapping[str, bytes],
    chain: Mapping[str, Any],
    figures: Iterable[BundledFigure],
    expected: str,
) -> Iterator[Wrong]:
    """What is wrong, in the order of the steps above."""
    figures = list(figures)
    for one in figures:
        yield from _wrong_figure(one)
    yield from _wrong_text(parts, figures)
    yield from _wrong_relations(parts, figures)
    yield from _wrong_chain(parts, chain)
    if expected and expected.strip().lower() != chain.get("end"):
        yield (
            f"核验包的摘要 {str(chain.get('end'))[:12]}… 与印发时的摘要不符",
            "the bundle's digest is not the one that was given",
        )


def _wrong_figure(one: BundledFigure) -> Iterator[Wrong]:
    place = f"第 {one.position + 1} 个数字“{one.written}”（{one.code} {one.name}）"
    place_en = f'figure {one.position + 1} "{one.written}" ({one.code})'
    try:
        parts = add_up(_as_record(record) for record in one.records)
    except (ValueError, ZeroDivisionError):
        yield f"{place}有一条记录的份额读不出来", f"{place_en}: the part of a record is no number"
        return
    if as_told(parts) != one.parts:
        yield f"{place}与所列记录相加不符", f"{place_en} is not what its records add up to"
        return
    exact = exact_of(Measure(one.measure), parts)
    value = None if exact is None else rounded(exact, places_of(Measure(one.measure), one.unit))
    if exact is None or str(value) != one.value:
        yield f"{place}的数值 {one.value} 与算出的 {value} 不符", f"{place_en}: {one.value}"
    elif not is_true(one.written, exact):
        yield (
            f"{place}的写法与数值 {one.value} 不符",
            f"{place_en}: the wording is not true of {one.value}",
        )


def _as_record(one: BundledRecord) -> Record:
    if len(one.part) > LONGEST_NUMBER:
        raise ValueError(one.part)
    return Record(
        "", "", "", (), part=Fraction(one.part), of=one.of, counts=one.counts, is_base=one.is_base
    )


def _wrong_text(parts: Mapping[str, bytes], figures: list[BundledFigure]) -> Iterator[Wrong]:
    source, text = parts[SOURCE].decode(errors="replace"), parts[TEXT].decode(errors="replace")
    told = {one.position: one.written for one in figures}
    parsed = parse(source)
    bound = parsed.figures
    if list(told) != [one.position for one in bound]:
        yield "原稿里的数字与所附的数字个数不符", "the text binds other figures than are there"
        return
    for one in bound:
        found = told[one.position]
        if one.wording not in ("", EXACTLY, ROUGHLY, found):
            yield (
                f"第 {one.position + 1} 个数字在原稿里写作“{one.wording}”，所附为“{found}”",
                f"figure {one.position + 1} is worded otherwise in the text",
            )
    for mistake in (*parsed.mistakes, *unbound(parsed)):
        yield f"原稿{mistake}", f"the text is wrong in line {mistake.spot.line}"
    if text_of(source, told) != text:
        yield "印出的正文与原稿和数字拼出的不符", "the text is not what source and figures give"


def _wrong_relations(parts: Mapping[str, bytes], figures: list[BundledFigure]) -> Iterator[Wrong]:
    """Held against each other by the rule of the product; a number told twice is told alike."""
    parsed = parse(parts[SOURCE].decode(errors="replace"))
    for bound, one in zip(parsed.figures, figures, strict=True):
        if set(bound.named) != {other.named for other in one.named}:
            yield (
                f"第 {one.position + 1} 个数字所附的对照数与原稿不符",
                f"figure {one.position + 1} is held against other figures in the text",
            )
    known = {(one.code, one.asked): one.parts for one in figures}
    for one in figures:
        for code, told in [(one.code, one.parts), *_others_told(one)]:
            if known.get((code, one.asked), told) != told:
                yield f"{code} 同一地方、同一期间有两个数", f"{code} is told in two ways"
    numbers = {
        one.position: FrozenNumber(
            one.name, one.unit, one.written, _exact(one.measure, one.parts)
        )
        for one in figures
    }  # fmt: skip
    named = {
        (one.position, other.named): FrozenNumber(other.code, "", "", _exact_told(other))
        for one in figures
        for other in one.named
    }
    for mistake in contradictions(parsed, numbers, named):
        yield f"原稿{mistake}", f"figures contradict each other in line {mistake.spot.line}"


def _others_told(one: BundledFigure) -> list[tuple[str, AsTold]]:
    return [(other.code, other.parts) for other in one.named if other.is_told]


def _exact_told(one: BundledNumber) -> Fraction | None:
    return _exact(one.measure, one.parts) if one.is_told else None


def _wrong_chain(parts: Mapping[str, bytes], chain: Mapping[str, Any]) -> Iterator[Wrong]:
    found, told = _chain(_sealed(parts)), chain.get("links")
    if not isinstance(told, list) or len(told) != len(found["links"]):
        yield "部分的个数与摘要链不符", "there are more or fewer parts than the chain seals"
        return
    for own, kept in zip(found["links"], told, strict=True):
        if own != kept:
            yield f"“{own[0]}”与封存时不同", f"{own[0]} is not as it was sealed"
    if chain != found:
        yield "摘要链的末端不符", "the end of the chain is wrong"
