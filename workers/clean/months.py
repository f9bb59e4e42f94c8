"""The names of the months as dates have them, in the languages with most pages in them."""

import re
from typing import Final

_NAMES: Final = """
jan january januar janvier enero gennaio janeiro januari января ene janv gen stycznia sty ledna január januára
ianuarie tammikuuta ocak січня ιανουαρίου janúar يناير جانفي ינואר जनवरी มกราคม ม.ค.

feb february februar février fevrier febrero febbraio fevereiro februari февраля févr fév fev lutego lut února
február februára februarie helmikuuta şubat лютого φεβρουαρίου febrúar فبراير فيفري شباط פברואר फ़रवरी फरवरी
กุมภาพันธ์ ก.พ.

mar march märz maerz mars marzo março maart марта mär mrt marca marts marec března március martie maret mart
maaliskuuta березня μαρτίου مارس آذار מרץ मार्च มีนาคม มี.ค.

apr april avril abril aprile апреля avr abr kwietnia kwi dubna április apríla aprilie huhtikuuta nisan квітня
απριλίου أبريل ابريل إبريل نيسان אפריל अप्रैल เมษายน เม.ย.

may mai mayo maggio maio mei мая maj maja května május mája toukokuuta mayıs травня μαΐου مايو أيار ماي מאי मई
พฤษภาคม พ.ค.

jun june juni juin junio giugno junho июня czerwca cze června június júna iunie kesäkuuta haziran червня ιουνίου
يونيو جوان حزيران יוני जून มิถุนายน มิ.ย.

jul july juli juillet julio luglio julho июля juil lipca lip července július júla iulie heinäkuuta temmuz липня
ιουλίου يوليو جويلية تموز יולי जुलाई กรกฎาคม ก.ค.

aug august août aout agosto augustus августа ago sierpnia sie augusti srpna augusztus augusta elokuuta ağustos
серпня agustus αυγούστου أغسطس اغسطس أوت آب אוגוסט अगस्त สิงหาคม ส.ค.

sep sept september septembre septiembre settembre setembro сентября set września wrz září szeptember septembra
septembrie syyskuuta eylül вересня σεπτεμβρίου سبتمبر أيلول ספטמבר सितंबर सितम्बर กันยายน ก.ย.

oct okt october oktober octobre octubre ottobre outubro октября ott out października paź října október októbra
octombrie lokakuuta ekim жовтня οκτωβρίου أكتوبر اكتوبر אוקטובר अक्टूबर अक्तूबर ตุลาคม ต.ค.

nov november novembre noviembre novembro ноября listopada lis listopadu novembra noiembrie marraskuuta kasım
листопада νοεμβρίου نوفمبر נובמבר नवंबर नवम्बर พฤศจิกายน พ.ย.

dec dez december dezember décembre decembre diciembre dicembre dezembro декабря déc dic grudnia gru prosince
decembra decembrie joulukuuta aralık грудня δεκεμβρίου desember ديسمبر דצמבר दिसंबर दिसम्बर ธันวาคม ธ.ค.
"""  # noqa: RUF001  (Turkish letters look like others)
_IN_TWO_WORDS: Final = {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}
MONTHS: Final = {
    name: number for number, names in enumerate(_NAMES.split("\n\n"), 1) for name in names.split()
} | _IN_TWO_WORDS
"""Each name in small letters, with its number."""
MONTH: Final = "|".join(map(re.escape, sorted(MONTHS, key=len, reverse=True)))
"""A pattern for all of the names."""
A_MONTH: Final = r"(?:[^\s\d.,;:()|/<>\"'-]{2,14}|[ก-ฮ]{1,2}ิ?ี?\.[ก-ฮ]\.|(?:كانون|تشرين) (?:الأول|الثاني))"
"""A pattern for what may be a month; whether it is one, `month_of` knows."""


def month_of(name: str) -> int | None:
    """The number of a month, 1 to 12; None where the name is no month's. Hebrew writes its `in` before it."""
    small = name.lower()
    return MONTHS.get(small) or MONTHS.get(small.removeprefix("ב"))
