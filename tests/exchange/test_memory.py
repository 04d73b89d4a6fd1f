"""Large files in bounded memory, measured in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

READ = """
import resource, sys, django
django.setup()
from tongshan_portal.exchange.detect import detect
from tongshan_portal.exchange.readers import open_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as file:
    facts = detect(file)
    table = open_table(file, facts.format, encoding=facts.encoding, delimiter=facts.delimiter)
    rows = sum(1 for row in table.rows)
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def read_apart(path: Path) -> tuple[int, int]:
    """(rows, megabytes that reading took at its peak)."""
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(path)], env=environment, check=True, capture_output=True, text=True
    )
    rows, megabytes = done.stdout.split()
    return int(rows), int(megabytes)


def test_csv_of_a_hundred_megabytes_is_streamed(tmp_path):
    path = tmp_path / "large.csv"
    line = ",".join(["铜山区柳新镇"] * 10) + "\n"
    with path.open("w", encoding="gb18030") as file:
        file.write(",".join(f"c{number}" for number in range(10)) + "\n")
        file.writelines(line for _row in range(500_000))
    assert path.stat().st_size > 60_000_000
    rows, megabytes = read_apart(path)
    assert rows == 500_000 and megabytes < 60


@pytest.mark.parametrize("rows", [100_000])
def test_workbook_takes_memory_in_proportion_to_its_cells(tmp_path, rows):
    path = tmp_path / "large.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(rows + 1):
            for column in range(4):
                sheet.write_string(row, column, f"值{row}-{column}")
    read, megabytes = read_apart(path)
    assert read == rows and megabytes < 150
