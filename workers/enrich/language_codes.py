"""Language tags of every kind as ISO 639-1, the two letters that a document's `language` is."""

import re
from typing import Final

_TAG: Final = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_.@\s].*)?", re.DOTALL)
_THREE_LETTERS: Final = """
    aaraa abkab acmar adpdz aebar afraf ajpar akaak albsq alssq amham apcar araar arbar argan armhy aryar
    arzar asmas avaav aveae aymay ayray azeaz azjaz bakba bambm baqeu belbe benbn bisbi bodbo bosbs brebr
    bulbg burmy catca cescs chach chece chizh chucu chvcv clssa cmnzh corkw cosco crecr cwdcr cymcy czecs
    danda deude divdv dutnl dzodz ekket ellel engen epoeo eskik estet euseu eweee faofo fasfa fatak fijfj
    filtl finfi frafr frefr fryfy fucff fulff ganzh gazom geoka gerde glagd glega glggl glvgv greel grngn
    guggn gujgu hakzh hatht hauha hebhe herhz hinhi hrvhr hsnzh hunhu hyehy iboig iceis idoio iiiii ikeiu
    ikuiu ileie inaia indid ipkik islis itait javjv jpnja kalkl kankn kasks katka kaukr kazkk khkmn khmkm
    kikki kinrw kirky kmrku knckr kngkg komkv konkg korko kpvkv kuakj kurku laolo latla lavlv limli linln
    litlt ltglv ltzlb lublu luglg lvslv macmk mahmh malml maomi marmr mayms mkdmk mlgmg mltmt molro monmn
    mrimi msams myamy nanzh nauna navnv nblnr ndend ndong nepne nldnl nnonn nobnb norno npine nyany ocioc
    ojgoj ojioj orior ormom oryor ossos panpa pbups perfa pesfa plipi pltmg polpl porpt prpgu pusps quequ
    quzqu rohrm ronro rumro runrn rusru sagsg sansa sccsr scrhr sdhku sinsi slksk slosk slvsl smese smosm
    snasn sndsd somso sotst spaes sqisq srcsc srdsc srpsr sswss sunsu swasw swesv swhsw tahty tamta tattt
    telte tgktg tgltl thath tibbo tirti tonto tsntn tsots tuktk turtr twiak uigug ukruk urdur uzbuz uznuz
    uzsuz venve vievi volvo welcy wlnwa wolwo wuuzh xhoxh yddyi yidyi yoryo yuezh zhaza zhozh zsmms zulzu
    zybza
"""
"""ISO 639-2 and 639-3 codes, each with the two letters of the language or of the macrolanguage it belongs to."""
_TWO: Final = {code[:3]: code[3:] for code in _THREE_LETTERS.split()}
_ISO_639_1: Final = frozenset(_TWO.values())
_RENAMED: Final = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr", "tw": "ak", "nb": "no"}
"""Withdrawn codes; and Bokmål as Norwegian, for the two cannot be told apart by their text."""


def iso_639_1(tag: str | None) -> str | None:
    """The language of a tag such as `de-AT`, `en_US.UTF-8`, `EN` or `deu`.

    Returns:
        Two lower-case letters, or None where the tag is none or its language has no code of two letters.
    """
    found = _TAG.fullmatch(tag) if tag else None
    if found is None:
        return None
    code = found.group(1).lower()
    code = _TWO.get(code, code)
    code = _RENAMED.get(code, code)
    return code if code in _ISO_639_1 else None
