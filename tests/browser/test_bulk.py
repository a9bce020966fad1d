"""Acts on many clients, without a mouse: ticked, all found, previewed, gone on with, undone."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, insert, select

from models import BulkAct, BulkRow, Client, Tag, User
from models.kinds import BulkKind, BulkVerdict


def choose(page, word):
    """The act of that name, from the bar's menu."""
    page.get_by_role("button", name="Что сделать").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=word, exact=True).focus()
    with page.expect_navigation():  # a choice made before the page is loaded would not be heard
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [1440, 390])
def test_all_clients_found_are_tagged_and_the_act_is_undone(open_as, width):
    page = open_as("head", width=width)
    page.goto("/clients/?group=3")
    for box in page.locator("input[name=rowid]").all():
        box.focus()
        page.keyboard.press("Space")
    take = page.locator("[data-take-all]")
    expect(take).to_be_visible()
    take.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-picked]")).to_contain_text("все найденные")
    choose(page, "Добавить метку")

    expect(page.get_by_role("heading", name="Найдено клиентов")).to_be_visible()
    page.get_by_label("Метка").select_option(label="тендер")
    start = page.locator("button[value=start]")
    expect(start).to_contain_text("Добавить метку:")
    number = int("".join(re.findall(r"\d", start.inner_text())))
    assert number > 50
    start.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Готово")).to_be_visible()
    expect(page.locator(".bulk-line.is-done").first).to_contain_text(str(number))

    page.get_by_role("link", name="Отменить").click()
    page.locator("form.bulk-form button.btn-primary").click()
    expect(page.get_by_role("heading", name="Отменено")).to_be_visible()
    expect(page.locator(".bulk-line.is-done").first).to_contain_text(str(number))


def test_a_tick_taken_off_takes_all_found_back(open_as):
    page = open_as("head")
    page.goto("/clients/")
    page.locator("[data-pick-all]").check()
    page.locator("[data-take-all]").click()
    expect(page.locator("[data-all-found]")).to_have_value("1")
    page.locator("input[name=rowid]").first.uncheck()
    expect(page.locator("[data-all-found]")).to_have_value("")
    expect(page.locator("[data-take-all]")).to_be_hidden()


def test_an_act_that_was_interrupted_goes_on_by_itself_once_it_is_asked_to(open_as, site):
    act = interrupted(site)
    page = open_as("head")
    page.goto(f"/bulk/{act}")
    expect(page.locator("progress")).to_have_attribute("value", "0")
    page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_role("heading", name="Готово")).to_be_visible(timeout=20_000)
    expect(page.locator("progress")).to_have_count(0)


def interrupted(site) -> int:
    """An act that was begun, and whose browser was closed before the first of its slices."""
    engine = create_engine(site.environment["CRM_DATABASE_URL"])
    with engine.begin() as connection:
        head = connection.execute(select(User.id, User.name).where(User.login == "olga")).one()
        clients = connection.scalars(select(Client.id).order_by(Client.id)).all()
        tag = connection.scalar(select(Tag.id).where(Tag.code == "vip"))
        about = {"kind": BulkKind.tag, "target_id": tag, "parameters": {"pace": 100}, "key": "interrupted"}
        counts = {"counts": {"waiting": len(clients)}, "total": len(clients), "left": len(clients)}
        signed = {"at": datetime.now(UTC), "by_id": head.id, "by_name": head.name}
        act = connection.scalar(insert(BulkAct).values(**about, **counts, **signed).returning(BulkAct.id))
        rows = [{"act_id": act, "client_id": id, "verdict": BulkVerdict.waiting} for id in clients]
        connection.execute(insert(BulkRow), rows)
    engine.dispose()
    return act or 0
