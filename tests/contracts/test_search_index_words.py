# ruff: noqa: RUF001  (the tests are about these characters)
"""How every search index finds words: forms, phrases, languages, scripts, and what is no word at all."""

from collections.abc import Iterator

import pytest

from shared.models.search import Filters
from shared.query_language.tree import AllOf, Phrase, Word
from shared.search.clauses import WORDS_MAX
from shared.search.port import EngineQuery
from tests.contracts.search_engines import ENGINES, Engine, ask, found, ids, open_engine, page, put, walk


@pytest.fixture(scope="module", params=ENGINES)
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with two pages, for tests that only read."""
    opened = open_engine(request, tmp_path_factory.mktemp("shelf"))
    put(opened, page("a", "a w1 w2 漢字 é x !!! 🎉 ..."), page("b", "b " * 50))
    yield opened
    opened.close()


@pytest.mark.parametrize("q", ["walk", "Walks", "WALKED", "walking"])
def test_an_english_word_is_found_in_any_of_its_forms(engine: Engine, q: str) -> None:
    put(engine, page("a", "She was walking home."), page("b", "She took the wall down."))
    assert found(engine, q) == ["a"]


@pytest.mark.parametrize(
    ("language", "text", "q"),
    [
        ("de", "Die Häuser am Fluss", "Haus"),
        ("de", "Herr Müller kommt", "Mueller"),
        ("fr", "les grandes écoles de l'État", "école"),
        ("fr", "les grandes écoles de l’État", "état"),
        ("es", "las canciones del verano", "canción"),
        ("it", "l'arte dell'amore", "amore"),
        ("pt", "os meninos correram", "menino"),
        ("nl", "de boeken van de schrijver", "boek"),
        ("sv", "äpplen och päron", "äpple"),
        ("ru", "Украине не хватает войск", "украина"),
        ("pl", "Spotkanie w Łodzi", "lodzi"),
        ("tr", "İstanbul'da kitaplar", "istanbul"),
        ("tr", "kitaplar ve defterler", "kitap"),
        ("ar", "العَرَبِيَّةُ لغة", "العربية"),
        ("hi", "लड़कों ने किताबें पढ़ीं", "किताब"),
        ("el", "οι άνθρωποι της πόλης", "ανθρωπος"),
        ("fi", "talossa asuu perhe", "talo"),
        ("uk", "Війна в Україні", "україні"),
        (None, "Quelques mots épars", "epars"),
    ],
)
def test_a_word_is_found_by_the_rules_of_its_own_language(
    engine: Engine, language: str | None, text: str, q: str
) -> None:
    put(engine, page("a", text, language=language), page("b", "something else"))
    assert found(engine, q) == ["a"]
    if language:
        assert found(engine, q, filters=Filters(language=(language,))) == ["a"]


def test_stems_of_one_language_do_not_find_words_of_another(engine: Engine) -> None:
    put(engine, page("fr", "Il faut porter un manteau.", language="fr"), page("en", "The port is closed."))
    assert found(engine, "porter") == ["fr"]


def test_a_name_is_found_in_every_language(engine: Engine) -> None:
    put(
        engine,
        page("en", "Microsoft said", language="en"),
        page("ru", "Компания Microsoft сообщила", language="ru"),
        page("ja", "Microsoftは発表した", language="ja"),
        page("xx", "Microsoft", language=None),
    )
    assert sorted(found(engine, "microsoft")) == ["en", "ja", "ru", "xx"]


def test_a_word_that_few_documents_of_a_small_language_have_does_not_rise_above_better_matches(engine: Engine) -> None:
    english = [page(f"en{number}", "Berlin lies on the river Spree. " + "And so on. " * 9) for number in range(40)]
    welsh = page("cy", "Yn ôl y sôn, Berlin. " + "Ac yn y blaen. " * 30, language="sv")
    best = page("best", "Berlin, Berlin, Berlin.")
    put(engine, *english, welsh, best)
    assert found(engine, "berlin", size=1) == ["best"]
    assert walk(engine, "berlin")[-1] == "cy"


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Café", "cafe"),
        ("cafe\u0301", "café"),
        ("Ｆｕｌｌ width", "full"),
        ("the of\ufb01ce", "office"),
        ("STRASSE", "straße"),
        ("Donau\u00addampfschiff", "donaudampfschiff"),
        ("a\u200bzero\u200bwidth", "zero"),
        ("naïve", "NAIVE"),
        ("١٢٣", "123"),
    ],
)
def test_the_same_word_is_found_however_it_is_encoded(engine: Engine, text: str, q: str) -> None:
    put(engine, page("a", text), page("b", "other"))
    assert found(engine, q) == ["a"]


def test_letters_that_are_no_accented_ones_are_told_apart_where_the_language_does(engine: Engine) -> None:
    put(engine, page("sheep", "ett får", language="sv"), page("father", "min far", language="sv"))
    assert found(engine, "far") == ["father"]
    assert found(engine, "får") == ["sheep"]


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Ukraine's army", "ukraine"),
        ("Ukraine’s army", "Ukraine's"),
        ("the army of Ukraine", "Ukraine's"),
        ("a T-62 tank", "T-62"),
        ("a T-62 tank", "T62"),
        ("a T62 tank", "T-62"),
        ("write an e-mail", "email"),
        ("write an email", "e-mail"),
        ("COVID-19 spreads", "covid"),
        ("COVID-19 spreads", "COVID-19"),
        ("the U.S.A. and others", "USA"),
        ("the USA and others", "U.S.A."),
        ("written in C++ and C#", "C++"),
        ("written in C++ and C#", "c#"),
        ("at 10:30 sharp", "10:30"),
        ("pi is 3.14159 or so", "3.14159"),
        ("1,000,000 people", "1000000"),
        ("on 2024-01-15 it rained", "2024-01-15"),
        ("see https://www.example.com/some/page.html?x=1", "example.com"),
        ("see https://www.example.com/some/page.html?x=1", "https://example.com/some/page.html?x=1"),
        ("mail jane.doe@example.org now", "jane.doe@example.org"),
        ("#MeToo and @someone", "metoo"),
        ("snake_case_name", "snake_case_name"),
        ("a well-known fact", "known"),
        ("rock’n’roll", "rock'n'roll"),
        ("AT&T said", "AT&T"),
        ("aujourd'hui", "aujourd’hui"),
    ],
)
def test_what_a_person_means_by_a_word_is_found(engine: Engine, text: str, q: str) -> None:
    put(engine, page("a", text), page("b", "62 c 10 30 3 14 t at something known otherwise mail"))
    assert ids(ask(engine, q))[:1] == ["a"]


@pytest.mark.parametrize("q", ["T-62", "C++", "10:30", "example.com"])
def test_the_parts_of_a_word_apart_from_each_other_are_not_the_word(engine: Engine, q: str) -> None:
    put(engine, page("b", "62 was the number on the t shirt of the c team at 30 past 10, com an example"))
    assert found(engine, q) == []


@pytest.mark.parametrize(
    ("language", "text", "q"),
    [
        ("zh", "我在北京大学学习。", "北京大学"),
        ("zh", "我在北京大学学习。", "大学"),
        ("zh", "我在北京大学学习。", "学"),
        ("ja", "東京都の天気は晴れです。", "天気"),
        ("ja", "ﾃﾚﾋﾞを見る", "テレビ"),
        ("ja", "か\u3099っこう", "がっこう"),
        ("th", "ฉันรักประเทศไทย", "ประเทศไทย"),
        ("ko", "서울에서 만나요", "서울"),
        ("en", "He said 你好世界 to everyone", "世界"),
        ("zh", "NFL球队在2024年", "球队"),
        ("zh", "NFL球队在2024年", "nfl"),
    ],
)
def test_scripts_without_spaces_are_found_by_what_is_written_in_them(
    engine: Engine, language: str, text: str, q: str
) -> None:
    put(engine, page("a", text, language=language), page("b", "京北 都大 something else", language=language))
    assert found(engine, q) == ["a"]


def test_a_chinese_question_is_answered_by_the_page_that_has_most_of_it(engine: Engine) -> None:
    put(
        engine,
        page("panthers", "黑豹队的防守只丢了308分,在联赛中排名第六。", language="zh"),
        page("other", "野马队在分区轮以23比16击败了对手。", language="zh"),
    )
    assert found(engine, "黑豹队的防守丢了多少分?") == []
    assert found(engine, "黑豹队的防守丢了多少分?", match="best")[0] == "panthers"


def test_all_words_are_needed_in_any_order_and_any_field(engine: Engine) -> None:
    put(
        engine,
        page("both", "The tanks rolled over the bridge."),
        page("fields", "The bridge fell.", title="Tanks", standfirst="Nobody knows why."),
        page("one", "The bridge fell."),
    )
    assert sorted(found(engine, "bridge tanks")) == ["both", "fields"]
    assert found(engine, "nobody") == ["fields"]
    assert found(engine, "bridge tanks absent") == []


def test_best_takes_any_word_and_ranks_more_and_rarer_ones_higher(engine: Engine) -> None:
    common = [page(f"common{number}", "The river runs by the town.") for number in range(20)]
    put(
        engine,
        *common,
        page("rare", "The heron flies by the town."),
        page("both", "The heron stands in the river."),
        page("none", "Nothing of it."),
    )
    answer = ask(engine, "river heron absent", match="best", size=50)
    assert ids(answer)[:2] == ["both", "rare"]
    assert answer.total.value == 22


def test_words_that_are_near_each_other_rank_higher(engine: Engine) -> None:
    filler = "and then there was a long story about something else altogether which never ended "
    put(
        engine,
        page("far", f"The prime was early. {filler}The minister was late."),
        page("near", f"The prime minister was late. {filler}It was early."),
    )
    assert found(engine, "prime minister") == ["near", "far"]
    assert found(engine, "prime minister", match="best") == ["near", "far"]


def test_a_word_in_the_title_counts_more(engine: Engine) -> None:
    put(
        engine,
        page("text", "The election was held. " + "Words. " * 20, title="A report"),
        page("title", "It was held today. " + "Words. " * 20, title="The election"),
    )
    assert found(engine, "election") == ["title", "text"]


def test_the_form_that_was_typed_ranks_above_its_relatives(engine: Engine) -> None:
    put(engine, page("other", "Many universities of old."), page("typed", "A university of old."))
    assert found(engine, "university") == ["typed", "other"]


def test_a_word_typed_twice_counts_twice(engine: Engine) -> None:
    put(engine, page("a", "apple apple pear"), page("b", "apple pear pear"))
    assert found(engine, "pear apple apple", match="best")[0] == "a"
    assert found(engine, "pear pear apple", match="best")[0] == "b"


def test_a_phrase_is_its_words_side_by_side_in_order(engine: Engine) -> None:
    put(
        engine,
        page("phrase", "They spoke of climate change all day."),
        page("turned", "Change of climate, or change climate."),
        page("apart", "The climate will not change."),
    )
    assert found(engine, '"climate change"') == ["phrase"]
    assert found(engine, "“climate change”") == ["phrase"]
    assert len(found(engine, "climate change")) == 3


def test_a_phrase_is_found_in_other_forms_of_its_words_and_across_punctuation(engine: Engine) -> None:
    put(engine, page("a", "Its climate, changing fast, is a worry."), page("b", "change"))
    assert found(engine, '"climate changes"') == ["a"]


def test_a_phrase_may_repeat_a_word(engine: Engine) -> None:
    put(engine, page("a", "New York, New York"), page("b", "New York"))
    assert found(engine, '"new york new york"') == ["a"]


def test_a_phrase_does_not_reach_from_one_field_into_the_next(engine: Engine) -> None:
    put(engine, page("a", "change is slow", title="On climate", standfirst="Of the climate"))
    assert found(engine, '"climate change"') == []


def test_a_phrase_holds_words_with_hyphens_and_numbers(engine: Engine) -> None:
    put(engine, page("a", "Old T-62 tanks, 40 of them, arrived."), page("b", "T tanks 62"))
    assert found(engine, '"T-62 tanks"') == ["a"]
    assert found(engine, '"tanks 40"') == ["a"]


def test_a_phrase_of_one_word_is_the_word(engine: Engine) -> None:
    put(engine, page("a", "walking"))
    assert found(engine, '"walk"') == ["a"]


def test_the_tree_may_be_nested_and_may_be_one_word(engine: Engine) -> None:
    put(engine, page("a", "red apple"), page("b", "red pear"))
    word, phrase = Word(text="apple"), Phrase(words=("red", "apple"))
    for tree in (word, phrase, AllOf(parts=(AllOf(parts=(word,)), AllOf(parts=(phrase, AllOf()))))):
        assert ids(engine.index.search(EngineQuery(tree=tree))) == ["a"]


@pytest.mark.parametrize("q", ["", "   ", '""', "\u3000"])
def test_an_empty_query_finds_everything(shelf: Engine, q: str) -> None:
    assert sorted(found(shelf, q)) == ["a", "b"]


@pytest.mark.parametrize("q", ["!!!", "( ) [", "🎉", "- -- ---", "\x00", "\u200d", "\u0301", "…", "<>&", "'''"])
@pytest.mark.parametrize("match", ["all", "best"])
def test_a_query_without_a_word_finds_nothing_and_says_so(shelf: Engine, q: str, match: str) -> None:
    answer = ask(shelf, q, match=match)
    assert answer.total.value == 0
    assert [warning.code for warning in answer.warnings] == ["no-words"]


def test_signs_between_words_are_passed_over(engine: Engine) -> None:
    put(engine, page("a", "red apple"))
    assert found(engine, "red ! (apple) 🎉 -- ?") == ["a"]
    assert found(engine, "red,apple") == ["a"]


@pytest.mark.parametrize(
    "q",
    [
        "(" * 10_000,
        ")" * 10_000,
        "(" * 5_000 + "a" + ")" * 5_000,
        '"' * 10_001,
        "a " * 5_000,
        '"' + "a " * 5_000 + '"',
        " ".join(f"w{number}" for number in range(5_000)),
        '"' + " ".join(f"w{number}" for number in range(5_000)) + '"',
        "🎉" * 10_000,
        "\x00" * 10_000,
        "a\x00b\x00" * 2_500,
        "a-" * 5_000,
        "a'" * 5_000,
        "1," * 5_000,
        "漢" * 10_000,
        "x" * 100_000,
        "é" * 10_000,
        "\u0301" * 10_000,
        "a\u0301" * 5_000,
        "AND OR NOT " * 900,
        "title:" * 1_600,
        "*" * 10_000,
        "~" * 10_000,
        "\\" * 10_000,
        "https://" * 1_250,
        "\ufdfa" * 10_000,
        "\ud800 a \udfff",
        "NEAR/0 [* TO *] {1 TO 2} ^9999 field:*",
    ],
    ids=lambda q: f"{q[:12]!a}-{len(q)}",
)
@pytest.mark.parametrize("match", ["all", "best"])
def test_a_hostile_query_is_answered(shelf: Engine, q: str, match: str) -> None:
    answer = ask(shelf, q, match=match, facets=("site",), fold_story=True)
    assert answer.total.value <= 2
    assert found(shelf, "w1") == ["a"]


def test_of_too_many_words_the_first_ones_are_looked_for_and_it_is_said(engine: Engine) -> None:
    put(engine, page("a", " ".join(f"w{number}" for number in range(WORDS_MAX))))
    answer = ask(engine, " ".join(f"w{number}" for number in range(WORDS_MAX + 1)))
    assert ids(answer) == ["a"]
    assert [warning.code for warning in answer.warnings] == ["too-many-words"]


@pytest.mark.parametrize(
    "text",
    ["x" * 200_000, "a-" * 100_000, "漢" * 50_000, "\x00" * 1000, "\u0301" * 10_000, "", " \n ", "1." * 50_000],
    ids=lambda text: f"{text[:2]!a}-{len(text)}",
)
def test_a_hostile_text_is_indexed_and_its_neighbours_are_found(engine: Engine, text: str) -> None:
    put(engine, page("hostile", text + " needle"), page("neighbour", "needle"))
    assert sorted(found(engine, "needle")) == ["hostile", "neighbour"]


def test_a_very_long_word_is_found_by_itself_and_by_its_beginning(engine: Engine) -> None:
    put(engine, page("a", "x" * 150), page("b", "x" * 99))
    assert found(engine, "x" * 150) == ["a"]
    assert found(engine, "x" * 100) == ["a"]


def test_a_known_language_of_the_query_still_finds_the_exact_word_in_others(engine: Engine) -> None:
    put(engine, page("en", "walking"), page("de", "walking Tour", language="de"), page("fr", "walk", language="fr"))
    assert sorted(found(engine, "walking", language="en")) == ["de", "en"]
    assert sorted(found(engine, "walking")) == ["de", "en"]


def test_a_whole_question_finds_its_answer_though_that_lacks_the_words_of_asking(engine: Engine) -> None:
    put(
        engine,
        page("answer", "The Panthers surrendered 308 points that season."),
        page("other", "How many people did the points matter to? Panthers do not ask."),
        page("neither", "Bears sleep."),
    )
    q = "How many points did the Panthers surrender?"
    assert found(engine, q, match="all", spare=True) == ["answer"]
    assert found(engine, q, match="all") == []


def test_function_words_are_needed_where_the_query_has_hardly_others(engine: Engine) -> None:
    put(engine, page("band", "The Who played."), page("other", "A band played."))
    assert found(engine, "the who", match="all", spare=True) == ["band"]
    assert found(engine, "the who played", match="all", spare=True) == ["band"]


@pytest.mark.parametrize(
    ("language", "q", "answer", "other"),
    [
        ("en", "how did they do it with the turbine", "A turbine turns.", "How did they do it with the boat?"),
        ("de", "wie wird eine Turbine gebaut", "Turbine gebaut aus Stahl.", "Wie wird eine Torte verziert?"),
        ("es", "cuándo se construyó la turbina", "Turbina construyó Juan.", "Cuándo se fue la tía?"),
        ("ru", "когда была построена турбина", "Построена турбина в Риге.", "Когда была весна?"),
        ("zh", "什么是涡轮机", "涡轮机发电。", "这是什么？什么是爱？"),
        ("ar", "متى تم بناء التوربين في المدينة", "بناء التوربين", "متى تم ذلك في المدينة"),
    ],
)
def test_the_words_of_asking_do_not_decide(engine: Engine, language: str, q: str, answer: str, other: str) -> None:
    put(engine, *(page(f"other{place}", other, language=language) for place in range(4)))
    put(engine, page("answer", answer, language=language))
    assert found(engine, q, match="best")[0] == "answer"
