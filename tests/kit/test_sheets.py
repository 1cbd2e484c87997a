import io
import random
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.days import birth
from kit.phones import phone_e164
from kit.sheets import (
    Cell,
    Column,
    Sheet,
    SheetError,
    as_count,
    as_mark,
    as_text,
    find_header,
    only_text,
    read_lines,
    read_sheet,
    sheet_total,
    write_sheet,
)
from kit.workbooks import LIMITS
from tests.kit.books import (
    DATA,
    MEMBERS,
    SHEET,
    compound,
    lying_zip,
    sheet_xml,
    with_part,
    with_rows,
)

PERSON = (
    Column("name", ("Họ và tên", "Họ tên"), filled=True),
    Column("birth", ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh"), parse=birth),
    Column("duty", ("Nhiệm vụ trong Tổ", "Nhiệm vụ", "Vai trò")),
    Column("phone", ("Số điện thoại", "Điện thoại", "SĐT"), parse=phone_e164),
    Column("email", ("Email", "Thư điện tử"), required=False),
)
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def members() -> Sheet:
    return read_sheet(MEMBERS.read_bytes())


def refusal(data: bytes, **limits: int) -> SheetError:
    with pytest.raises(SheetError) as refused:
        read_sheet(data, replace(LIMITS, **limits))
    return refused.value


def test_the_register_of_members_is_read_whole() -> None:
    sheet = members()
    assert sheet.title == "Danh sách"
    header = find_header(sheet.rows, PERSON)
    assert header.row == 5
    assert header.places == {"name": 1, "birth": 2, "duty": 5, "phone": 6}
    lines = list(read_lines(sheet.rows, header, PERSON))
    people = [line for line in lines if line.values["phone"]]
    titles = [text for line in lines if (text := only_text(line.cells))]
    assert len(people) == 215
    assert not any(line.wrong for line in people)
    assert len([text for text in titles if "Tổ CNSCĐ" in text]) == 43
    assert len(titles) == 43 + 10 + 1
    assert len({line.values["phone"] for line in people}) == 215
    assert all(any(line.values["birth"]) for line in people)
    assert sheet_total(sheet.rows) == {"to": 43, "thanh vien": 215}
    assert people[0].number == 8
    assert people[-1].number == 273


def test_households_need_only_a_description() -> None:
    columns = (
        Column("commune", ("Xã/thị trấn", "Xã"), filled=True),
        Column("code", ("Mã hộ",), filled=True),
        Column("people", ("Số nhân khẩu",), parse=as_count),
        Column("phone", ("Điện thoại",), parse=phone_e164),
        Column("fibre", ("Có Internet cáp quang",), parse=as_mark),
    )
    sheet = read_sheet((DATA / "ho-gia-dinh.xlsx").read_bytes())
    lines = list(read_lines(sheet.rows, find_header(sheet.rows, columns), columns))
    assert len(lines) == 1720
    assert not any(line.wrong for line in lines)
    assert lines[0].values["people"] == 2
    assert lines[0].values["fibre"] is True
    assert lines[4].values["phone"] is None


def test_officials_need_only_a_description() -> None:
    columns = (
        Column("name", ("Họ và tên",), filled=True),
        Column("office", ("Cơ quan, đơn vị",), filled=True),
        Column("phone", ("Số điện thoại",), parse=phone_e164),
    )
    sheet = read_sheet((DATA / "can-bo-cong-chuc.xlsx").read_bytes())
    lines = list(read_lines(sheet.rows, find_header(sheet.rows, columns), columns))
    assert len(lines) == 210
    assert not any(line.wrong for line in lines)


def test_wrong_cells_get_a_sentence_beside_their_row() -> None:
    rows: list[list[Cell]] = [[None, "1985", "0900"], ["An", "31/02/1985", "0900000001"], ["Tư"]]
    header = ["Họ tên", "NĂM SINH (nếu nhớ)", "SĐT"]
    columns = [column for column in PERSON if column.key != "duty"]
    sheet = read_sheet(write_sheet("Thử", header, rows))
    lines = list(read_lines(sheet.rows, find_header(sheet.rows, columns), columns))
    assert [line.number for line in lines] == [2, 3, 4]
    assert [set(line.wrong) for line in lines] == [{"name", "phone"}, {"birth"}, set()]
    assert lines[1].values == {"name": "An", "birth": None, "phone": "+84900000001", "email": None}


def test_other_headers_are_refused_by_name() -> None:
    sheet = read_sheet(write_sheet("Thử", ["STT", "Họ và tên", "Lớp"], [[1, "An", "6A"]]))
    with pytest.raises(SheetError) as refused:
        find_header(sheet.rows, PERSON)
    assert refused.value.code == "headers"
    assert "Ngày sinh, Nhiệm vụ trong Tổ, Số điện thoại" in str(refused.value)
    with pytest.raises(SheetError):
        find_header([], PERSON)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"Ho va ten;Nam sinh\n", "not_xlsx"),
        (b"<html><table></table></html>", "not_xlsx"),
        (b"PK", "broken"),
        (b"PK\x03\x04" + bytes(100), "broken"),
        (bytes(30 * 1024 * 1024), "too_large"),
        (MEMBERS.read_bytes()[:9000], "broken"),
        (compound("Root Entry", "EncryptionInfo", "EncryptedPackage"), "password"),
        (compound("Root Entry", "Workbook"), "old_xls"),
        (compound("Root Entry", "WordDocument"), "not_xlsx"),
        (with_part(SHEET, sheet_xml("")), "empty"),
        (with_part(SHEET, "<worksheet><sheetData>"), "broken"),
        (with_part(SHEET, ""), "broken"),
        (with_part(SHEET, sheet_xml(ONE).encode("utf-16")), "broken"),
        (with_part("xl/big.xml", b" " * (70 * 1024 * 1024)), "bomb"),
        (with_part("xl/big.xml", b" " * (5 * 1024 * 1024)), "bomb"),
        (lying_zip("xl/big.xml", 5 * 1024 * 1024), "broken"),
        (with_part(SHEET, sheet_xml(ONE), zipfile.ZIP_LZMA), "broken"),
        (with_part(SHEET, '<!DOCTYPE a [<!ENTITY b "c">]>' + sheet_xml(ONE)[38:]), "broken"),
        (with_rows(ONE + '<row r="9"><c r="XFD1048576"><v>1</v></c></row>'), "spread"),
        (with_rows(ONE + '<row r="999999999"><c><v>1</v></c></row>'), "broken"),
        (with_part("xl/sharedStrings.xml", '<sst uniqueCount="900000194"/>'), "bomb"),
        (with_rows(ONE + "<si><t>a</t></si>"), "broken"),
        (with_rows('<row><c r="1A"><v>1</v></c></row>'), "broken"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(data: bytes, code: str) -> None:
    refused = refusal(data)
    assert refused.code == code
    assert "%" not in refused.say()


def test_another_kind_of_zip_is_not_a_workbook() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(made.getvalue()).code == "not_xlsx"


def test_a_zip_with_a_password_is_told_so() -> None:
    data = bytearray(MEMBERS.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data)).code == "password"


def test_a_part_hidden_twice_is_refused() -> None:
    made = io.BytesIO(MEMBERS.read_bytes())
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(made, "a") as archive,
    ):
        archive.writestr(SHEET, sheet_xml(ONE))
    assert refusal(made.getvalue()).code == "broken"


def test_rows_are_limited() -> None:
    data = write_sheet("Thử", ["a"], [[n] for n in range(50)])
    assert len(read_sheet(data, replace(LIMITS, rows=51)).rows) == 51
    assert refusal(data, rows=50).code == "too_many_rows"
    assert refusal(data, rows=50, grid=40).code == "too_many_rows"
    assert refusal(data, upload=1000).code == "too_large"


def test_one_long_text_in_many_cells_is_refused() -> None:
    texts = f"<sst><si><t>{random.Random(1).randbytes(50_000).hex()}</t></si></sst>"
    cells = '<row><c t="s"><v>0</v></c></row>' * 3_000
    made = io.BytesIO(with_part("xl/sharedStrings.xml", texts))
    with zipfile.ZipFile(made) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in (parts | {SHEET: sheet_xml(cells).encode()}).items():
            new.writestr(part, content)
    assert refusal(made.getvalue()).code == "bomb"


def test_formatted_but_blank_cells_far_away_do_no_harm() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read_sheet(with_rows(ONE + far)).rows == [(1, [1.0])]


def test_blank_rows_keep_the_numbers_of_excel() -> None:
    rows = read_sheet(write_sheet("Thử", ["a", "b"], [[], [" ", ""], [None, "x"]])).rows
    assert rows == [(1, ["a", "b"]), (4, [None, "x"])]


@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_damaged_bytes_are_refused_or_read(chance: random.Random, count: int) -> None:
    data = bytearray(MEMBERS.read_bytes())
    for _ in range(count):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(SheetError):
        read_sheet(bytes(data))


@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_a_damaged_sheet_is_refused_or_read(chance: random.Random, count: int) -> None:
    with zipfile.ZipFile(MEMBERS) as archive:
        top = archive.read(SHEET).split(b'<row r="9"')[0]
    content = bytearray(top + b"</sheetData></worksheet>")
    for _ in range(count):
        content[chance.randrange(len(content))] = chance.choice(b'<>/"=rcstv 019AZ')
    with suppress(SheetError):
        read_sheet(with_part(SHEET, bytes(content)))


def test_what_is_written_is_read_back() -> None:
    row: list[Cell | Decimal] = [
        "Ưng Văn Trung", date(1967, 8, 20), datetime(2026, 11, 23, 16, 42), 1234.5, 7,
        Decimal("2.5"), True, None, "+84900000001", "0900000001", "=1+1", "@SUM(A1)",
        "http://a.vn", 10**16,
    ]  # fmt: skip
    sheet = read_sheet(write_sheet("Tổ [1]: a/b" + "x" * 40, [str(n) for n in range(14)], [row]))
    assert sheet.title == "Tổ 1 a b" + "x" * 23
    assert sheet.rows[1][1] == [
        "Ưng Văn Trung", date(1967, 8, 20), datetime(2026, 11, 23, 16, 42), 1234.5, 7.0, 2.5,
        True, None, "+84900000001", "0900000001", "=1+1", "@SUM(A1)", "http://a.vn",
        "10000000000000000",
    ]  # fmt: skip


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=60))
@settings(max_examples=40)
def test_no_text_becomes_a_formula(text: str) -> None:
    data = write_sheet(text, ["a"], [[text, "="], ["=" + text, "="]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read(SHEET)
    assert read_sheet(data).rows[2][1][0] == "=" + text


def test_headers_are_bold_frozen_and_filtered() -> None:
    data = write_sheet("Thử", ["Tên", "SĐT"], [["An", "0900000001"]], [30, 14])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet, styles = archive.read(SHEET).decode(), archive.read("xl/styles.xml").decode()
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:B2"/>' in sheet
    assert "<b/>" in styles


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["Tổng cộng: 43 Tổ, 215 thành viên"], {"to": 43, "thanh vien": 215}),
        (["TỔNG SỐ: 1.720 hộ"], {"ho": 1720}),
        ([None, "Cộng", 215.0], {"": 215}),
        (["Tổng: 215 người / 43 tổ."], {"nguoi": 215, "to": 43}),
        (["Nguyễn Văn Tổng", 3.0], {}),
    ],
)
def test_the_total_of_a_sheet_is_read(cells: list[Cell], total: dict[str, int]) -> None:
    assert sheet_total([(1, ["Họ tên"]), (2, cells)]) == total


def test_cells_are_read_as_text_counts_and_marks() -> None:
    assert [as_text(c) for c in (12.0, 1.5, date(2026, 1, 2), " a  b ", None)] == [
        "12", "1.5", "02/01/2026", "a b", "",
    ]  # fmt: skip
    assert [as_mark(c) for c in ("x", "X ", "Có", 1.0, True, "không", 0.0, False)] == [
        True, True, True, True, True, False, False, False,
    ]  # fmt: skip
    assert as_count("3") == as_count(3.0) == 3
    for wrong in ("ba", -1.0, 1.5, "1e3"):
        with pytest.raises(ValueError, match="whole number"):
            as_count(wrong)
    with pytest.raises(ValueError, match="Mark with x"):
        as_mark("có lẽ")
