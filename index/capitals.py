"""A capital said for its country: "Washington and Beijing negotiate" is "Mỹ đàm phán với Trung Quốc"."""

from index.lexicon import lexicon
from index.text import fold

_COUNTRIES = {
    "ankara": "turkey", "athens": "greece", "bangkok": "thailand", "beijing": "china", "berlin": "germany", "brussels": "europe",
    "cairo": "egypt", "canberra": "australia", "damascus": "syria", "delhi": "india", "hanoi": "vietnam", "havana": "cuba",
    "islamabad": "pakistan", "jakarta": "indonesia", "kabul": "afghanistan", "kiev": "ukraine", "kyiv": "ukraine", "london": "britain",
    "madrid": "spain", "manila": "philippines", "minsk": "belarus", "moscow": "russia", "ottawa": "canada", "paris": "france",
    "phnom penh": "cambodia", "pyongyang": "north korea", "rome": "italy", "seoul": "south korea", "taipei": "taiwan",
    "tehran": "iran", "tokyo": "japan", "vientiane": "laos", "warsaw": "poland", "washington": "united states",
}  # fmt: skip


def stand_for_one_state(a: str, b: str) -> bool:
    """Whether one name is a state's and the other its capital's, in either language."""
    return _is_capital_of(a, b) or _is_capital_of(b, a)


def _is_capital_of(capital: str, country: str) -> bool:
    states = {_COUNTRIES[head] for head in _heads(capital) if head in _COUNTRIES}
    known = lexicon()
    told = {equivalent for state in states for equivalent in map(fold, known.vietnamese(state))}
    return bool(states & _heads(country)) or fold(country) in told or bool(told & {*map(fold, known.vietnamese(fold(country)))})


def _heads(name: str) -> set[str]:
    folded = fold(name)
    return {folded, *lexicon().english(folded)}
