"""QR codes as drawings that stand in a page."""

import io

import segno


def qr_svg(text: str) -> str:
    """The code of a text as an <svg> without size or style, so that the page's own CSS rules it."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return drawing.getvalue().decode()
