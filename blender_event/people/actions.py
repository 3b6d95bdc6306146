"""Let people in and out: links to sign in, browsers, the second factor, invitations and roles."""

import re
from datetime import datetime, timedelta
from typing import Any

import pyotp
from sqlalchemy import or_, update

from blender_event.audit import actions as audit
from blender_event.core import clock, links, text
from blender_event.core.database import db
from blender_event.core.errors import Problem, RuleBroken, require
from blender_event.core.text import _
from blender_event.people import facts, notices, queries, rules
from blender_event.people.models import Person, Role, SignIn, SignInLink

SIGN_IN_FOR = timedelta(minutes=30)
INVITED_FOR = timedelta(days=7)
SIGNED_IN_FOR = timedelta(hours=24)
SECOND_STEP_FOR = timedelta(minutes=10)


def make_link(person: Person, *, lasts: timedelta, now: datetime, next_path: str = "") -> SignInLink:
    """A link that signs `person` in once, before it expires. `queries.token_of` gives its token; the row holds a hash."""
    db.session.flush()
    link = SignInLink(
        person_id=person.id,
        token_hash=links.hashed(links.random_token()),
        next_path=rules.own_path(next_path),
        created_at=now,
        expires_at=now + lasts,
    )
    db.session.add(link)
    db.session.flush()
    link.token_hash = links.hashed(queries.token_of(link))
    return link


def mail_link(email: str, *, language: str, next_path: str, now: datetime) -> bool:
    """Write the letter with a link to sign in, when the address is that of somebody with a role or of a speaker.

    For any other address the same work is done, so that time tells nothing; the answer False says: roll it back.
    """
    person = queries.person_by_email(email)
    if person is None:
        person = queries.person_for(email, "", language)
    known = facts.speaks(person, None) or bool(person.roles)
    link = make_link(person, lasts=SIGN_IN_FOR, now=now, next_path=next_path)
    minutes = int(SIGN_IN_FOR.total_seconds() // 60)
    notices.sign_in(email, person, link, language=language, minutes=minutes)
    db.session.flush()
    return known


def use_link(token: str, *, now: datetime) -> SignInLink:
    """Spend a link: of two at once only one gets it. Raises `RuleBroken` when it is used, old or not ours."""
    spent = db.session.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == links.hashed(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if spent is None:
        raise RuleBroken(Problem(_("This link no longer works.")))
    link = db.session.get_one(SignInLink, spent, populate_existing=True)
    for address in link.person.addresses[:1]:
        address.verified_at = address.verified_at or now
    return link


def sign_in(person: Person, *, now: datetime) -> str:
    """Remember one more browser of this person. Returns the key its cookie will hold."""
    key = links.random_token()
    browser = SignIn(person_id=person.id, key_hash=links.hashed(key), created_at=now, expires_at=now + SIGNED_IN_FOR)
    db.session.add(browser)
    audit.note("signed in", person, by=person)
    return key


def sign_out(person: Person, key: str, *, now: datetime) -> None:
    """End this browser: its cookie is worthless from now on, wherever it was copied to."""
    ended = update(SignIn).where(SignIn.key_hash == links.hashed(key), SignIn.person_id == person.id)
    db.session.execute(ended.values(ended_at=now))


def sign_out_everywhere(person: Person, *, by: Person, now: datetime) -> None:
    """End every browser of this person at once, and every link that still waits in a mailbox."""
    person.session_key = links.random_token()
    db.session.execute(
        update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )
    waiting = update(SignInLink).where(SignInLink.person_id == person.id, SignInLink.used_at.is_(None))
    db.session.execute(waiting.values(used_at=now))
    audit.note("signed out everywhere", person, by=by)


def propose_second_factor(person: Person) -> None:
    """Give the person a secret to put in an app. It asks nothing yet: `confirm_second_factor` does that."""
    require(_no_second_factor(person))
    person.totp_secret = pyotp.random_base32()
    person.totp_last_step = None


def confirm_second_factor(person: Person, digits: str, *, now: datetime) -> None:
    """From now on a code is asked at signing in. Raises `RuleBroken` when the code does not show the app works."""
    require(_no_second_factor(person))
    take_code(person, digits, now=now)
    person.totp_confirmed_at = now
    audit.note("second factor switched on", person, by=person)


def _no_second_factor(person: Person) -> Problem | None:
    if person.totp_confirmed_at is not None:
        return Problem(_("The second step is on already."))
    return None


def take_code(person: Person, digits: str, *, now: datetime) -> None:
    """Use up a code of the person's app; each works once. Raises `RuleBroken` for any other."""
    digits = "".join(digits.split())
    step = None
    if person.totp_secret:
        step = rules.matching_step(person.totp_secret, digits, now=now, after=person.totp_last_step)
    if step is not None:
        unused = or_(Person.totp_last_step.is_(None), Person.totp_last_step < step)
        taken = db.session.execute(
            update(Person)
            .where(Person.id == person.id, unused)
            .values(totp_last_step=step)
            .returning(Person.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        db.session.expire(person, ["totp_last_step"])
        if taken is not None:
            return
    raise RuleBroken(
        Problem(_("This code is not right or was used before. Wait for the next one and try again."), "code")
    )


def switch_off_second_factor(person: Person, *, by: Person | None) -> None:
    """Ask no code any more: by the person, with a code, or for who lost the phone by another chief or a command."""
    person.totp_secret = None
    person.totp_confirmed_at = None
    person.totp_last_step = None
    audit.note("second factor switched off", person, by=by)


def invite_first(email: str) -> str:
    """Make this address an organiser of every edition. Returns an address to sign in with, for seven days."""
    now = clock.now()
    person = queries.person_for(email, re.sub(r"[._-]+", " ", email.partition("@")[0]).title())
    role = queries.role_of(person, "organiser", None)
    if role is None:
        role = _give(person, kind="organiser", edition_id=None, sees_needs=True, now=now)
        audit.note("access given", role, by=None, new=_said(role))
    link = make_link(person, lasts=INVITED_FOR, now=now)
    return queries.sign_in_address(link.id, person.language)


def invite(
    *, email: str, name: str, edition: Any | None, kind: str, sees_needs: bool, by: Person, language: str = "nl"
) -> Role:
    """Give somebody a role in an edition (None: every edition) and mail an invitation. Raises `RuleBroken`."""
    now = clock.now()
    edition_id = edition.id if edition is not None else None
    sees_needs = sees_needs and kind == "organiser"
    require(rules.may_give(by.roles, edition_id=edition_id, sees_needs=sees_needs))
    person = queries.person_for(email, name, language)
    require(rules.is_new(queries.role_of(person, kind, edition_id)))
    role = _give(person, kind=kind, edition_id=edition_id, sees_needs=sees_needs, now=now)
    audit.note("access given", role, by=by, new=_said(role))
    _mail_invitation(role, edition=edition, by=by, now=now)
    return role


def admit(person: Person, *, edition: Any, kind: str, by: Person) -> Role:
    """Give a person access to one edition without a letter: what they get it for writes its own. Twice is once."""
    found = queries.role_of(person, kind, edition.id)
    if found is not None:
        return found
    require(rules.may_give(by.roles, edition_id=edition.id, sees_needs=False))
    role = _give(person, kind=kind, edition_id=edition.id, sees_needs=False, now=clock.now())
    audit.note("access given", role, by=by, new=_said(role))
    return role


def invite_again(role: Role, *, edition: Any | None, by: Person) -> None:
    """Mail the invitation once more, with a fresh link."""
    _mail_invitation(role, edition=edition if role.edition_id is not None else None, by=by, now=clock.now())
    audit.note("invited again", role, by=by)


def _mail_invitation(role: Role, *, edition: Any | None, by: Person, now: datetime) -> None:
    link = make_link(role.person, lasts=INVITED_FOR, now=now)
    notices.invitation(role, link, edition=edition, by=by, days=INVITED_FOR.days)


def _give(person: Person, *, kind: str, edition_id: int | None, sees_needs: bool, now: datetime) -> Role:
    role = Role(kind=kind, edition_id=edition_id, sees_needs=sees_needs, created_at=now)
    person.roles.append(role)
    db.session.flush()
    return role


def _said(role: Role) -> dict[str, object]:
    return {"kind": role.kind, "every_edition": role.edition_id is None, "sees_needs": role.sees_needs}


def change_role(role: Role, *, sees_needs: bool, by: Person) -> None:
    """Give or take the right to see needs. Raises `RuleBroken` when `by` has less than what is given."""
    sees_needs = sees_needs and role.kind == "organiser"
    if sees_needs == role.sees_needs:
        return
    require(rules.may_give(by.roles, edition_id=role.edition_id, sees_needs=sees_needs))
    old = {"sees_needs": role.sees_needs}
    role.sees_needs = sees_needs
    audit.note("access changed", role, by=by, old=old, new={"sees_needs": sees_needs})


def withdraw(role: Role, *, by: Person) -> None:
    """Take a role away, at once. Raises `RuleBroken` for the last organiser of every edition."""
    require(rules.may_give(by.roles, edition_id=role.edition_id, sees_needs=False))
    require(rules.a_chief_remains(role, len(queries.chiefs(locked=True))))
    audit.note("access withdrawn", role, by=by, old=_said(role) | {"person": role.person_id})
    role.person.roles.remove(role)
    db.session.flush()


def rename(person: Person, *, name: str, language: str, by: Person) -> None:
    """How somebody is called, and the language of their letters."""
    if (name, language) == (person.name, person.language):
        return
    old = {"name": person.name, "language": person.language}
    person.name, person.language = text.clean(name), language
    audit.note("person changed", person, by=by, old=old, new={"name": person.name, "language": language})
