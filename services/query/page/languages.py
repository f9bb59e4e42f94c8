"""What languages are called in English, by their ISO 639-1 codes; others are shown by their code."""

from typing import Final

_NAMES: Final = (
    "af Afrikaans,ar Arabic,az Azerbaijani,be Belarusian,bg Bulgarian,bn Bengali,bs Bosnian,ca Catalan,cs Czech,"
    "cy Welsh,da Danish,de German,el Greek,en English,eo Esperanto,es Spanish,et Estonian,eu Basque,fa Persian,"
    "fi Finnish,fr French,ga Irish,gl Galician,gu Gujarati,he Hebrew,hi Hindi,hr Croatian,hu Hungarian,"
    "hy Armenian,id Indonesian,is Icelandic,it Italian,ja Japanese,ka Georgian,kk Kazakh,km Khmer,kn Kannada,"
    "ko Korean,ku Kurdish,ky Kyrgyz,la Latin,lo Lao,lt Lithuanian,lv Latvian,mk Macedonian,ml Malayalam,"
    "mn Mongolian,mr Marathi,ms Malay,mt Maltese,my Burmese,nb Norwegian Bokmål,ne Nepali,nl Dutch,"
    "nn Norwegian Nynorsk,no Norwegian,pa Punjabi,pl Polish,pt Portuguese,ro Romanian,ru Russian,si Sinhala,"
    "sk Slovak,sl Slovene,so Somali,sq Albanian,sr Serbian,sv Swedish,sw Swahili,ta Tamil,te Telugu,tg Tajik,"
    "th Thai,tl Tagalog,tr Turkish,tt Tatar,ug Uyghur,uk Ukrainian,ur Urdu,uz Uzbek,vi Vietnamese,xh Xhosa,"
    "yi Yiddish,zh Chinese,zu Zulu"
)
_LANGUAGES: Final = {entry[:2]: entry[3:] for entry in _NAMES.split(",")}


def language_name(code: str) -> str:
    """What a language is called; the code itself where that is not known."""
    return _LANGUAGES.get(code, code)
