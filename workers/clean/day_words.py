"""The words around a day that tell what happened on it, and the marks of what is not the page's own."""

import re
from typing import Final

DATED: Final = re.compile(r"date|publish|posted|time|byline|meta\b|info|created")
CHANGED: Final = re.compile(
    r"updated?\b|modified|revised|reviewed|edited|last change|aktualisiert|stand:|mis à jour|actualizad|aggiornat"
    r"|atualizad|bijgewerkt|uppdaterad|oppdatert|opdateret|päivitetty|zaktualizowan|güncelle|обновлен|更新|수정|تحديث|עודכן",
    re.IGNORECASE,
)
OF_SOMEBODY: Final = re.compile(
    r"\b(?:joined|member since|registered|last (?:seen|visit|active)|born|beigetreten|registriert|mitglied seit|inscrit"
    r"|registrado|iscritto|lid sinds|зарегистрирован\w?|регистрация)\b|注册|註冊|登録",
    re.IGNORECASE,
)
"""A writer's own days, as boards show them beside each posting."""
TELLING: Final = re.compile(
    r"\b(?:published|posted|veröffentlicht|erschienen|publié|publicado|pubblicato|gepubliceerd|geplaatst|opublikowan[oy]"
    r"|publicerad|publisert|udgivet|julkaistu|yay\u0131n\w*|опубликован\w?)\b|发布|發布|公開日|掲載|게시|نشر|פורסם",
    re.IGNORECASE,
)
READING: Final = re.compile(
    r"\d\s*-?\s*min(?:ute)?s?\b|\d\s*мин|分钟|分で読|lesezeit|de lectur[ae]|di lettura|de leitura|leestijd",
    re.IGNORECASE,
)
"""How long the reading takes: it stands beside the day of a story."""
OF_OTHERS: Final = re.compile(
    r"related|recommend|sidebar|aside|comment|\bcards?\b|footer|\bevents?\b|copyright|deadline|(?:^|\s)widgets?\b|latest|popular|teaser",
    re.IGNORECASE,
)
"""Marks; a builder of pages calls each of its boxes `x-widget`."""
