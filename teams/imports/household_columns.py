"""The columns of a list of households, and how its cells are read."""

from __future__ import annotations

from kit.guard import REFUSAL, finds_secret
from kit.i18n import N_
from kit.sheets import Cell, Column, as_count, as_mark
from people.imports.cells import TOO_LONG, read_name, read_phone, read_words

NOT_SO_MANY = N_("A household has between 1 and 99 people.")
MOST_OF_A_CODE = 40


def read_code(cell: Cell) -> str:
    """A code of a household; ValueError for one that is too long."""
    code = read_words(cell)
    if len(code) > MOST_OF_A_CODE:
        raise ValueError(TOO_LONG)
    return code


def read_people(cell: Cell) -> int:
    """How many people live there; ValueError for none or far too many."""
    people = as_count(cell)
    if not 1 <= people <= 99:
        raise ValueError(NOT_SO_MANY)
    return people


def read_address(cell: Cell) -> str:
    """An address; ValueError for one that is too long or holds a secret."""
    address = read_words(cell)
    if finds_secret(address):
        raise ValueError(REFUSAL)
    return address


COLUMNS = (
    Column("commune", ("Xã/thị trấn", "Xã", "Xã/phường", "Xã, thị trấn"), False, parse=read_words),
    Column("hamlet", ("Ấp/khu phố", "Ấp", "Khu phố", "Ấp, khu phố"), True, True, parse=read_words),
    Column("code", ("Mã hộ", "Mã số hộ", "Số hộ"), False, parse=read_code),
    Column("head", ("Chủ hộ", "Họ tên chủ hộ", "Họ và tên chủ hộ"), True, True, parse=read_name),
    Column("address", ("Địa chỉ", "Nơi ở"), False, parse=read_address),
    Column("people", ("Số nhân khẩu", "Nhân khẩu", "Số người"), False, parse=read_people),
    Column("phone", ("Điện thoại", "Số điện thoại", "SĐT"), False, parse=read_phone),
    Column("fibre", ("Có Internet cáp quang", "Cáp quang"), False, parse=as_mark),
    Column(
        "smartphone", ("Có điện thoại thông minh", "Điện thoại thông minh"), False, parse=as_mark
    ),
)
