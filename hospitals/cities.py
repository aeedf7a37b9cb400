"""The 31 cities and counties of Gyeonggi Province, by both names: whoever writes one need not write the other."""

KOREAN = {
    "Ansan": "안산시",
    "Anseong": "안성시",
    "Anyang": "안양시",
    "Bucheon": "부천시",
    "Dongducheon": "동두천시",
    "Gapyeong": "가평군",
    "Gimpo": "김포시",
    "Goyang": "고양시",
    "Gunpo": "군포시",
    "Guri": "구리시",
    "Gwacheon": "과천시",
    "Gwangju": "광주시",
    "Gwangmyeong": "광명시",
    "Hanam": "하남시",
    "Hwaseong": "화성시",
    "Icheon": "이천시",
    "Namyangju": "남양주시",
    "Osan": "오산시",
    "Paju": "파주시",
    "Pocheon": "포천시",
    "Pyeongtaek": "평택시",
    "Seongnam": "성남시",
    "Siheung": "시흥시",
    "Suwon": "수원시",
    "Uijeongbu": "의정부시",
    "Uiwang": "의왕시",
    "Yangju": "양주시",
    "Yangpyeong": "양평군",
    "Yeoju": "여주시",
    "Yeoncheon": "연천군",
    "Yongin": "용인시",
}
# As people write them: “suwon-si”, “Gapyeong-gun”, “수원”.
ENDS = ("-si", "-gun", " city", "시", "군")


def _key(name):
    key = name.strip().casefold()
    return next((key.removesuffix(end) for end in ENDS if key.endswith(end)), key)


_BY_NAME = {_key(name): pair for pair in KOREAN.items() for name in pair}


def both_names(city, city_ko):
    """The city in English and in Korean, with what is missing of a city of the province."""
    known = _BY_NAME.get(_key(city)) or _BY_NAME.get(_key(city_ko))
    if known is None:
        return city, city_ko
    english, korean = known
    typed_in_korean = not city.isascii() and not city_ko
    return (english if typed_in_korean or not city else city), city_ko or korean
