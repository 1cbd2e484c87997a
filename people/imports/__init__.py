"""The machine of imports: a workbook is uploaded, planned, shown, confirmed, applied, undone.

It knows no kind of workbook; a room describes its own (`kinds.Kind`) and offers it.
"""
