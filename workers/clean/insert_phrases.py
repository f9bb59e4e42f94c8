# ruff: noqa: RUF001  (the phrases are in many scripts)
"""How what a site puts into the middle of its stories begins, or is worded, in many languages."""

import re
from typing import Final

_SHORT: Final = 60
_LONG: Final = 400
_SHARE_OPENS = re.compile(
    r"(?:share (?:this|on|via|the|with)\b|share\s*[:|]|share\W*$|tweet\b|follow (?:us|me)\b|pin it\b|copy link\b"
    r"|teilen\b|auf \w+ teilen|folgen sie uns|partager\b|partagez\b|suivez-nous|compartir\b|comparte\b|síguenos"
    r"|condividi\b|seguici\b|compartilh\w+|siga-nos|delen\b|deel (?:dit|op|via)\b|dela\b|udostępnij|поделиться|paylaş"
    r"|شارك|שתפו|共有|シェア|.{0,8}分享|.{0,12}공유)",
    re.IGNORECASE,
)
_RELATED_OPENS = re.compile(
    r"\W{0,3}(?:(?:(?:read (?:more|next|this(?: too)?)|must[- ]read|watch|watch also|more on this|you (?:may|might)"
    r" (?:also )?like|recommended(?: (?:for you|reading|stories|articles?|posts?))?|related(?: (?:stories|story"
    r"|articles?|posts?|coverage|news|reading|content|topics?|links?))?|más información|mehr dazu|läs mer|leia"
    r" mais)\s*(?:[:|»>\u2013\u2014-]|\.{3}|…|$)|also read|read also|more (?:from|on|in|stories|news"
    r"|articles)\b[^.!?]{0,30}|lesen sie (?:auch|mehr)|mehr zum thema|auch interessant|(?:à )?lire aussi|sur le même"
    r" (?:thème|sujet)|(?:lea|lee) (?:también|además)|(?:le |te )?(?:puede|podría) interesar|leggi anche|leia também"
    r"|veja também|lees ook|läs (?:också|även)|les også|læs også|lue myös|czytaj (?:też|także|również)|čtěte také"
    r"|читайте также|читайте ещё|читайте також|ayrıca oku\w*|ilgili haber\w*|اقرأ أيضا?|إقرأ أيضا?|קראו (?:גם|עוד)|यह"
    r" भी पढ़ें)(?!\w)|関連記事|あわせて読みたい|相关(?:新闻|阅读|文章)|延伸阅读|延伸閱讀|관련 ?기사)",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    r"\W{0,3}(?:advertisement|advertising|ad|ads|sponsored(?: content)?|paid content|scroll to continue(?: reading)?"
    r"|(?:article|story|content|post) continues? (?:below|after)(?: (?:this|the))?(?: (?:ad|advertisement|advert))?"
    r"|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie|annons|reklama|реклама|reklam|إعلان"
    r"|פרסומת|विज्ञापन|広告|广告|廣告|광고)\W{0,3}",
    re.IGNORECASE,
)
_TAGS_OPEN = re.compile(
    r"(?:tags?|tagged(?: (?:with|as|in))?|topics?|filed under|posted in|keywords|categor(?:y|ies)|schlagwörter"
    r"|schlagworte|themen|mots-clés|étiquettes|thèmes|etiquetas|temas|argomenti|etichette|trefwoorden|tagi|теги|метки"
    r"|etiketler|الوسوم|תגיות|标签|標籤|关键词|タグ|키워드|태그)\s*(?:[:：|#]|$)",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"sign(?:ing)? up\b|subscri(?:be|ber|ption)|newsletter|your inbox|mailing list|unlimited access|free (?:articles?"
    r"|trial)|log ?in\b|sign in\b|already a member|e-?mail address|continue reading|keep reading|(?:for|only) members"
    r"|abonn|anmelden|weiterlesen|jetzt (?:testen|bestellen)|posteingang|s[’']inscrire|inscrivez|réservée? aux|(?:cet"
    r"|de l[’']) ?article à lire|boîte mail|suscr[ií]|boletín|inscríb|bandeja de entrada|iscri(?:vi|zi)|abbonat"
    r"|assin(?:e|ante|atura)|cadastr|inschrijven|meld je aan|prenumer|zapisz się|prenumerat|подпис|рассылк|abone ol"
    r"|اشترك|النشرة|הירשמו|ניוזלטר|登録|購読|会員|メルマガ|订阅|訂閱|登录|구독|뉴스레터",
    re.IGNORECASE,
)
_OFFER_OPENS = re.compile(
    r"(?:sign up (?:for|to) (?:our|receive|get)\b|sign up (?:for|to) the [\w ]{0,30}newsletter|subscribe (?:to (?:our"
    r"|the|continue|read)|now|today)\b|subscribe\W*$|get (?:our|the) (?:\w+ ){0,2}newsletter|join our (?:newsletter"
    r"|mailing list)|already (?:a )?(?:subscriber|member)\?|(?:this|the rest of this) (?:article|story) is (?:for"
    r"|only|reserved)\b|(?:jetzt|newsletter) abonnieren|jetzt weiterlesen|dieser (?:artikel|inhalt) ist (?:nur"
    r"|exklusiv) für|abonnez-vous|je m[’']abonne|déjà abonné|il vous reste \d+ ?% de cet article|la suite (?:de cet"
    r" article )?est réservée|cet article est réservé|suscr[ií]b[ea](?:te|se)|contenido exclusivo para suscriptores"
    r"|iscriviti|abbonati\b|contenuto riservato agli abbonati|assine\b|conteúdo exclusivo para assinantes|подпишитесь"
    r"|この記事は(?:有料)?会員限定|本文为付费)",
    re.IGNORECASE,
)
_COOKIES_OPEN = re.compile(
    r"(?:(?:we|this (?:web)?site|our (?:web)?site) (?:and our [\w ]{1,20})?uses? cookies|by (?:continuing|using"
    r"|clicking)\b.{0,80}\bcookies|(?:wir|diese (?:web)?seite|diese website) (?:verwenden|verwendet|nutzen|nutzt)"
    r" cookies|nous utilisons des cookies|ce site utilise des cookies|(?:este sitio (?:web )?)?utiliza(?:mos)?"
    r" cookies|usamos cookies|(?:questo sito )?utilizz(?:a|iamo) (?:i )?cookie|мы используем (?:файлы )?cookie|wij"
    r" gebruiken cookies|vi använder cookies|używamy plików cookie)",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"cookies?\b|consent|gdpr|einwilligung|consentement|consentimiento|クッキー|쿠키",
    re.IGNORECASE,
)
_RIGHTS_OPEN = re.compile(
    r"\W{0,2}(?:©|ⓒ|copyright\b.{0,3}(?:©|ⓒ|\(c\)|(?:19|20)\d\d)|\(c\) (?:19|20)\d\d|저작권자|all rights reserved|alle"
    r" rechte vorbehalten|tous droits réservés|todos los derechos reservados|版权所有|無断転載)|.{0,60}무단 ?전재",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(
    r"(?:enable|turn on|activate|need|requires?|without|support\w*|allow) (?:[\w'\u2019]+ ){0,4}javascript|javascript"
    r" (?:[\w'\u2019]+ ){0,5}(?:disabled|enabled?|required|needed|turned (?:off|on)|to (?:run|use|view))|javascript"
    r" (?:aktivieren|ist deaktiviert|activer|désactivé|requis)|activ\w+ (?:le )?javascript|(?:habilit\w+|activ\w+"
    r"|attiva\w*|abilita\w*) (?:el )?javascript|включите javascript|(?:启用|开启) ?javascript|javascript ?を有効",
    re.IGNORECASE,
)
_AUTHOR_OPENS = re.compile(
    r"(?:about (?:the )?authors?\b|written by\b|über (?:den autor|die autorin)|zur person|à propos de l[’']aut\w+"
    r"|sobre (?:el|la|o|a) autora?\b"
    r"|(?:[\w.'’-]+ ){1,4}(?:is|was) (?:an?|the|our)\b[^.]{0,80}\b(?:writer|reporter"
    r"|journalist|editor|correspondent|author|professor|founder|blogger|researcher|columnist|contributor)\b"
    r"|l[’']autore\b|over de auteur|om författaren|об авторе|o autorze)",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"(?:copy(?: (?:code|link|url|to clipboard|item path|page))?|copied!?|post (?:a )?reply|reply|quote|report(?:"
    r" (?:post|abuse))?|like|permalink|edit|upvote|downvote|log in to (?:reply|post|comment)|reply to (?:thread"
    r"|topic)|jump to(?: top)?|back to top|top|display posts from(?: the)? (?:previous|last)\b.{0,80}|who is online"
    r"|users browsing this (?:forum|thread|topic)\b.{0,120}|new topic|search this (?:thread|topic|forum)|kopieren"
    r"|antworten|zitieren|nach oben|copier|répondre|citer|copiar|responder|citar|copia|rispondi|cita|копировать"
    r"|ответить|цитировать|复制|回复|返信|引用|コピー|복사|답글)\W*",
    re.IGNORECASE,
)
_REVIEWS = re.compile(
    r"(?:\d+ )?(?:customer |user |product |verified )?reviews?\b|ratings? (?:&|and) reviews"
    r"|what (?:our )?customers say"
    r"|kundenbewertungen|bewertungen|rezensionen|avis (?:des )?clients|commentaires clients|opiniones|reseñas"
    r"|recensioni|avaliações|beoordelingen|recensioner|opinie|отзывы|レビュー|カスタマーレビュー|评价|评论|리뷰|تقييمات",
    re.IGNORECASE,
)
_DELIVERY = re.compile(
    r"deliver|shipping|returns?\b|lieferung|versand|rückgabe|livraison|retours?\b|envío|devoluci|spedizion|consegna"
    r"|entrega|frete|bezorg|leverans|dostaw|доставк|возврат|配送|送料|运费|배송",
    re.IGNORECASE,
)
_BOARD = re.compile(
    r"(?:\d+ (?:likes?|views?)|post (?:a )?reply\b.{0,40}"
    r"|display posts from(?: the)? (?:previous|last)\b.{0,80}|who is online"
    r"|users browsing this (?:forum|thread|topic)\b.{0,120}|there (?:is|are) \d+ users? (?:online|viewing)\b.{0,80}"
    r"|return to (?:the )?(?:board|forum)\b.{0,60}|you (?:cannot|may not) (?:post|reply|edit|start|open)\b.{0,80}"
    r"|antwort erstellen\b.{0,40}|wer ist online\??|mitglieder in diesem forum\b.{0,80}|répondre au sujet\b.{0,40}"
    r"|qui est en ligne\b.{0,5}|responder\b.{0,20}\bmensajes?\b.{0,20}|¿?quién está conectado\??)\W*",
    re.IGNORECASE,
)


def opens_reviews(text: str) -> bool:
    """Whether a piece announces what buyers say."""
    return len(text) <= _SHORT and bool(_REVIEWS.match(text))


def speaks_of_delivery(text: str) -> bool:
    """Whether a piece has a word about delivery or returns: enough only where its place says the same."""
    return bool(_DELIVERY.search(text))


def is_board_control(text: str) -> bool:
    """Whether a piece is what a forum's software says around the posts."""
    return bool(_BOARD.fullmatch(text))


def opens_share(text: str) -> bool:
    """Whether a piece begins as a row of ways to share or follow does."""
    return bool(_SHARE_OPENS.match(text))


def points_elsewhere(text: str) -> bool:
    """Whether a piece begins as a pointer to another story does: `ALSO READ`, `Lire aussi`."""
    return bool(_RELATED_OPENS.match(text))


def marks_advertisement(text: str) -> bool:
    """Whether a piece only says that an advertisement stands here."""
    return len(text) <= _SHORT and bool(_ADVERTISEMENT.fullmatch(text))


def opens_tags(text: str) -> bool:
    """Whether a piece begins as a list of tags does."""
    return bool(_TAGS_OPEN.match(text))


def speaks_of_offer(text: str) -> bool:
    """Whether a piece has a word of those that sell: enough only where its place says the same."""
    return bool(_OFFER.search(text))


def opens_offer(text: str) -> bool:
    """Whether a piece begins as an offer of a newsletter or a subscription does, or as a notice to pay."""
    return len(text) <= _LONG and bool(_OFFER_OPENS.match(text))


def speaks_of_cookies(text: str) -> bool:
    """Whether a piece has a word about cookies or consent: enough only where its place says the same."""
    return bool(_COOKIES.search(text))


def opens_consent(text: str) -> bool:
    """Whether a piece begins as a notice about cookies does."""
    return len(text) <= _LONG and bool(_COOKIES_OPEN.match(text))


def claims_rights(text: str) -> bool:
    """Whether a short piece begins as a line of copyright does."""
    return len(text) <= _LONG and bool(_RIGHTS_OPEN.match(text))


def asks_for_scripts(text: str) -> bool:
    """Whether a piece tells a reader to turn scripts on."""
    return len(text) <= _LONG and bool(_SCRIPTS.search(text))


def introduces_author(text: str) -> bool:
    """Whether a piece begins as the lines about an author do."""
    return bool(_AUTHOR_OPENS.match(text))


def is_control(text: str) -> bool:
    """Whether a piece is the name of a button."""
    return len(text) <= 2 * _SHORT and bool(_CONTROL.fullmatch(text))
