"""What people are told of, and by which way, unless they chose otherwise."""

from models.kinds import NoticeChannel, NoticeKind

DIGEST_MINUTE = 8 * 60

ABOUT: dict[str, tuple[NoticeKind, ...]] = {  # in the order of the page where one chooses
    "due": (
        NoticeKind.contact_due,
        NoticeKind.promise_due,
        NoticeKind.promise_overdue,
        NoticeKind.request_waits,
        NoticeKind.wish_returns,
    ),
    "clients": (
        NoticeKind.recorded_with_yours,
        NoticeKind.told_two,
        NoticeKind.told_three,
        NoticeKind.client_given,
        NoticeKind.client_taken,
        NoticeKind.client_offered,
        NoticeKind.offer_decided,
        NoticeKind.offer_withdrawn,
        NoticeKind.plans_given,
        NoticeKind.plan_changed,
        NoticeKind.promise_given,
    ),
    "team": (
        NoticeKind.mentioned,
        NoticeKind.substitution_set,
        NoticeKind.substitution_ended,
        NoticeKind.back_again,
        NoticeKind.silence_asked,
        NoticeKind.silence_answered,
        NoticeKind.silence_waived,
    ),
    "alarms": (
        NoticeKind.alarm_raised,
        NoticeKind.alarm_talked,
        NoticeKind.alarm_decided,
        NoticeKind.alarms_raised,
        NoticeKind.alarm_answered,
    ),
    "program": (NoticeKind.act_unfinished, NoticeKind.chain_broken, NoticeKind.job_missed),
}

BY_MAIL = frozenset(
    {
        NoticeKind.client_given,
        NoticeKind.substitution_set,
        NoticeKind.promise_overdue,
        NoticeKind.silence_asked,
        NoticeKind.chain_broken,
    }
)


def is_usual(kind: NoticeKind, channel: NoticeChannel) -> bool:
    """In the program one is told of everything; at once by a letter of what cannot wait for the morning."""
    return channel is NoticeChannel.program or kind in BY_MAIL
