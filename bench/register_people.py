"""Invented children of a county and a register of them with planted errors; who is who is known.

Pure: the same people for the same seed, in the database and for other programs to be compared with.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate, count
from random import Random

from students.rules.identity import check_character

FIRST, DAYS = date(2011, 9, 1), 3287  # nine years of births
SURNAMES = (
    "陈林胡刘周吴郑王叶朱赵钟蓝雷张徐李黄金包程夏蒋潘毛季董邢富施杨何高罗梁宋唐许韩冯邓曹彭曾"
)
GIVEN = (
    "子梓紫浩皓昊宇雨羽语涵晗寒轩萱欣心昕馨怡一依伊逸奕瑞睿锐思诗俊君钧佳嘉家杰洁捷明铭鸣文雯博泽雪"
    "琪琦祺妍言艳彦燕婷亭霆晨辰宸晓小美梅敏民志智芝国果华花建健强蔷芳方红虹洪丽莉力军丹伟维薇娜超朝"
)
ALIKE = ("子梓紫", "浩皓昊", "宇雨羽语", "涵寒", "轩萱", "欣心昕馨", "怡一依伊", "逸奕", "瑞睿锐",
    "思诗", "俊君钧", "佳嘉家", "杰洁捷", "明铭鸣", "文雯", "琪琦祺", "妍言", "艳彦燕", "婷亭霆",
    "晨辰宸", "晓小", "美梅", "敏民", "志智芝", "国果", "华花", "建健", "强蔷", "芳方", "红虹洪",
    "丽莉力", "伟维薇", "超朝")  # fmt: skip
# Zipf: the commonest sign of a given name is some forty times as common as the rarest.
WEIGHTS = list(accumulate(1 / (rank + 3) for rank in range(len(GIVEN))))
SURNAME_WEIGHTS = list(accumulate(1 / (rank + 2) for rank in range(len(SURNAMES))))


@dataclass(frozen=True)
class Person:
    """A child as one of the two sides writes it. key: who it is in truth."""

    key: int
    name: str
    sex: str
    born_on: date
    number: str
    adults: tuple[str, ...]
    village: int
    address: str


@dataclass(frozen=True)
class Rates:
    """How many of a thousand rows have each error; they fall on rows independently."""

    typo: int = 30
    homophone: int = 30
    digit: int = 20
    swapped: int = 15
    no_number: int = 100
    moved: int = 80
    other_head: int = 150
    no_head: int = 30
    new: int = 50
    left: int = 50


NO_NUMBERS = Rates(no_number=1000)


@dataclass
class People:
    """Our records, and the rows of the register; a row and a record of one key are one child."""

    records: list[Person] = field(default_factory=list)
    rows: list[Person] = field(default_factory=list)


def people(number: int, villages: int, rates: Rates, seed: int = 5) -> People:
    """So many rows and about as many records: most in both, some only in one of them."""
    rng = Random(seed)
    found = People()
    for child in _children(rng, villages):
        where = rng.randrange(1000)
        if where >= rates.new:
            known = child if rng.randrange(100) > 1 else replace(child, number="")
            found.records.append(known)
        if where < rates.new or where >= rates.new + rates.left:
            found.rows.append(_with_errors(child, rates, rng, villages))
        if len(found.rows) == number:
            break
    rng.shuffle(found.rows)
    return found


def _children(rng: Random, villages: int) -> Iterator[Person]:
    """Families of one to three children; each eightieth has twins."""
    keys = count(1)
    serials: dict[date, int] = {}
    while True:
        surname = rng.choices(SURNAMES, cum_weights=SURNAME_WEIGHTS)[0]
        mother = rng.choices(SURNAMES, cum_weights=SURNAME_WEIGHTS)[0]
        adults = (surname + _given(rng), mother + _given(rng))
        village = rng.randrange(villages)
        address = f"{village}村{rng.randrange(1, 300)}号"
        twins = rng.randrange(80) == 0
        day = FIRST + timedelta(days=rng.randrange(DAYS))
        first = _given(rng)
        for nth in range(2 if twins else rng.choice((1, 1, 1, 2, 2, 3))):
            if nth and not twins:
                day = FIRST + timedelta(days=rng.randrange(DAYS))
            # Every second pair of twins shares a sign: 子涵 and 子轩.
            given = first[0] + rng.choice(GIVEN) if nth and rng.randrange(2) else _given(rng)
            given = first if nth == 0 else given
            serials[day] = serials.get(day, 0) + rng.randrange(1, 4)
            area = f"3303{rng.randrange(20, 30)}" if rng.randrange(10) == 0 else "330328"
            digits = f"{area}{day:%Y%m%d}{serials[day] % 1000:03d}"
            sex = "1" if int(digits[-1]) % 2 else "2"
            number = digits + check_character(digits)
            yield Person(next(keys), surname + given, sex, day, number, adults, village, address)


def _given(rng: Random) -> str:
    length = 1 if rng.randrange(7) == 0 else 2
    return "".join(rng.choices(GIVEN, cum_weights=WEIGHTS, k=length))


def _with_errors(child: Person, rates: Rates, rng: Random, villages: int) -> Person:
    row = _at_home(child, rates, rng, villages)
    if _planted(rates.typo, rng):
        row = replace(row, name=_typo(row.name, rng))
    if _planted(rates.homophone, rng):
        row = replace(row, name=_homophone(row.name, rng))
    if _planted(rates.swapped, rng) and (born := row.born_on).day <= 12:
        row = replace(row, born_on=born.replace(month=born.day, day=born.month))
    if _planted(rates.digit, rng):
        row = replace(row, number=_wrong_digit(row.number, rng))
    if _planted(rates.no_number, rng):
        row = replace(row, number="")
    return row


def _at_home(child: Person, rates: Rates, rng: Random, villages: int) -> Person:
    row = replace(child, adults=child.adults[:1])
    if _planted(rates.moved, rng):
        village = rng.randrange(villages)
        row = replace(row, village=village, address=f"{village}村{rng.randrange(1, 300)}号")
    if _planted(rates.other_head, rng):
        row = replace(row, adults=(row.adults[0][0] + _given(rng),))
    return replace(row, adults=()) if _planted(rates.no_head, rng) else row


def _planted(rate: int, rng: Random) -> bool:
    return rng.randrange(1000) < rate


def _wrong_digit(number: str, rng: Random) -> str:
    at = rng.randrange(17)
    return number[:at] + str((int(number[at]) + rng.randrange(1, 10)) % 10) + number[at + 1 :]


def _typo(name: str, rng: Random) -> str:
    at = rng.randrange(len(name))
    return name[:at] + rng.choice(GIVEN) + name[at + 1 :]


def _homophone(name: str, rng: Random) -> str:
    at = rng.randrange(1, len(name))
    group = next((one for one in ALIKE if name[at] in one), name[at])
    return name[:at] + rng.choice(group) + name[at + 1 :]
