"""A workbook of many members, made up, as a district would send it."""

from pathlib import Path

import xlsxwriter

FAMILIES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Phan",
    "Trương",
    "Đoàn",
]
MIDDLES = ["Văn", "Thị", "Minh", "Ngọc", "Hữu", "Quốc", "Thanh", "Kim", "Hoàng", "Bích"]
GIVENS = [
    "An",
    "Ánh",
    "Bình",
    "Chi",
    "Dũng",
    "Đạt",
    "Giang",
    "Hà",
    "Hải",
    "Hân",
    "Hoa",
    "Hùng",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Mai",
]
GIVENS += [
    "Nam",
    "Nga",
    "Nghĩa",
    "Ngân",
    "Phúc",
    "Phương",
    "Quân",
    "Sen",
    "Sơn",
    "Tâm",
    "Thảo",
    "Toàn",
    "Trâm",
    "Tuấn",
    "Uyên",
    "Vinh",
    "Ý",
]
HEADS = (
    *("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ, đơn vị công tác"),
    *("Nhiệm vụ trong Tổ", "Số điện thoại", "Ghi chú"),
)
TITLE = ("ỦY BAN NHÂN DÂN HUYỆN TÂN TRỤ", "DANH SÁCH THÀNH VIÊN TỔ CÔNG NGHỆ SỐ CỘNG ĐỒNG")
COMMUNES = 10
Line = list[str | int]
TEAM = 5


def person(number: int) -> str:
    """The name of the n-th person; names repeat, as they do in life."""
    family, middle = FAMILIES[number % 16], MIDDLES[number // 7 % 10]
    return f"{family} {middle} {GIVENS[number // 3 % len(GIVENS)]}"


def write_workbook(file: Path, members: int) -> None:
    """Write that many members in teams of five, in ten communes."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        lines: list[Line] = [[TITLE[0]], [TITLE[1]], [], [*HEADS]]
        for number in range(members):
            lines += [*heads(number, members), member(number)]
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)


def heads(number: int, members: int) -> list[Line]:
    """The rows above the n-th member: a commune, a team, or nothing."""
    found: list[Line] = []
    commune = number * COMMUNES // members
    if number == 0 or commune != (number - 1) * COMMUNES // members:
        found.append([f"{commune + 1}. XÃ TÂN PHÚ {commune + 1}"])
    if number % TEAM == 0:
        found.append([f"{number // TEAM + 1}. Tổ CNSCĐ ấp {number // TEAM + 1}"])
    return found


def member(number: int) -> Line:
    """The n-th member's row."""
    born = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{1960 + number % 45}"
    post = ("tổ trưởng", "Tổ phó", "TV", "TV", "TV")[number % TEAM]
    sex = "Nữ" if " Thị " in person(number) else "Nam"
    return [number + 1, person(number), born, sex, "Chi hội", post, f"09{number + 10_000_000}", ""]
