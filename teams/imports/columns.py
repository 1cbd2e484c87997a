"""The columns of the register of members, and how its cells are read."""

from __future__ import annotations

import re

from kit.days import parse_day
from kit.i18n import N_
from kit.sheets import Cell, Column, as_text
from kit.text import fold
from people.imports.cells import read_birth, read_name, read_phone, read_sex, read_words

NOT_A_POSITION = N_("Write Tổ trưởng, Tổ phó or Thành viên as the position.")

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
