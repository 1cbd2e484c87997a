"""Certificates as papers: each a page of a PDF."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator, Sequence
from typing import Any

from kit.qr import qr_svg
from kit.typesetting import join_pdfs, to_pdf
from sessions.certificates.queries import CertificateFound
from sessions.certificates.words import days_of
from sessions.papers import in_full

OLD_SIGNING = ["Thủ trưởng cơ quan"]
"""Above the signature of certificates from before this was a setting."""
TEMPLATE = "certificate.typ"
PART = 40
"""Papers that are set at a time, so that it can be told how far it is."""


async def paper_of(certificate: CertificateFound, address: str) -> bytes:
    """One certificate as a PDF; `address` is where users reach this app."""
    return await to_thread(_set, [certificate], address)


async def parts_of(
    certificates: Sequence[CertificateFound], address: str
) -> AsyncIterator[tuple[int, bytes]]:
    """Many certificates, some pages at a time: how many are set so far, and the pages as a PDF."""
    for start in range(0, len(certificates), PART):
        part = certificates[start : start + PART]
        yield start + len(part), await to_thread(_set, part, address)


async def joined(parts: Sequence[bytes]) -> bytes:
    """The parts as one PDF."""
    return await to_thread(join_pdfs, parts)


def _set(certificates: Sequence[CertificateFound], address: str) -> bytes:
    return to_pdf(TEMPLATE, {"certificates": [_told(one, address) for one in certificates]})


def _told(one: CertificateFound, address: str) -> dict[str, Any]:
    """A certificate as the template shows it."""
    check = f"{address}/v/{one.code}"
    return {
        "parent": one.body_parent,
        "body": in_full(one.body_name),
        "name": one.person_name,
        "office": one.office_name,
        "course": one.course_title,
        "theme": one.theme_name,
        "days": days_of(one.first_on, one.last_on),
        "periods": one.periods,
        "number": one.register,
        "place": one.place_name,
        "signing": one.signing.splitlines() or OLD_SIGNING,
        "signer": one.signer,
        "address": f"{address.partition('://')[2]}/v",
        "code": one.shown_code,
        "qr": qr_svg(check),
    }
