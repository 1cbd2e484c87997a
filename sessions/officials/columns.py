"""The columns of a list of officials, and how its cells are read."""

from __future__ import annotations

import re

from kit.days import parse_day
from kit.i18n import N_
from kit.mailboxes import read_mailbox
from kit.sheets import Cell, Column, as_text
from kit.text import fold
from people.imports.cells import (
    read_birth,
    read_name,
    read_phone,
    read_sex,
    read_words,
)

NOT_A_CATEGORY = N_("Write Cán bộ, Công chức, Viên chức or Không chuyên trách.")
_CATEGORIES = {
    "can bo": "cadre",
    "cb": "cadre",
    "cong chuc": "civil_servant",
    "cc": "civil_servant",
    "vien chuc": "public_employee",
    "vc": "public_employee",
    "khong chuyen trach": "part_time",
    "can bo khong chuyen trach": "part_time",
    "nguoi hoat dong khong chuyen trach": "part_time",
    "ban chuyen trach": "part_time",
}


def read_category(cell: Cell) -> str:
    """One of the categories; ValueError for any other word."""
    word = " ".join(re.findall(r"[a-z]+", fold(as_text(cell))))
    if word not in _CATEGORIES:
        raise ValueError(NOT_A_CATEGORY)
    return _CATEGORIES[word]


def read_email(cell: Cell) -> str:
    """An e-mail address; ValueError otherwise."""
    return read_mailbox(as_text(cell))


COLUMNS = (
    Column("name", ("Họ và tên", "Họ tên", "Họ, tên"), True, True, parse=read_name),
    Column("job", ("Chức vụ", "Chức danh", "Chức vụ, chức danh"), False, parse=read_words),
    Column(
        "office",
        ("Cơ quan, đơn vị", "Cơ quan", "Đơn vị", "Đơn vị công tác", "Phòng, ban"),
        True,
        True,
        parse=read_words,
    ),
    Column("category", ("Đối tượng", "Loại", "Diện"), True, True, parse=read_category),
    Column("phone", ("Số điện thoại", "Điện thoại", "SĐT", "Số ĐT"), False, parse=read_phone),
    Column("email", ("Email", "Thư điện tử", "E-mail"), False, parse=read_email),
    Column(
        "birth",
        ("Ngày sinh", "Năm sinh", "Ngày, tháng, năm sinh", "Ngày tháng năm sinh"),
        False,
        parse=read_birth,
    ),
    Column("sex", ("Giới tính", "Nam/nữ", "Phái"), False, parse=read_sex),
    Column("since", ("Từ ngày", "Ngày nhận việc", "Ngày về đơn vị"), False, parse=parse_day),
    Column("area", ("Xã/thị trấn", "Xã", "Xã/phường", "Địa bàn"), False, parse=read_words),
)
