"""Papers to print.

A Word template is made by a script, so that it can be made again and be read:
`python -m templates.print.word_report` writes `report.docx` beside it. So is the frame of
certificates: `python -m templates.print.frame` makes it of `certificate-frame.svg`.
"""
