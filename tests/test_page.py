"""The page as it is built: its texts, its markup, its public face."""

import json
import re
import runpy
import sys
from html.parser import HTMLParser
from pathlib import Path

import gradio as gr
import pytest

from benchmarks.app_server import free_port
from page import build_demo
from page.answers import AnswerPanel
from page.assets import EXAMPLES, PAGE
from page.texts import TEXTS
from recognizer import CHARACTERS, ModelError, Recognizer, RecognizerError

MARKUP = sorted(PAGE.glob("*.html"))
MODULES = sorted(PAGE.glob("*.js"))
PAGE_MODULES = sorted((PAGE.parent.parent / "page").glob("*.py"))


@pytest.fixture(scope="module")
def demo(recognizer: Recognizer) -> gr.Blocks:
    return build_demo(recognizer)


def test_both_languages_have_the_same_texts() -> None:
    assert list(TEXTS["en"]) == list(TEXTS["ar"])
    for key, text in TEXTS["en"].items():
        places = re.findall(r"\{\w+\}", text)
        assert sorted(places) == sorted(re.findall(r"\{\w+\}", TEXTS["ar"][key])), key


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_text_is_empty_or_in_the_other_script(language: str) -> None:
    arabic = re.compile("[\u0621-\u064a]")
    for key, text in TEXTS[language].items():
        assert text.strip(), key
        if key != "language.other":  # it names the other language in that language
            assert bool(arabic.search(text)) == (language == "ar"), key


def test_every_text_that_is_named_exists_and_every_text_is_named() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*MARKUP, *MODULES])
    named = set(re.findall(r'data-(?:text|label)="([^"]+)"', source))
    named |= set(re.findall(r"\bt\('([^']+)'", source))
    python = "\n".join(path.read_text(encoding="utf-8") for path in PAGE_MODULES)
    named |= set(re.findall(r'\btexts\["([^"]+)"\]', python))
    # Some names are put together: t(`error.${kind}`).
    made = re.findall(r"(?:\bt\(|dataset\.\w+ = )`([^`]+)`", source)
    patterns = [re.escape(text) for text in made]
    patterns = [re.sub(r"\\\$\\\{.+?\\\}", r"\\w+", pattern) for pattern in patterns]
    assert named <= TEXTS["en"].keys()
    for key in TEXTS["en"].keys() - named:
        assert any(re.fullmatch(p, key) for p in patterns) or f"'{key}'" in source, key


def test_every_letter_has_a_plain_hint_of_its_sound() -> None:
    for texts in TEXTS.values():
        assert len({texts[f"letters.{character.name}.sound"] for character in CHARACTERS}) == 28


def test_every_error_has_a_sentence_of_its_own() -> None:
    kinds = [RecognizerError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    # Only a program can hand over what is no ink, or ask for what is no letter.
    errors = {kind.__name__ for kind in kinds[1:]} - {"InkError", "LetterError"}
    raised = set(re.findall(r"(?:fail\(|error: )'(\w+)'", _all_modules()))
    for name in errors | raised:
        assert f"error.{name}" in TEXTS["en"]


def _all_modules() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in MODULES)


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: path.name)
def test_markup_holds_no_text_and_no_template(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "${" not in source and "{{" not in source  # Gradio would run it as code
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]
    parser.feed(source)
    assert not "".join(words).strip()


def test_modules_put_no_strangers_text_into_markup() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", _all_modules())


def test_only_the_three_endpoints_are_public(demo: gr.Blocks) -> None:
    api = demo.get_api_info()
    assert set(api["named_endpoints"]) == {"/recognize", "/recognize_strokes", "/letters"}
    assert not api["unnamed_endpoints"]


def test_the_endpoints_say_what_they_take(demo: gr.Blocks) -> None:
    api = demo.get_api_info()["named_endpoints"]
    for name in ("/recognize", "/recognize_strokes"):
        assert api[name]["description"].startswith("Recognise the one Arabic letter")
    assert api["/letters"]["description"].startswith("List the 28 Arabic letters")
    names = {name: [p["parameter_name"] for p in api[name]["parameters"]] for name in api}
    assert names["/recognize_strokes"] == ["strokes", "pen_width"]
    assert (names["/recognize"], names["/letters"]) == (["image"], [])
    (image,) = api["/recognize"]["parameters"]
    assert image["label"] == "Picture of one letter"
    assert image["example_input"].startswith("data:image/png;base64,")  # one of the two forms


def test_without_a_model_the_app_says_what_to_do_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(source: object = None) -> Recognizer:
        raise ModelError("There is no model: train one.")

    monkeypatch.setattr(Recognizer, "load", fail)
    monkeypatch.setenv("GRADIO_SERVER_PORT", str(free_port()))
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as the app does: later tests want it
    with pytest.raises(SystemExit, match="There is no model: train one."):
        runpy.run_path(str(PAGE.parent.parent / "app.py"), run_name="__main__")


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "why?",
        {"turn": 1, "letter": "ب"},
        {"question": "why?"},
        {"question": {"number": "1", "rival": ["ب"]}},
        {"question": {"number": None, "rival": "../ب"}},
    ],
)
def test_a_strangers_question_names_no_rival_that_is_no_letter(payload: object) -> None:
    asked = AnswerPanel().preprocess(payload)
    assert asked is None or (asked.number, asked.rival) == (0, None)


def test_there_are_examples_and_they_are_small() -> None:
    pictures = [path for path in EXAMPLES.iterdir() if path.suffix in (".jpg", ".png")]
    assert len(pictures) >= 4
    assert all(path.stat().st_size < 50_000 for path in pictures)


def test_fonts_bring_their_licences() -> None:
    fonts = {path.stem for path in (PAGE / "fonts").glob("*.woff2")}
    licences = {path.stem.removeprefix("OFL-") for path in (PAGE / "fonts").glob("OFL-*.txt")}
    assert fonts == licences
    assert sum(path.stat().st_size for path in (PAGE / "fonts").glob("*.woff2")) < 100_000


def test_nothing_in_the_page_names_a_foreign_host() -> None:
    for path in [*MARKUP, *MODULES, *PAGE.rglob("*.css")]:
        hosts = set(re.findall(r"https?://[^\s'\"]+", path.read_text(encoding="utf-8")))
        # The second stands in the examples of calls, for the page's own address.
        assert hosts <= {"http://www.w3.org/2000/svg", "http://127.0.0.1:7860"}, path.name


def test_texts_are_plain_json_that_a_translator_can_edit() -> None:
    for language in TEXTS:
        text = (PAGE / f"texts/{language}.json").read_text(encoding="utf-8")
        assert text == json.dumps(TEXTS[language], ensure_ascii=False, indent=2) + "\n"
