"""Search keys of a Chinese name: pinyin and initials, in every reading of the surname."""

from pypinyin import Style, lazy_pinyin

# Surnames that the dictionary reads as the everyday word (parts.md 10), and their right reading.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "覃": "qin", "区": "ou",
    "盖": "ge", "曾": "zeng", "缪": "miao", "翟": "zhai", "任": "ren", "尹": "yin", "冼": "xian",
    "繁": "po", "员": "yun", "乐": "yue", "纪": "ji", "宁": "ning", "柏": "bai", "薄": "bo",
    "晁": "chao", "逄": "pang", "华": "hua", "召": "shao", "洗": "xian", "折": "she", "种": "chong",
    "黑": "he", "秘": "bi", "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi", "澹台": "tantai",
    "宓": "mi", "隗": "wei", "句": "gou", "钭": "tou", "令狐": "linghu", "呼延": "huyan",
}  # fmt: skip

# Rare characters that systems write in different ways, and the usual one of the same meaning.
VARIANTS = {
    "𠮷": "吉", "㛃": "洁", "喆": "哲", "堃": "坤", "峯": "峰", "羣": "群", "昇": "升", "甦": "苏",
    "勛": "勋", "燿": "耀", "煕": "熙", "頴": "颖", "儁": "俊", "濬": "浚", "晧": "皓", "珎": "珍",
}  # fmt: skip
USUAL = str.maketrans(VARIANTS)


def search_keys(name: str) -> str:
    """Blank-separated keys, a blank in front: " zhangsan zs"; ü is found as lü, lv and lu."""
    name = name.translate(USUAL)
    readings = [lazy_pinyin(name, style=Style.NORMAL, errors="default")]
    for length in (2, 1):
        if (surname := name[:length]) in SURNAMES:
            rest = lazy_pinyin(name[length:], style=Style.NORMAL, errors="default")
            readings.append([SURNAMES[surname], *rest])
            break
    keys: dict[str, None] = {}
    for syllables in readings:
        spelled = "".join(syllables).lower().replace(" ", "")
        keys[spelled] = None
        keys["".join(part[:1] for part in syllables).lower()] = None
        if "lv" in spelled or "nv" in spelled:
            keys[spelled.replace("lv", "lu").replace("nv", "nu")] = None
            keys[spelled.replace("lv", "lyu").replace("nv", "nyu")] = None
    return "".join(f" {key}" for key in keys)


def full_readings(name: str) -> list[str]:
    """The keys without the initials: "zhangsan"."""
    return [key for key in search_keys(name).split() if len(key) > len(name)] or [name]
