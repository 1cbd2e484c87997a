"""The columns of the register of members, and how its cells are read."""

from __future__ import annotations

import re
from datetime import date

from kit import clock
from kit.days import birth, parse_day
from kit.i18n import N_
from kit.phones import phone_e164
from kit.sheets import Cell, Column, as_text
from kit.text import fold, proper_name, squeeze

OLDEST = 110
NOT_A_NAME = N_("This is not a name of a person.")
NOT_A_SEX = N_("Write Nam or Nữ.")
NOT_A_POSITION = N_("Write Tổ trưởng, Tổ phó or Thành viên as the position.")
TOO_OLD = N_("This birthday lies too far back.")
TOO_LONG = N_("This text is too long.")

_POSITIONS = {
    "leader": ("to truong", "truong to", "truong", "tt"),
    "deputy": ("to pho", "pho to", "pho to truong", "to pho to", "pho", "tp"),
    "member": ("thanh vien", "tv", "to vien", "thanh vien to", "uy vien"),
}
_BY_WORD = {word: position for position, all_ in _POSITIONS.items() for word in all_}


def read_position(cell: Cell) -> str:
    """leader, deputy or member; ValueError for any other word."""
    word = " ".join(re.findall(r"[a-z]+", fold(as_text(cell))))
    if word not in _BY_WORD:
        raise ValueError(NOT_A_POSITION)
    return _BY_WORD[word]


def read_name(cell: Cell) -> str:
    """A name as it is stored; ValueError for a number or a stray sign."""
    name = proper_name(as_text(cell))
    if len(name) < 2 or len(name) > 80 or not any(c.isalpha() for c in name):
        raise ValueError(NOT_A_NAME)
    return name


def read_sex(cell: Cell) -> str:
    """female or male; ValueError otherwise."""
    word = fold(as_text(cell))
    if word not in ("nam", "nu"):
        raise ValueError(NOT_A_SEX)
    return "male" if word == "nam" else "female"


def read_birth(cell: Cell) -> tuple[date | None, int | None]:
    """The birthday, or only the year; ValueError otherwise."""
    today = clock.today()
    day, year = birth(cell, today)
    born = day.year if day else year
    if born is not None and born < today.year - OLDEST:
        raise ValueError(TOO_OLD)
    return day, born


def read_phone(cell: Cell) -> str:
    """A phone in E.164; ValueError otherwise."""
    if not isinstance(cell, str | int | float):
        cell = as_text(cell)
    return phone_e164(cell)


def read_words(cell: Cell) -> str:
    """A line of text that fits its column; ValueError otherwise."""
    text = squeeze(as_text(cell))
    if len(text) > 160:
        raise ValueError(TOO_LONG)
    return text


COLUMNS = (
    Column("commune", ("Xã", "Xã/thị trấn", "Xã/phường", "Xã, thị trấn"), False, parse=read_words),
    Column("hamlet", ("Ấp", "Ấp/khu phố", "Khu phố", "Ấp, khu phố"), False, parse=read_words),
    Column("team", ("Tổ", "Tên tổ", "Tổ CNSCĐ"), False, parse=read_words),
    Column("name", ("Họ và tên", "Họ tên", "Họ, tên"), parse=read_name),
    Column(
        "birth",
        ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh", "Ngày tháng năm sinh"),
        parse=read_birth,
    ),
    Column("sex", ("Giới tính", "Nam/nữ", "Phái"), False, parse=read_sex),
    Column(
        "organisation",
        ("Chức vụ, đơn vị công tác", "Đơn vị công tác", "Chức vụ, đơn vị", "Đơn vị"),
        False,
        parse=read_words,
    ),
    Column(
        "position",
        ("Nhiệm vụ trong Tổ", "Nhiệm vụ", "Vai trò", "Chức danh trong Tổ"),
        parse=read_position,
    ),
    Column("phone", ("Số điện thoại", "Điện thoại", "SĐT", "Số ĐT"), parse=read_phone),
    Column("joined", ("Ngày tham gia", "Ngày vào tổ"), False, parse=parse_day),
)
