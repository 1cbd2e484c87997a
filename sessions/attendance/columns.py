"""The columns of a list of marks, and how its cells are read."""

from __future__ import annotations

import re
from datetime import datetime, time

from kit.days import parse_day
from kit.i18n import N_
from kit.sheets import Cell, Column, as_count, as_text
from kit.text import fold
from people.imports.cells import read_name, read_phone, read_words
from sessions.words import minutes_of

NOT_A_STATE = N_("Write Có mặt, Muộn, Về sớm, Vắng có lý do, Vắng không lý do or Dự thay.")
NOT_A_TIME = N_("Enter a time of day, like 08:00.")
_STATES = {
    "present": ("co mat", "co", "x", "cm", "du", "1"),
    "late": ("muon", "den muon", "di muon", "tre", "den tre", "m"),
    "left_early": ("ve som", "vs"),
    "excused": ("vang co ly do", "co ly do", "co phep", "vang co phep", "phep", "p", "cp"),
    "unexcused": (
        "vang khong ly do",
        "khong ly do",
        "khong phep",
        "vang khong phep",
        "vang",
        "v",
        "k",
        "kp",
        "0",
    ),
    "substitute": ("du thay", "co nguoi du thay", "nguoi khac du thay", "dt"),
}
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}


def read_state(cell: Cell) -> str:
    """A state; ValueError for any other word."""
    word = " ".join(re.findall(r"[a-z0-9]+", fold(as_text(cell))))
    if word not in _STATE_OF:
        raise ValueError(NOT_A_STATE)
    return _STATE_OF[word]


def read_clock(cell: Cell) -> int:
    """Minutes after midnight; ValueError for what is no time of day."""
    if isinstance(cell, datetime | time):
        return cell.hour * 60 + cell.minute
    try:
        return minutes_of(as_text(cell))
    except ValueError:
        raise ValueError(NOT_A_TIME) from None


COLUMNS = (
    Column("course", ("Lớp", "Tên lớp", "Lớp tập huấn", "Khóa học"), True, True, parse=read_words),
    Column("day", ("Ngày", "Ngày học"), True, True, parse=parse_day),
    Column("starts", ("Giờ bắt đầu", "Giờ"), False, parse=read_clock),
    Column("name", ("Họ và tên", "Họ tên", "Họ, tên", "Học viên"), True, True, parse=read_name),
    Column("office", ("Cơ quan, đơn vị", "Cơ quan", "Đơn vị"), False, parse=read_words),
    Column("phone", ("Số điện thoại", "Điện thoại", "SĐT"), False, parse=read_phone),
    Column("state", ("Kết quả", "Điểm danh", "Tình trạng"), True, True, parse=read_state),
    Column("minutes", ("Số phút", "Phút"), False, parse=as_count),
    Column("substitute", ("Người dự thay", "Dự thay"), False, parse=read_words),
    Column("reason", ("Lý do", "Ghi chú"), False, parse=read_words),
)
