"""What was told to whom, by which way it went, and who wants what."""

from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table


class Notice(Table, tablename="notice"):
    """Something told to a person, once: (kind, subject, person, slot) is unique.

    `words` is JSON (notices/words.py): the sentence is made when its reader is known. Where `link`
    is a secret, `veil` takes its place as soon as the letter with it has gone out.
    """

    id = UUID(primary_key=True)
    person = UUID()
    kind = Text()
    subject = Text()
    slot = Text()
    words = Text()
    link = Text()
    veil = Text()
    made_at = Timestamptz()
    read_at = Timestamptz(null=True)


class Delivery(Table, tablename="delivery"):
    """A notice on one way: `page` is there at once, `email` goes out from here.

    `next_at` is when it is due while it waits; `claim` and `lease_until` say who is sending it and
    until when that is believed; `address` is where it was sent to last; `quiet` is 1 where the
    quiet hours hold; after `useful_until` it is dropped; `result` is a word or what the other side
    answered.
    """

    id = UUID(primary_key=True)
    notice = UUID()
    channel = Text()
    state = Text()
    quiet = Integer()
    attempts = Integer()
    next_at = Timestamptz(null=True)
    claim = UUID(null=True)
    lease_until = Timestamptz(null=True)
    address = Text()
    useful_until = Timestamptz(null=True)
    result = Text()
    sent_at = Timestamptz(null=True)
    dead_at = Timestamptz(null=True)


class NoticePreference(Table, tablename="notice_preference"):
    """Whether a person wants a kind of notice on a way; without a row: yes."""

    person = UUID(primary_key=True)
    kind = Text()
    channel = Text()
    wanted = Integer()
    changed_at = Timestamptz()
