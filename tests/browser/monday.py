"""What a county brings on Monday: a roster as its office keeps it, in WPS, with titles above and merged cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

COUNTY = "榕溪县"
TOWNS = {
    "城东街道": ("桥头社区", "榕荫社区", "东门社区"),
    "城西街道": ("水西社区", "西园社区", "文昌社区"),
    "青石镇": ("溪口村", "青石村", "竹坑村"),
    "云溪镇": ("云溪社区", "上坪村", "下坪村"),
}
GRIDS = ("第一网格", "第二网格", "第三网格", "第四网格", "第五网格")
SURNAMES = "陈林黄张李王吴刘郑蔡杨许周郭谢叶赖苏何庄"
GIVEN = ("秀英", "建国", "美玲", "志强", "小燕", "丽华", "国平", "桂香", "文斌", "永福", "春梅", "伟明", "阿珠", "金水", "淑芬")
HEADERS = ("序号", "姓名", "身份证号", "联系电话", "镇（街道）", "村（社区）", "网格", "岗位", "专/兼职", "备注")
LEARNER, LEARNER_PHONE = "李长根", "13800009001"
TRAINER, TRAINER_PHONE = "陈玉兰", "13800009002"
BARE = ("云溪镇", "下坪村", "第五网格")
"""A grid that nobody has."""


@dataclass(frozen=True)
class Row:
    name: str
    phone: str
    town: str
    village: str
    grid: str
    post: str
    part_time: bool = False

    def cells(self, number: int) -> list[object]:
        how = "兼职" if self.part_time else "专职"
        return [number, self.name, "35000019680101001X", self.phone, self.town, self.village, self.grid, self.post, how, ""]


def rows() -> Iterator[Row]:
    """Yield 300 people: five to a grid, one grid with nobody, and a nurse at a town's clinic."""
    number = 0
    for town, villages in TOWNS.items():
        if town == "青石镇":
            yield Row(TRAINER, TRAINER_PHONE, town, "", "", "卫生院护士")
        for village in villages:
            for grid in GRIDS:
                if (town, village, grid) == BARE:
                    yield Row("", "", town, village, grid, "")
                    continue
                for seat in range(5):
                    if (town, village, grid, seat) == ("青石镇", "溪口村", "第三网格", 0):
                        yield Row(LEARNER, LEARNER_PHONE, town, village, grid, "兼职网格员", True)
                        continue
                    number += 1
                    name = SURNAMES[number % 20] + GIVEN[number // 20 % 15]
                    yield Row(name, f"1380001{number:04d}", town, village, grid, "网格员" if seat < 2 else "志愿者", seat > 0)


def write_roster(path: Path) -> int:
    """Write the county's sheet, towns and villages in merged cells; return how many people it names."""
    everybody = list(rows())
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("花名册")
        sheet.merge_range(0, 0, 0, len(HEADERS) - 1, f"{COUNTY}网格员、志愿者花名册（2026年11月）")
        sheet.write_row(1, 0, HEADERS)
        for number, row in enumerate(everybody, start=1):
            sheet.write_row(number + 1, 0, row.cells(number))
        for column, of in ((4, lambda row: (row.town,)), (5, lambda row: (row.town, row.village))):
            _merge(sheet, column, [of(row) for row in everybody])
    return sum(bool(row.name) for row in everybody)


def _merge(sheet: xlsxwriter.worksheet.Worksheet, column: int, keys: list[tuple[str, ...]]) -> None:
    """Merge neighbouring cells of a column that say the same of the same place."""
    first = 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[first]:
            if place - first > 1 and keys[first][-1]:
                sheet.merge_range(first + 2, column, place + 1, column, keys[first][-1])
            first = place
