"""Chinese names of persons, which Vietnamese reads its own way: "Xi Jinping" is "Tập Cận Bình". The family name tells that two are one."""

import re
from collections.abc import Iterator

from index.text import bare, fold

# The commonest family names in Latin letters, with the reading or readings of the characters that are written so.
_READINGS = """
bai bạch|cai thái|cao tào|chang thường|chen trần|cheng trình|cui thôi|dai đới|deng đặng|ding đinh|dong đổng|du đỗ|duan đoàn|fan phạm phàn
fang phương|feng phùng|fu phó|gao cao|ge cát|gong cung|gu cố|guo quách|han hàn|hao hách|he hà hạ|hou hầu|hu hồ|huang hoàng huỳnh
jia giả|jiang tưởng khương giang|jin kim|kang khang|kong khổng|lai lại|lei lôi|li lý lê|liang lương|liao liêu|lin lâm|liu lưu|long long
lu lư lã lữ lục lỗ|luo la lạc|ma mã|mao mao|meng mạnh|mo mạc|pan phan|peng bành|qi tề thích|qian tiền|qiao kiều|qin tần|qiu khâu
ren nhậm nhiệm|shao thiệu|shen thẩm|shi thạch sử thi|song tống|su tô|sun tôn|tan đàm|tang đường thang|tao đào|tian điền|wan vạn
wang vương uông|wei ngụy vi vệ|wen ôn văn|wu ngô vũ võ|xi tập|xia hạ|xiang hướng hạng|xiao tiêu|xie tạ|xiong hùng|xu từ hứa|xue tiết
yan nghiêm nhan diêm|yang dương|yao diêu|ye diệp|yi dịch|yin doãn|yu vu dư du|yuan viên|zeng tăng|zhang trương chương|zhao triệu|zheng trịnh
zhong chung|zhou chu|zhu chu|zou trâu|zuo tả
"""
_FAMILIES = {words[0]: frozenset(words[1:]) for words in map(str.split, _READINGS.replace("\n", "|").split("|")) if words}
SYLLABLE = (
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh|hs|ts)?"
    r"(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ua|uo|uai|ui|uan|un|uang|ue|ih|eh)"
)
"""What a syllable of Chinese in Latin letters looks like; Vietnamese says such names its own way."""
_WORD = re.compile(r"[^\W\d_]+")
LONGEST = 3
"""Syllables of a name; those with a family name of two are rare."""


def one_person(first: str, second: str) -> tuple[str, str] | None:
    """The parts of two names that are one Chinese person's in either form; None if there are none. What stands before them – an office, a country –
    is left out.
    """
    return next(_persons(first, second), None) or next(((b, a) for a, b in _persons(second, first)), None)


def _persons(latin: str, vietnamese: str) -> Iterator[tuple[str, str]]:
    if _FAMILIES.keys().isdisjoint(latin.lower().split()):
        return
    latin = latin.removesuffix("'s").removesuffix("’s")
    words, syllables = list(_WORD.finditer(latin))[-LONGEST:], list(_WORD.finditer(vietnamese))[-LONGEST:]
    for at, family in enumerate(words[:-1]):
        readings = _FAMILIES.get(fold(family.group()), frozenset())
        for begin, reading in enumerate(syllables[:-1]):
            length = len(syllables) - begin
            if fold(reading.group()) in readings:
                given = "".join(bare(word.group()) for word in words[at + 1 :])
                if re.fullmatch(rf"(?:{SYLLABLE}){{{length - 1}}}", given):
                    yield latin[family.start() :], vietnamese[reading.start() :]
