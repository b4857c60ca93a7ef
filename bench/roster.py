"""A roster file in the national template, and what is done with it in a process of its own.

python -m bench.roster preview|applied|floor FILE SCHOOL prints seconds, MiB and counts as JSON.
"""

import csv
import io
import json
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter
from django.core.management import call_command
from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from agencies import clock, demo_names
from agencies.models import Agency
from students.models import EnrollmentRecord, Student
from students.models.school_class import GRADES
from students.rules.identity import check_character

USED = (
    "姓名", "性别", "出生日期", "身份证件类型", "身份证件号", "学籍号", "年级", "班级", "民族",
    "户口所在地", "现住址", "就读方式", "成员1姓名", "成员1关系", "成员1联系电话",
    "成员1是否监护人",
)  # fmt: skip
# Columns of the template that the product does not read, and what stands in all of them.
UNUSED = {
    "国籍/地区": "中国", "港澳台侨外": "否", "政治面貌": "少年先锋队队员", "健康状况": "健康或良好",
    "姓名拼音": "pinyin", "曾用名": "", "出生地": "浙江省温州市", "籍贯": "浙江省温州市",
    "血型": "未知血型", "信仰宗教": "无宗教信仰", "户口性质": "农业户口", "特长": "",
    "入学年月": "202509", "入学方式": "就近入学", "学生来源": "正常入学", "通信地址": "同现住址",
    "邮政编码": "325300", "电子信箱": "", "是否独生子女": "否", "是否受过学前教育": "是",
    "是否留守儿童": "非留守儿童", "是否孤儿": "否", "是否享受一补": "否", "上下学方式": "步行",
}  # fmt: skip
HEADINGS = (*USED, *UNUSED)
COUNTY = "330327"  # a neighbour: no number of the demonstration county comes twice

STAGING = "CREATE TEMPORARY TABLE staging ({})".format(
    ", ".join(f"c{at} text" for at in range(len(HEADINGS)))
)
# Numbers of new rows are drawn first, so that one statement can write all six tables.
MERGE = """
WITH new AS MATERIALIZED (
    SELECT f.*, nextval(pg_get_serial_sequence('students_household', 'id')) AS home,
           nextval(pg_get_serial_sequence('students_student', 'id')) AS child,
           strpos('一二三四五六七八九', left(c6, 1)) AS grade, replace(c7, '班', '')::int AS number
    FROM staging f
    LEFT JOIN students_student known ON known.county_id = %(county)s AND known.id_number = f.c4
    WHERE known.id IS NULL
), made AS (
    INSERT INTO students_schoolclass (public_id, county_id, school_id, school_year, grade, number)
    SELECT gen_random_uuid(), %(county)s, %(school)s, %(year)s, grade, number
    FROM new GROUP BY grade, number
    ON CONFLICT (school_id, school_year, grade, number) DO NOTHING
    RETURNING id, grade, number
), class AS (
    SELECT id, grade, number FROM made
    UNION ALL SELECT id, grade, number FROM students_schoolclass
    WHERE school_id = %(school)s AND school_year = %(year)s
), home AS (
    INSERT INTO students_household (id, public_id, county_id, region_id, address)
    SELECT home, gen_random_uuid(), %(county)s, %(region)s, c10 FROM new
), child AS (
    INSERT INTO students_student (id, public_id, county_id, household_id, name, name_keys, sex,
        born_on, id_number, no_id_reason, ethnicity, registered_at, boarding)
    SELECT child, gen_random_uuid(), %(county)s, home, c0, '',
        CASE c1 WHEN '男' THEN '1' ELSE '2' END, to_date(c2, 'YYYYMMDD'), c4, '', c8, c9,
        c11 = '住校' FROM new
), guardian AS (
    INSERT INTO students_guardian (student_id, name, relation, phone, is_guardian, "order")
    SELECT child, c12, c13, c14, c15 = '是', 1 FROM new
), number AS (
    INSERT INTO students_studentnumber (student_id, number, starts_on)
    SELECT child, c5, %(day)s FROM new
)
INSERT INTO students_enrollmentrecord (county_id, student_id, school_id, school_class_id, starts_on)
SELECT %(county)s, child, %(school)s, class.id, %(day)s FROM new JOIN class USING (grade, number)
"""


def write(path: Path, school: Agency, rows: int) -> None:
    """The pupils of the school as they are, and as many new ones as make up these rows."""
    day = clock.today()
    here = (
        EnrollmentRecord.objects.on(day)
        .filter(school=school, student__numbers__ends_on=None)
        .values(
            *("student__name", "student__sex", "student__born_on", "student__id_number"),
            *("student__numbers__number", "school_class__grade", "school_class__number"),
        )
    )
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("学生基本信息")
    sheet.write_row(0, 0, HEADINGS)
    at = 0
    for at, known in enumerate(here, 1):
        sheet.write_row(at, 0, _known(known))
    for serial in range(rows - at):
        sheet.write_row(at + serial + 1, 0, _new(serial, school, day.year))
    book.close()


def _known(one: dict[str, Any]) -> list[str]:
    sex = "男" if one["student__sex"] == Student.Sex.MALE else "女"
    return [
        *(one["student__name"], sex, f"{one['student__born_on']:%Y%m%d}", "居民身份证"),
        *(one["student__id_number"] or "", one["student__numbers__number"] or ""),
        *(f"{GRADES[one['school_class__grade']]}年级", f"{one['school_class__number']}班"),
    ]


def _new(serial: int, school: Agency, year: int) -> list[str]:
    """An invented child, in one of 99 classes of every grade."""
    first, last = school.first_grade or 1, school.last_grade or 9
    rng, grades = Random(serial), last - first + 1
    grade = first + serial % grades
    of_class = 1 + serial // grades % 99
    born = date(year - 7 - grade, 9, 1) + timedelta(days=serial % 365)
    number = f"{COUNTY}{born:%Y%m%d}{serial // 365:03}"
    number += check_character(number)
    boy = int(number[16]) % 2 == 1
    return [
        *(demo_names.child(rng, boy=boy), "男" if boy else "女", f"{born:%Y%m%d}"),
        *("居民身份证", number, f"G{number}", f"{GRADES[grade]}年级", f"{of_class}班"),
        *("汉族", "浙江省温州市文成县", f"大峃镇 {serial} 号", "走读"),
        *(demo_names.grown_up(rng), "父亲", demo_names.phone(9, serial), "是"),
        *UNUSED.values(),
    ]


def school() -> Agency:
    """The school with the most grades, so that the classes stay as small as they can."""
    schools = Agency.objects.on(clock.today()).schools().order_by("code")
    return max(schools, key=lambda one: (one.last_grade or 0) - (one.first_grade or 0))


def floor(path: Path, code: str) -> dict[str, int]:
    """Read, COPY into a staging table, one statement."""
    school = Agency.objects.get(code=code)
    day = clock.today()
    book = CalamineWorkbook.from_path(str(path))
    text = io.StringIO()
    csv.writer(text).writerows(list(book.get_sheet_by_index(0).iter_rows())[1:])
    text.seek(0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGING)
        cursor.copy_expert("COPY staging FROM STDIN (FORMAT csv)", text)
        place = {"county": school.county_id, "school": school.pk, "region": school.region_id}
        cursor.execute(MERGE, {**place, "year": day.year - 1, "day": day})
        return {"new": cursor.rowcount}


def ours(path: Path, code: str, *, apply: bool) -> dict[str, int]:
    answer = io.StringIO()
    call_command("import_roster", path, school=code, apply=apply, json=True, stdout=answer)
    return json.loads(answer.getvalue())["counts"]


def main(job: str, file: str, code: str) -> None:
    connection.ensure_connection()
    begun = time.perf_counter()
    path = Path(file)
    counts = floor(path, code) if job == "floor" else ours(path, code, apply=job == "applied")
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"seconds": seconds, "mib": peak, "counts": counts}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
