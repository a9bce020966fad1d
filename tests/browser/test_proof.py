"""A dispute: the report is made for the client with a field masked, taken home, and checked there."""

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

DISPUTED = "Кондитерская фабрика «Заря»"


def card_of_the_disputed(page: Page) -> None:
    page.goto("/clients/?search=кондитерская заря")
    page.locator("main table tbody tr a", has_text=DISPUTED).first.click()
    expect(page).to_have_url(re.compile(r"/clients/\d+"))


def test_a_report_for_the_client_is_made_masked_downloaded_and_checked(open_as, tmp_path):
    page = open_as("manager")
    card_of_the_disputed(page)
    page.get_by_role("link", name="Отчёт с доказательствами").click()
    page.get_by_label("Для кого").select_option("client")
    page.get_by_role("button", name="Показать").click()
    claim = page.locator("li.rl", has_text="Партии нет")
    claim.get_by_label("Просьба").check()
    page.get_by_role("button", name="Составить отчёт").click()
    expect(page).to_have_url(re.compile(r"number=\d+"))
    expect(page.locator(".rl-correction del").first).to_contain_text("10-го")
    expect(page.get_by_text("Партии нет")).to_have_count(0)
    expect(page.get_by_text("Между нами")).to_have_count(0)
    for link, name in (("Скачать файл (JSON)", "report.json"), ("Скачать проверяющую программу", "check.py")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=link).click()
        waiting.value.save_as(tmp_path / name)

    def check() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "check.py", "report.json"]
        told = {"capture_output": True, "text": True, "encoding": "utf-8"}
        return subprocess.run(command, cwd=tmp_path, check=False, **told)

    done = check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ВСЁ СХОДИТСЯ" in done.stdout
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    shown = next(entry for entry in report["entries"] if "reaction" in entry.get("fields", {}))
    shown["fields"]["reaction"]["value"][1] = "Ничего не обещали"
    (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    done = check()
    assert done.returncode == 1
    assert f"запись {shown['head']['number']}" in done.stdout


def test_who_was_first_comes_onto_the_card_and_the_head_decides(open_as):
    page = open_as("head")
    card_of_the_disputed(page)
    verdict = page.locator(".first-verdict .verdict")
    expect(verdict).to_contain_text("решил руководитель")
    page.get_by_role("link", name="Притязания").click()
    expect(page.get_by_text("с опозданием").first).to_be_visible()
    page.get_by_role("link", name="Решить").click()
    page.get_by_label("Чей это клиент по первенству").select_option(label="Дмитрий Громов")
    page.get_by_label("Почему").fill("Клиент подтвердил: первым звонил Дмитрий")
    page.get_by_role("button", name="Решить").click()
    expect(page.locator(".verdict")).to_contain_text("Дмитрий Громов")
    expect(page.locator("main")).to_contain_text("действует это")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_proofs_fit_the_screen(open_as, width, dark):
    page = open_as("head", width=width, dark=dark)
    card_of_the_disputed(page)
    card = page.url.split("?")[0]
    for path in ("/first", "/first/decide", "/report", "/report?for=client"):
        page.goto(card + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.locator("details.report-made summary").evaluate("node => node.click()")
    with page.expect_navigation():
        page.locator("details.report-made a").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for address in ("/anchors/", "/rules/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
