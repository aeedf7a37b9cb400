"""The certificate's PDF: what is on the page, who can read it, and what it refuses to print."""

import dataclasses
import datetime
import io
import itertools
import os
import re
import threading

import pypdf
import pytest
import segno

from programs import pdf, sealing

POINTS_PER_MM = 72 / 25.4
CONTENT = pdf.CertificateContent(
    number="GG-2022-0001",
    name="Nomin-Erdene Tsogt",
    local_name="Номин-Эрдэнэ Цогт",
    korean_name="노민에르덴 촉트",
    program_en="Gyeonggi Province Medical Training Program",
    program_ko="경기도 의료인 연수 프로그램",
    period_en="October – 25 November 2022",
    period_ko="2022년 10월 ~ 11월 25일",
    hospitals=(
        ("Wiltse Memorial Hospital", "윌스기념병원"),
        ("Korea University Ansan Hospital", "고려대학교 안산병원"),
    ),
    home_institution="Second National Hospital, Ulaanbaatar",
    issued_on=datetime.date(2022, 11, 25),
    signatory_en="Kim Seon-yeong",
    signatory_ko="김선영",
    signatory_title_en="Director-General for Health",
    signatory_title_ko="보건건강국장",
    verify_url="https://training.example.org/certificates/GG-2022-0001/4f1c9e0a7b3d52886c1f0e9ad74b6c35/",
    demo=False,
)
EIGHT_HOSPITALS = tuple(
    (
        f"Catholic University of Korea Bucheon St. Mary's Hospital {letter}",
        f"가톨릭대학교 부천성모병원 {letter}",
    )
    for letter in "ABCDEFGH"
)
LEFT_EDGE = round(24 * POINTS_PER_MM)
LONGEST = {
    "name": " ".join(["Bartholomew-Christopherson"] * 7),
    "local_name": " ".join(["Бартоломью-Кристоферсон"] * 7),
    "home_institution": "National Center of Maternal and Child Health of the Republic of Uzbekistan " * 2,
    "program_en": "Short-Term Training of Nursing Staff in Robotic Surgery and Smart IT Technology " * 2,
    "program_ko": "경기도 로봇수술 및 스마트 IT 치료기술 간호인력 단기 연수 프로그램 " * 2,
    "hospitals": EIGHT_HOSPITALS,
}


def rendered(**changes):
    return pdf.render(dataclasses.replace(CONTENT, **changes))


def opened(data):
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data):
    """The text of the only page, with its line ends read as spaces."""
    (page,) = opened(data).pages
    return " ".join(page.extract_text().split())


def lines_of(data):
    """The lines of the English column, from the top: height above the lower edge in points, and words."""
    lines = []

    def visit(text, matrix, _text_matrix, _font, _size):
        left, height = matrix[4], matrix[5]
        if not text.strip() or round(left) != LEFT_EDGE:
            return
        if lines and abs(lines[-1][0] - height) < 1:
            lines[-1] = (height, lines[-1][1] + text.strip())
        else:
            lines.append((height, text.strip()))

    opened(data).pages[0].extract_text(visitor_text=visit)
    return lines


def test_it_is_one_a4_page_on_its_side():
    (page,) = opened(rendered()).pages
    size = tuple(
        round(float(points) / POINTS_PER_MM) for points in (page.mediabox.width, page.mediabox.height)
    )
    assert size == (297, 210)


def test_it_says_everything_in_english_and_in_korean():
    text = text_of(rendered())
    for words in (
        "Gyeonggi Province 경기도",
        "Certificate of Completion 수료증",
        "This certifies that",
        "Nomin-Erdene Tsogt",
        "Номин-Эрдэнэ Цогт · 노민에르덴 촉트",
        "Second National Hospital, Ulaanbaatar",
        "Gyeonggi Province Medical Training Program",
        "경기도 의료인 연수 프로그램",
        "October – 25 November 2022",
        "2022년 10월 ~ 11월 25일",
        "Korea University Ansan Hospital 고려대학교 안산병원",
        "Issued on 25 November 2022",
        "2022년 11월 25일",
        "No. GG-2022-0001",
        "제 GG-2022-0001 호",
        "Kim Seon-yeong",
        "김선영",
        "Director-General for Health · 보건건강국장",
    ):
        assert words in text


@pytest.mark.parametrize(
    "name",
    [
        "Өнөрбаяр Үүрийнтуяа",
        "Қаһарман Ңғү Ұлпан Әлі",
        "Oʻgʻiloy Gʼulomova",
        "홍길동",
        "Зүлфия Жаңыбек кызы",
        "王小明",
    ],
)
def test_a_name_in_any_of_the_partners_scripts_can_be_read_and_copied(name):
    assert name in text_of(rendered(name=name, local_name="", korean_name=""))


def test_letters_typed_in_pieces_are_printed_composed():
    assert "Сергей Ёлкин" in text_of(rendered(name="Серге\u0438\u0306  Е\u0308лкин\n"))


def test_a_khmer_name_is_kept_whole_in_the_text_layer_and_in_the_description():
    name = "ស្រីពៅ ចន្ទ្រា"
    document = opened(rendered(name="Sokha Chanthea", local_name=name, korean_name=""))
    stream = document.pages[0].get_contents().get_data().upper()
    syllable = "ស្រី".encode("utf-16-be").hex().upper().encode()
    assert b"/ACTUALTEXT<FEFF" + syllable + b">" in stream
    assert document.metadata.subject.endswith(f"Sokha Chanthea · {name}")


def test_a_name_that_is_the_same_in_two_scripts_is_printed_once():
    assert text_of(rendered(name="홍길동", local_name="", korean_name="홍길동")).count("홍길동") == 1


@pytest.mark.parametrize(
    ("field", "value", "letters"),
    [
        ("name", "Nomin 😀 Tsogt", ("😀",)),
        ("local_name", "ไทย", ("ไ", "ท", "ย")),
        ("korean_name", "ש", ("ש",)),
        ("home_institution", "Clinic \ue000", ("\ue000",)),
        ("hospitals", (("Wiltse 🏥", "윌스"),), ("🏥",)),
    ],
)
def test_a_letter_no_font_has_is_named_and_nothing_is_printed(field, value, letters):
    with pytest.raises(pdf.MissingGlyph) as refusal:
        rendered(**{field: value})
    assert refusal.value.letters == letters
    assert f"“{letters[0]}” (U+{ord(letters[0]):04X})" in str(refusal.value)


def test_an_unseen_reversal_of_direction_is_refused():
    with pytest.raises(pdf.MissingGlyph, match=r"U\+202E"):
        rendered(name="Nomin\u202eErdene")


@pytest.mark.parametrize(
    "name",
    [
        "#panic()",
        "*Bold* _slanted_ $x$",
        "\\u{41} \\ back",
        '"); #read("certificate.typ") //',
        "</script> & <b>",
        "= Heading",
        "`raw` @label <label>",
        'it\'s "quoted"',
    ],
)
def test_marks_of_markup_in_a_name_are_printed_as_they_are(name):
    document = rendered(name=name, local_name=name, hospitals=((name, name),), home_institution=name)
    assert text_of(document).count(name) >= 3
    assert opened(document).metadata.title == f"Certificate of Completion GG-2022-0001 – {name}"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "A", "local_name": "", "korean_name": "", "hospitals": ()},
        {"hospitals": EIGHT_HOSPITALS},
        LONGEST,
        LONGEST | {"name": "W" * 200, "local_name": "Ж" * 200},
        {"local_name": "ស្រីពៅ ចន្ទ្រា " * 8},
    ],
    ids=["usual", "shortest", "eight hospitals", "longest", "unbroken", "long Khmer"],
)
def test_whatever_its_length_the_content_stays_on_one_page_and_no_line_runs_into_the_next(changes):
    data = rendered(demo=True, **changes)
    assert len(opened(data).pages) == 1
    heights = [height for height, _ in lines_of(data)]
    assert heights[-1] > 14 * POINTS_PER_MM
    assert min(above - below for above, below in itertools.pairwise(heights)) > 5


def test_a_name_without_a_space_is_broken_rather_than_cut():
    counts = [
        words.count("W")
        for _, words in lines_of(rendered(name="W" * 200))
        if "WW" in words.replace("\u200b", "")
    ]
    assert sum(counts) == 200
    assert len(counts) > 1
    assert max(counts) < 80


def test_after_a_fork_it_says_so_instead_of_waiting_for_threads_that_are_gone(monkeypatch):
    rendered()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(RuntimeError, match="forked"):
        rendered()


def test_a_program_without_hospitals_has_no_empty_table():
    assert "Host hospitals" not in text_of(rendered(hospitals=()))


def test_only_an_invented_person_is_marked_as_invented():
    assert "Demo – invented person · 가상 인물" in text_of(rendered(demo=True))
    assert "invented" not in text_of(rendered(demo=False))


def test_it_declares_itself_archival_and_accessible():
    root = opened(rendered()).trailer["/Root"]
    declared = root["/Metadata"].get_data().decode()
    assert re.findall(r"<pdfaid:(part|conformance)>(\w+)<", declared) == [("part", "2"), ("conformance", "A")]
    assert re.findall(r"<pdfuaid:part>(\d)<", declared) == ["1"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]


def test_its_title_and_dates_are_those_of_the_certificate():
    metadata = opened(rendered()).metadata
    assert metadata.title == "Certificate of Completion GG-2022-0001 – Nomin-Erdene Tsogt"
    assert metadata.author == "Gyeonggi Province"
    assert metadata.creation_date == datetime.datetime(2022, 11, 25, tzinfo=datetime.UTC)


def test_all_fonts_are_embedded_subsets_of_the_installed_ones():
    fonts = opened(rendered(local_name="សុខា")).pages[0]["/Resources"]["/Font"].values()
    names = {re.sub(r"-.*", "", font.get_object()["/BaseFont"]) for font in fonts}
    assert {name.split("+")[1] for name in names} == {"NotoSans", "NotoSansCJKkr", "NotoSansKhmer"}


def test_the_address_to_check_it_is_printed_linked_and_described():
    data = rendered()
    assert CONTENT.verify_url in text_of(data).replace(" ", "")
    page = opened(data).pages[0]
    assert {note.get_object()["/A"]["/URI"] for note in page["/Annots"]} == {CONTENT.verify_url}
    described = f"QR code that opens {CONTENT.verify_url}"
    assert described in set(_alternatives(opened(data).trailer["/Root"]["/StructTreeRoot"]))


def _alternatives(element):
    """The alternative texts in the document's structure."""
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from _alternatives(child)
    elif isinstance(element, dict):
        if "/Alt" in element:
            yield element["/Alt"]
        if "/K" in element:
            yield from _alternatives(element["/K"])


def test_the_qr_code_holds_the_address():
    path = re.search(r'<path[^>]* d="([^"]+)"', pdf._qr_svg(CONTENT.verify_url))[1]
    expected = segno.make_qr(CONTENT.verify_url, error="m", mask=2).matrix
    assert _modules(path, len(expected)) == [list(row) for row in expected]


def _modules(path, size):
    """The dark modules that the path draws: moves (absolute, then relative) and horizontal strokes."""
    grid = [[0] * size for _ in range(size)]
    x = y = 0.0
    for verb, numbers in re.findall(r"([Mmh])([^Mmh]+)", path):
        values = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        if verb == "h":
            for column in range(round(x), round(x + values[0])):
                grid[int(y)][column] = 1
            x += values[0]
        else:
            x, y = (values[0], values[1]) if verb == "M" else (x + values[0], y + values[1])
    return grid


def test_the_same_content_gives_the_same_bytes():
    first = rendered()
    rendered(name="Somebody Else")
    assert rendered() == first


def test_threads_share_the_compiler_and_get_their_own_page():
    names = [f"Trainee {letter}" for letter in "ABCDEFGH"]
    pages = {}
    threads = [
        threading.Thread(target=lambda name=name: pages.update({name: text_of(rendered(name=name))}))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [name for name in names if name in pages[name]] == names


def test_a_usual_certificate_is_at_most_sixty_kilobytes_with_its_seal():
    assert len(sealing.seal(rendered(demo=True), number=CONTENT.number)) <= 60_000


def test_the_transcript_stands_on_a_second_page_with_its_weeks_together():
    line = {
        "dates_en": "2–13 November 2026",
        "dates_ko": "2026년 11월 2일 ~ 13일",
        "hospital_en": "Wiltse Memorial Hospital",
        "hospital_ko": "윌스기념병원",
        "department_en": "Neurosurgery",
        "department_ko": "신경외과",
        "half_en": "",
        "half_ko": "",
        "weeks": 2,
    }
    pages = opened(rendered(rotation=(line, {**line, "weeks": 1}), topics="Robotic surgery")).pages
    assert len(pages) == 2
    text = " ".join(pages[1].extract_text().split())
    for printed in (
        "Transcript of Training",
        "연수 이수 내역",
        "Neurosurgery",
        "신경외과",
        "윌스기념병원",
        "3 weeks",
        "Robotic surgery",
    ):
        assert printed in text


def test_without_a_rotation_there_is_no_second_page():
    assert len(opened(rendered()).pages) == 1
