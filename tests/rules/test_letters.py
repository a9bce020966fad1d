from datetime import UTC, datetime, timedelta

from crmadmin.rules.letters import next_try

MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_pauses_grow_and_after_a_day_nobody_tries_any_more():
    now, tries, pauses = MADE, 0, list[timedelta]()
    while (tries := tries + 1) and (at := next_try(MADE, tries, now)):
        pauses.append(at - now)
        now = at

    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert timedelta(days=1) <= now - MADE < timedelta(days=1, hours=4)
    assert len(pauses) < 20
