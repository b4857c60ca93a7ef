"""Where a clause stands: the ids that code and API cite, and the place in the county's document.

S1: 文政办发〔2019〕26号 (Wencheng), S2: 沁政办发〔2020〕33号 (Qinshui).
"""

DOCUMENTS = {"S1": "文政办发〔2019〕26号", "S2": "沁政办发〔2020〕33号"}

PLACES = {
    "S1-17": "一(二)",
    "S1-19": "一(二)",
    "S1-22": "一(二)",
    "S1-24": "一(三)",
    "S1-25": "一(三)",
    "S1-26": "一(三)",
    "S1-27": "一(三)",
    "S1-28": "一(三)",
    "S1-29": "一(三)",
    "S1-31": "一(三)",
    "S1-32": "一(四)",
    "S1-33": "一(四)",
    "S1-34": "一(四)",
    "S1-35": "一(四)",
    "S1-36": "一(四)",
    "S1-37": "二(一)",
    "S1-43": "二(二)",
    "S1-51": "三(二)",
    "S1-53": "三(二)",
    "S1-54": "三(二)",
    "S1-55": "三(二)",
    "S1-56": "三(二)",
    "S1-57": "三(二)",
    "S1-58": "三(二)",
    "S1-60": "三(二)",
    "S1-61": "三(二)",
    "S1-64": "三(三)",
    "S1-65": "三(三)",
    "S1-74": "四(二)",
    "S2-13": "二(二)",
}


def citation(clause: str) -> str:
    """文政办发〔2019〕26号 三(二); an id that is not known stands for itself."""
    place = PLACES.get(clause)
    return f"{DOCUMENTS[clause[:2]]} {place}" if place else clause
