"""The papers: a page each, real Vietnamese text, nothing that overflows; a whole course as one."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from demo.cast import HOANG, NGHI, SEN, TAM
from kit import clock
from kit.database import run, value
from kit.errors import Forbidden, NotFound, Refused
from kit.text import nfc
from people.permissions import MACHINE
from sessions.certificates import prints
from sessions.certificates.commands import RevokeForm, revoke_certificate
from sessions.certificates.papers import joined, paper_of, parts_of
from sessions.certificates.prints import begin_print, find_print, purge_prints, read_print
from sessions.certificates.queries import CertificateFound, find_certificate
from tests.certificates import AN, ANH, LEARNER, a_finished_course, issued
from tests.kit.alphabet import ORDER, VOWELS
from tests.teams.lookups import how_many
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

LETTERS = "".join(VOWELS) + "".join(ORDER)
ADDRESS = "https://toso.tantru.example"
A4_LYING = (841.89, 595.28)


async def one() -> CertificateFound:
    """A certificate."""
    (made,) = await issued(await a_finished_course([ANH]))
    return made


def read(content: bytes) -> PdfReader:
    """A PDF as another maker's program reads it."""
    assert content.startswith(b"%PDF-")
    return PdfReader(io.BytesIO(content))


def words_of(pdf: PdfReader, page: int = 0) -> str:
    """The text of a page on one line."""
    return nfc(" ".join(pdf.pages[page].extract_text().split()))


def fonts_of(pdf: PdfReader) -> dict[str, Any]:
    """Every font of a file by name, with its descriptor."""
    found = {}
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            (inner,) = font.get_object()["/DescendantFonts"]
            inner = inner.get_object()
            found[str(inner["/BaseFont"])] = inner["/FontDescriptor"].get_object()
    return found


async def test_the_paper_says_all_of_it_in_text_that_can_be_read() -> None:
    made = await one()
    pdf = read(await paper_of(made, ADDRESS))
    assert len(pdf.pages) == 1
    size = pdf.pages[0].mediabox
    assert (float(size.width), float(size.height)) == pytest.approx(A4_LYING, abs=0.1)
    text = words_of(pdf)
    day = clock.today().strftime("%d/%m/%Y")
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN",
        "GIẤY CHỨNG NHẬN",
        ANH,
        "Kỹ năng số cho cán bộ xã",
        "Chuyên đề: Chuyển đổi số",
        f"Thời gian: ngày {day}",
        "Thời lượng: 4 tiết",
        "Tân Trụ, ngày",
        f"Số vào sổ: {made.register}",
        "toso.tantru.example/v",
        made.shown_code,
    ):
        assert words in text, words


async def test_only_our_own_letters_are_used_and_all_of_them_are_inside() -> None:
    fonts = fonts_of(read(await paper_of(await one(), ADDRESS)))
    assert fonts
    for name, described in fonts.items():
        assert "Tinos" in name
        assert {"/FontFile2", "/FontFile3"} & set(described)


async def test_every_letter_with_every_mark_comes_out_as_it_went_in() -> None:
    made = await one()
    for start in range(0, len(LETTERS), 40):
        name = LETTERS[start : start + 40]
        said = replace(made, person_name=name, office_name=name.upper(), course_title=name)
        text = words_of(read(await paper_of(said, ADDRESS))).replace(" ", "")
        assert text.count(name) >= 2
        assert name.upper() in text


async def test_long_names_and_titles_stay_on_one_page_and_within_its_frame() -> None:
    name = "Nguyễn Hoàng Phương Thảo Nguyên Quỳnh Ánh Trúc Ngọc Tường Vy"
    title = ("Bồi dưỡng kỹ năng chuyển đổi số và an toàn thông tin mạng cho viên chức " * 3)[:200]
    made = replace(
        await one(),
        person_name=name,
        office_name="Trung tâm Văn hóa, Thông tin và Truyền thanh huyện Tân Trụ " * 2,
        course_title=title,
        theme_name="Tìm, đánh giá và sử dụng thông tin trên môi trường mạng " * 2,
        body_name="Ủy ban nhân dân xã Bình Trinh Đông " * 3,
        body_parent="Ủy ban nhân dân tỉnh Tây Ninh " * 4,
    )
    assert (len(name), len(title)) == (60, 200)
    pdf = read(await paper_of(made, ADDRESS))
    assert len(pdf.pages) == 1
    assert name in words_of(pdf)
    assert " ".join(title.split()) in words_of(pdf)
    width, height = A4_LYING
    spots = placed(pdf)
    assert min(x for x, _ in spots) >= 45
    assert max(x for x, _ in spots) <= width - 45
    assert min(y for _, y in spots) >= 45
    assert max(y for _, y in spots) <= height - 45
    marks = [y for x, y in spots if x < width / 2]
    assert min(marks) > 45


def placed(pdf: PdfReader) -> list[tuple[float, float]]:
    """Where each piece of text of the first page begins, in points from the lower left."""
    found: list[tuple[float, float]] = []

    def note(text: str, matrix: Any, inner: Any, *_: Any) -> None:
        if text.strip():
            a, b, c, d, e, f = matrix
            found.append((inner[4] * a + inner[5] * c + e, inner[4] * b + inner[5] * d + f))

    pdf.pages[0].extract_text(visitor_text=note)
    assert found
    return found


async def test_sixty_papers_are_one_file_within_ten_seconds() -> None:
    made = await one()
    many = [replace(made, number=number, person_name=f"Lê Văn {number}") for number in range(60)]
    begun = time.perf_counter()
    parts = [part async for part in parts_of(many, ADDRESS)]
    pdf = read(await joined([part for _, part in parts]))
    assert time.perf_counter() - begun < 10
    assert [done for done, _ in parts] == [40, 60]
    assert len(pdf.pages) == 60
    assert "Lê Văn 59" in words_of(pdf, 59)
    assert all("Tinos" in name for name in fonts_of(pdf))


async def test_a_course_is_printed_whole_without_the_revoked_ones() -> None:
    course = await a_finished_course()
    first, *_ = await issued(course)
    await revoke_certificate(MACHINE, first.id, RevokeForm(reason="Ghi sai họ tên"))
    async with await visit(NGHI) as nghi:
        sent = await nghi.post(f"/courses/{course}/certificates/prints")
        where = sent.headers["location"]
        await prints.settle()
        page = await nghi.get(where)
        assert "2 giấy chứng nhận" in page.text
        answer = await nghi.get(f"{where}/certificates.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = read(answer.content)
    assert [AN in words_of(pdf, n) for n in range(len(pdf.pages))] == [False, False]
    assert [name in words_of(pdf, n) for n, name in enumerate((ANH, LEARNER))] == [True, True]
    assert await how_many("certificate.print") == 1


async def test_the_page_tells_how_far_it_is_and_that_it_was_interrupted() -> None:
    course = await a_finished_course()
    await issued(course)
    made, certificates = await begin_print(MACHINE, course)
    assert (await begin_print(MACHINE, course)) == (made, [])
    await run("UPDATE certificate_print SET done = 2 WHERE id = {}", made)
    async with await visit(TAM) as tam:
        page = (await tam.get(f"/certificates/prints/{made}")).text
        assert "2 / 3" in page
        assert 'http-equiv="refresh"' in page
        assert (await tam.get(f"/certificates/prints/{made}/certificates.pdf")).status_code == 404
        with clock.frozen(clock.now() + timedelta(minutes=2)):
            assert (await find_print(MACHINE, made))[0].phase == "interrupted"
            again, _work = await begin_print(MACHINE, course)
    assert again != made
    await prints.set_print(again, certificates, ADDRESS)
    assert len(read(await read_print(again)).pages) == 3


async def test_a_print_that_fails_says_so_and_leaves_nothing_half(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = await a_finished_course()
    await issued(course)

    async def broken(*_: object) -> bytes:
        raise RuntimeError("no fonts")

    monkeypatch.setattr("sessions.certificates.prints.joined", broken)
    async with await visit(TAM) as tam:
        sent = await tam.post(f"/courses/{course}/certificates/prints")
        await prints.settle()
        page = (await tam.get(sent.headers["location"])).text
    assert "Tạo lại" in page
    assert await value("SELECT count(*) FROM certificate_print WHERE content IS NOT NULL") == 0


async def test_who_may_print_a_course() -> None:
    course = await a_finished_course()
    with pytest.raises(Refused):
        await begin_print(MACHINE, course)
    await issued(course)
    with pytest.raises(NotFound):
        await begin_print(await who_is(SEN), course)
    made, _ = await begin_print(await who_is(NGHI), course)
    with pytest.raises(NotFound):
        await find_print(await who_is(SEN), made)
    with pytest.raises((NotFound, Forbidden)):
        await find_print(await who_is(HOANG), made)


async def test_one_takes_the_own_paper_until_it_is_revoked() -> None:
    (made,) = await issued(await a_finished_course([LEARNER]))
    async with await visit(HOANG) as hoang:
        paper = await hoang.get(f"/certificates/{made.id}/paper.pdf")
        assert LEARNER in words_of(read(paper.content))
        assert f"giay-chung-nhan-0001-{made.year}.pdf" in paper.headers["content-disposition"]
        await revoke_certificate(MACHINE, made.id, RevokeForm(reason="Ghi sai họ tên"))
        assert (await hoang.get(f"/certificates/{made.id}/paper.pdf")).status_code == 409
        assert "Ghi sai họ tên" in (await hoang.get(f"/certificates/{made.id}")).text
    assert (await find_certificate(MACHINE, made.id)).revoked_at is not None


async def test_files_of_some_days_ago_are_cleared_out() -> None:
    course = await a_finished_course()
    await issued(course)
    print_id, certificates = await begin_print(MACHINE, course)
    await prints.set_print(print_id, certificates, ADDRESS)
    assert await purge_prints() == "prints 0"
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert await purge_prints() == "prints 1"
    with pytest.raises(NotFound):
        await read_print(print_id)
