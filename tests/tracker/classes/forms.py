"""A form as a province might send it, made here: merged titles, a header of two rows, numbered lines, a signature below."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

ROWS = 3
"""Lines the form has ready."""
FIRST = 6


def province() -> bytes:
    book = Workbook()
    about = book.active
    about.title = "填表说明"
    about["A1"] = "请各县于培训结束后十日内上报，一期一表。"
    _list(book.create_sheet("培训情况表"))
    return saved(book)


def _list(sheet: Worksheet) -> None:
    sheet["A1"] = "基层应急人员培训情况上报表"
    sheet.merge_cells("A1:I1")
    sheet["A1"].font, sheet["A1"].alignment = Font(name="方正小标宋简体", size=20, bold=True), Alignment(horizontal="center")
    sheet["A2"], sheet["F2"], sheet["H2"] = "培训班名称：", "培训时间：", "填报日期："
    sheet.merge_cells("B2:E2")
    sheet["A3"] = "应到人数：      实到人数：____合格率："
    sheet.merge_cells("A3:I3")
    for top, under in (("A4", "A5"), ("B4", "B5"), ("C4", "C5"), ("I4", "I5")):
        sheet.merge_cells(f"{top}:{under}")
    sheet["A4"], sheet["B4"], sheet["C4"], sheet["I4"] = "序号", "姓 名*", "身份证号", "备注"
    sheet["D4"], sheet["F4"] = "基本情况", "培训情况"
    sheet.merge_cells("D4:E4")
    sheet.merge_cells("F4:H4")
    for cell, text in zip(("D5", "E5", "F5", "G5", "H5"), ("工作单位", "联系电话", "学时", "考试成绩", "证书编号"), strict=True):
        sheet[cell] = text
    thin = Side(style="thin", color="FF0000")
    for row in range(4, FIRST + ROWS):
        for column in range(1, 10):
            sheet.cell(row, column).border = Border(thin, thin, thin, thin)
    for number in range(ROWS):
        sheet.cell(FIRST + number, 1).value = number + 1
        sheet.row_dimensions[FIRST + number].height = 30
    sheet.cell(FIRST, 2).fill = PatternFill("solid", fgColor="FFFF00")
    sheet.column_dimensions["D"].width = 33
    last = FIRST + ROWS
    sheet.cell(last, 1).value = "填报人：（签字）"
    sheet.merge_cells(start_row=last, end_row=last, start_column=1, end_column=9)
    sheet.row_dimensions[last].height = 44


def saved(book: Any) -> bytes:
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def opened(content: bytes, sheet: str = "培训情况表") -> Worksheet:
    return load_workbook(BytesIO(content))[sheet]
