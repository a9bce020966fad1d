"""Recording begins with the client one is looking at."""

import re

from playwright.sync_api import expect


def test_from_a_row_of_the_list_it_is_about_that_row(open_as):
    page = open_as("manager")
    page.goto("/clients/?kind=company")
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.locator("tbody tr").nth(1)
    name, id = row.locator(".c-name a:not([href^='tel:'])").inner_text(), row.get_attribute("id")[1:]
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(rf"/clients/{id}/record"))
    expect(page.locator("h1")).to_contain_text(name)


def test_from_a_page_about_a_client_it_is_about_that_client(open_as):
    page = open_as("manager")
    page.goto("/history/clients/7")
    page.locator(".top-tools [data-record-link]").click()
    expect(page).to_have_url(re.compile("/clients/7/record"))


def test_from_anywhere_else_the_client_is_to_be_chosen(open_as):
    page = open_as("manager")
    page.goto("/groups/")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/record$"))
