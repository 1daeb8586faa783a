"""Versions of one story that come as files of other names."""

from pathlib import Path

import pytest

from index.errors import InputError
from index.library import Library
from index.pairing import told_by

ENGLISH = """Harbour bridge opens in March
{extra}The harbour bridge in Vinh Hoa will open to traffic on March 3, the city said on Monday.
Engineer Lan Pham said the bridge cost 1.8 billion dollars and took six years to build.
Ferries that carried 12,000 people a day will stop at the end of April.
"""
VIETNAMESE = """Cầu cảng thông xe vào tháng 3
{extra}Cây cầu cảng ở Vĩnh Hòa sẽ thông xe ngày 3/3, thành phố cho biết hôm thứ Hai.
Kỹ sư Phạm Lan nói cây cầu tốn 1,8 tỷ USD và mất sáu năm xây dựng.
Những chuyến phà chở 12.000 người mỗi ngày sẽ ngừng chạy vào cuối tháng 4.
"""
MARKET = """Chợ đêm trở lại bến cũ
Chợ đêm ở bến cũ mở lại ngày 4/5 sau hai năm sửa chữa, quận cho biết.
Chợ có 140 gian hàng, mỗi gian trả 2 triệu đồng một tháng.
"""
LINK = "https://harbour.example/2026/bridge"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "library", create=True)


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def versions(library: Library) -> dict[str, list[str]]:
    return {name: [version.id for version in library.article(name).versions] for name in library.articles()}


def test_front_matter_names_the_article(library: Library, tmp_path: Path) -> None:
    english = write(tmp_path, "bridge.txt", ENGLISH.format(extra=""))
    vietnamese = write(tmp_path, "cau-cang.txt", "---\narticle: bridge\n---\n" + VIETNAMESE.format(extra=""))
    assert library.add([english, vietnamese]) == ["bridge"]
    assert versions(library) == {"bridge": ["en", "vi"]}
    assert library.compare("bridge").pairs
    generation = library._catalogue.generation
    library.add([vietnamese])
    assert library._catalogue.generation == generation
    write(tmp_path, "cau-cang.txt", "---\narticle: bridge\n---\n" + VIETNAMESE.format(extra="").replace("1,8", "1,9"))
    library.add([vietnamese])
    assert "1,9" in library.article("bridge").version("vi").passages[-2].text
    assert library.check() == []


@pytest.mark.parametrize("at_once", [True, False])
def test_a_link_that_both_have_pairs_them(library: Library, tmp_path: Path, at_once: bool) -> None:
    english = write(tmp_path, "bridge.txt", ENGLISH.format(extra="") + f"Source: {LINK}\n")
    vietnamese = write(tmp_path, "cau-cang.txt", VIETNAMESE.format(extra="") + f"Nguồn: {LINK}\n")
    for paths in [[english, vietnamese]] if at_once else [[english], [vietnamese]]:
        library.add(paths)
    assert versions(library) == {"bridge": ["en", "vi"]}
    library.rebuild()
    assert versions(library) == {"bridge": ["en", "vi"]}


def test_another_text_does_not_take_a_versions_place(library: Library, tmp_path: Path) -> None:
    english = write(tmp_path, "bridge.txt", ENGLISH.format(extra="") + f"{LINK}\n")
    vietnamese = write(tmp_path, "cau-cang.txt", VIETNAMESE.format(extra="") + f"{LINK}\n")
    market = write(tmp_path, "cho-dem.txt", MARKET + f"{LINK}\n")
    library.add([english, vietnamese])
    library.add([market])
    assert versions(library) == {"bridge": ["en", "vi"], "cho-dem": ["vi"]}
    assert "Phạm Lan" in library.article("bridge").text("bridge.vi.txt")


def test_the_link_of_a_whole_site_pairs_nothing() -> None:
    assert told_by("A story.\nhttps://harbour.example/\n", "a.txt") is None


def test_one_story_is_found_by_what_it_says_offered_and_joined_when_told(library: Library, tmp_path: Path) -> None:
    write(tmp_path, "bridge.txt", ENGLISH.format(extra=""))
    write(tmp_path, "cau-cang.txt", VIETNAMESE.format(extra=""))
    write(tmp_path, "cho-dem.txt", MARKET)
    library.add([tmp_path / name for name in ("bridge.txt", "cau-cang.txt", "cho-dem.txt")])
    assert versions(library) == {"bridge": ["en"], "cau-cang": ["vi"], "cho-dem": ["vi"]}
    (offer,) = library.offers()
    assert (offer.article, offer.other) == ("bridge", "cau-cang")
    assert offer.share > 0.7
    library.join("bridge", "cau-cang")
    assert versions(library) == {"bridge": ["en", "vi"], "cho-dem": ["vi"]}
    assert library.counterparts(library.article("bridge").version("en").sentences[-1])
    assert library.offers() == []
    assert library.check() == []
    assert sorted(path.name for path in library.path.glob("*.txt")) == ["bridge.txt", "bridge.vi.txt", "cho-dem.txt"]


def test_what_cannot_be_joined_is_left_as_it_is(library: Library, tmp_path: Path) -> None:
    write(tmp_path, "bridge.en.txt", ENGLISH.format(extra=""))
    write(tmp_path, "bridge.vi.txt", VIETNAMESE.format(extra=""))
    write(tmp_path, "cho-dem.txt", MARKET)
    library.add([tmp_path / name for name in ("bridge.en.txt", "bridge.vi.txt", "cho-dem.txt")])
    with pytest.raises(InputError, match=r"'bridge' has a file bridge\.vi\.txt already"):
        library.join("bridge", "cho-dem")
    assert versions(library) == {"bridge": ["en", "vi"], "cho-dem": ["vi"]}
    assert library.check() == []
