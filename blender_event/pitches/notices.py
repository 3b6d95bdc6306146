"""The letters to those who send a pitch in: who gets which one."""

from collections.abc import Sequence
from typing import Any

from blender_event.core.links import Purpose
from blender_event.core.text import Words
from blender_event.mail import outbox
from blender_event.mail import queries as mail
from blender_event.pitches import labels, rules_sending
from blender_event.pitches.models import Author, Pitch


def draft(author: Author) -> None:
    """Your draft is kept; here is the link to it."""
    _put("pitch_draft", author, key=f"pitch_draft:{author.id}")


def sent_in(pitch: Pitch) -> None:
    """We have it: to everybody who sends it in, with the text as it was sent."""
    for author in reached(pitch):
        _put("pitch_received", author, text=_text(pitch), key=f"pitch_received:{author.id}")


def withdrawn(pitch: Pitch) -> None:
    """The pitch was taken back: to everybody who sent it in."""
    for author in reached(pitch):
        _put("pitch_withdrawn", author)


def invited(author: Author, by: Author) -> None:
    """Somebody asks you to send a pitch in together."""
    _put(
        "pitch_invited",
        author,
        inviter=by.name or by.email or "",
        invitation=outbox.link(Purpose.CO_AUTHOR, author.id),
        key=f"pitch_invited:{author.id}",
    )


def joined(author: Author) -> None:
    """You take part in a pitch now; here is your own link to it."""
    _put("pitch_joined", author)


def link(authors: Sequence[Author], *, moved: bool = False) -> None:
    """The links to your own pitches, because you asked for them or because your address changed."""
    first = authors[-1]
    pitches = [{"title": one.pitch.title, "link": outbox.link(Purpose.PITCH, one.id)} for one in authors]
    _put("pitch_link", first, pitches=pitches, moved=moved)


def left_out(author: Author) -> None:
    """Somebody takes part no longer: what still waits for them does not leave."""
    outbox.withdraw_to(author.email or "", about=_about(author.pitch))


def address_moved(author: Author, old: str) -> None:
    """To the old address: letters about this pitch go elsewhere from now on. What waits for it would bring it the new link."""
    outbox.withdraw_to(old, about=_about(author.pitch))
    _put("pitch_address", author, to_email=old)


def closing(pitch: Pitch, author: Author) -> None:
    """Your draft was not sent in yet, and the call closes soon."""
    _put("pitch_closing", author, key=f"pitch_closing:{pitch.id}")


def was_reminded(pitch: Pitch) -> bool:
    """Whether the letter about the coming deadline was written before, whatever became of it."""
    return any(letter.kind == "pitch_closing" for letter in mail.about(_about(pitch)))


def reached(pitch: Pitch) -> list[Author]:
    """The authors that letters may go to."""
    return [author for author in pitch.authors if author.email and author.accepted_at is not None]


def _about(pitch: Pitch) -> str:
    return f"pitches:{pitch.id}"


def _put(kind: str, author: Author, *, key: str | None = None, to_email: str = "", **facts: Any) -> None:
    pitch = author.pitch
    outbox.put(
        kind=kind,
        to_email=to_email or author.email or "",
        to_name=author.name,
        language=author.language,
        edition=pitch.edition,
        key=key,
        about=_about(pitch),
        facts={
            "pitch": pitch,
            "deadline": rules_sending.deadline(pitch),
            "link": outbox.link(Purpose.PITCH, author.id),
        }
        | facts,
    )


def _text(pitch: Pitch) -> list[tuple[str, Words, str]]:
    """The pitch as it was sent, question by question; what stayed empty is left out."""
    names = [name for name in labels.QUESTIONS if name not in ("may_record", "agreed_public")]
    return [answer for answer in labels.answers(pitch, names) if answer[2]]
