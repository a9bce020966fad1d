"""An alarm from the morning to its decision; a norm set by keys, ended, and followed by another."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module", autouse=True)
def a_morning(site):
    """The program looks for alarms by itself, at the latest now."""
    site.flask("jobs", "run", "--once")


def test_the_head_talks_it_over_and_decides_and_the_manager_sees_it(open_as):
    manager = open_as("manager")
    manager.goto("/alarms/")
    expect(manager.locator(".side-link[href='/alarms/'] .side-count")).to_be_visible()
    manager.locator(".alarm-row a").first.click()
    said = manager.locator(".alarm-said").inner_text()
    manager.get_by_label("Что я об этом думаю").fill("Разберу до пятницы")
    manager.get_by_role("button", name="Ответить", exact=True).click()
    expect(manager.locator(".alarm-talk")).to_contain_text("Разберу до пятницы")

    head = open_as("head")
    head.goto("/alarms/")
    group = head.locator(".alarm-group", has_text="Анна Белова")
    row = group.locator(".alarm-row", has_text=said.strip())
    row.get_by_role("button", name=re.compile("Просмотрено")).click()
    expect(row).not_to_have_class(re.compile("is-new"))
    row.locator("a").click()
    expect(head.locator(".alarm-talk")).to_contain_text("Анна Белова: Разберу до пятницы")
    head.get_by_label("О чём поговорили").fill("Поможет Дмитрий")
    head.get_by_role("button", name="Записать разговор").click()
    head.get_by_label("Что решено").fill("Смотрим через две недели")
    head.get_by_label("Должно быть видно к").fill((date.today() + timedelta(days=14)).isoformat())  # noqa: DTZ011
    head.get_by_role("button", name="Решить").click()
    expect(head.locator(".alarm .badge-tone")).to_have_text("решено")

    manager.reload()
    expect(manager.locator(".alarm-steps")).to_contain_text("Смотрим через две недели")
    expect(manager.get_by_label("Что я об этом думаю")).to_have_count(0)


def test_a_norm_is_set_by_keys_and_followed_by_another(open_as):
    head = open_as("head")
    head.goto("/kpi/norms/")
    head.get_by_role("link", name=re.compile("Новая норма|Задать первую")).first.click()
    expect(head.locator("#indicator-box")).to_be_visible()  # the bare choice is replaced
    head.get_by_role("combobox", name="Показатель").fill("Письма")
    head.keyboard.press("Enter")
    head.get_by_role("combobox", name="Для кого").fill("роль: менеджер")
    head.keyboard.press("Enter")
    head.get_by_label("Не меньше").fill("7,5")
    head.get_by_label("Не больше").fill("5")
    head.keyboard.press("Enter")
    expect(head.locator("#high-error")).to_have_text(re.compile("Верхняя граница меньше нижней"))
    expect(head.get_by_label("Не меньше")).to_have_value("7,5")
    head.get_by_label("Не больше").fill("20")
    head.keyboard.press("Enter")
    head.wait_for_url("**/kpi/norms/")
    section = head.locator(".norms", has_text="Письма")
    expect(section).to_contain_text("7,5 – 20")

    head.goto("/kpi/norm/?indicator=letters&whose=manager")
    head.get_by_label("Не меньше").fill("10")
    head.get_by_label("Действует с").fill((date.today() + timedelta(days=30)).isoformat())  # noqa: DTZ011
    head.keyboard.press("Enter")
    expect(head.locator("#first-error")).to_contain_text("Такая норма уже есть")
    expect(head.get_by_label("Завершить прежнюю норму")).to_be_checked()
    head.get_by_role("button", name="Сохранить").click()
    expect(section.locator("tbody tr")).to_have_count(2)
    expect(section).to_contain_text("ещё не началась")

    manager = open_as("manager", width=390, dark=True)
    manager.goto("/kpi/norms/")
    expect(manager.locator(".norms", has_text="Письма")).to_contain_text("7,5 – 20")
    expect(manager.get_by_role("link", name="Новая норма")).to_have_count(0)
