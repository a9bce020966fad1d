"""Files with the quick record: weighed before they are sent, kept over a refusal, shown on the line."""

import re

from playwright.sync_api import expect

from crmadmin.services import files
from tests.browser.test_record import open_card, some_words

OFFER = {"name": "КП.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 an offer"}
PHOTO = {"name": "стенд.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n a photograph"}


def chosen(field):
    return field.evaluate("field => [...field.files].map(file => file.name)")


def test_files_stay_chosen_over_a_refusal_and_stand_on_the_line(open_as):
    page = open_as("manager")
    open_card(page, at=7)
    field = page.locator(".record input[type=file][multiple]")
    page.keyboard.press("1")
    field.set_input_files([OFFER, PHOTO])
    page.locator(".record-save").click()
    expect(page.locator("[name=request]")).to_have_class(re.compile("is-invalid"))
    assert chosen(field) == ["КП.pdf", "стенд.png"]
    expect(page.locator("[data-files-again]")).to_be_hidden()

    words = some_words("С файлами")
    page.locator("[name=request]").fill(words)
    page.locator("[name=request]").press("Enter")
    line = page.locator("#client-stream .timeline > li", has_text=words)
    expect(line.locator(".tl-files a")).to_have_text([re.compile("КП.pdf"), re.compile("стенд.png")])
    expect(page.locator(".record-said")).to_have_text(re.compile("Записано"))
    assert chosen(field) == []
    expect(page.locator("#files")).to_contain_text("стенд.png")


def test_what_is_too_large_is_said_before_it_is_sent_and_nothing_typed_is_lost(open_as):
    page = open_as("manager")
    open_card(page, at=7)
    words = some_words("Большой файл")
    page.keyboard.press("1")
    page.locator("[name=request]").fill(words)
    field = page.locator(".record input[type=file][multiple]")
    field.set_input_files([OFFER | {"buffer": b"%PDF-" + b"x" * files.LARGEST}])
    expect(page.locator(".record [data-files-wrong]")).to_contain_text("КП.pdf – слишком большой")
    page.locator("[name=request]").press("Enter")
    expect(field).to_be_focused()
    expect(page.locator("[name=request]")).to_have_value(words)
    expect(page.locator("#client-stream")).not_to_contain_text(words)
    field.set_input_files([OFFER])
    expect(page.locator(".record [data-files-wrong]")).to_be_hidden()
    page.locator("[name=request]").press("Enter")
    expect(page.locator("#client-stream .tl-files a").first).to_contain_text("КП.pdf")


def test_the_field_is_reached_by_the_keyboard(open_as):
    page = open_as("manager")
    open_card(page, at=7)
    page.locator(".record-more > summary").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".record input[type=file][multiple]")).to_be_focused()
