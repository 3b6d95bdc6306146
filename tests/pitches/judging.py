"""What tests of judging share: a call with a jury, and its browsers."""

from datetime import timedelta

from blender_event.core import clock
from tests import factories as make
from tests.factories_programme import saved
from tests.visitor import signed_in


class Jury:
    """An edition with a call, three pitches sent in, and Rik and Greet who judge it; Rik has the first two."""

    def __init__(self, app, **facts):
        self.app = app
        self.edition = make.an_edition()
        self.call = make.a_call(self.edition, **facts)
        self.rik = make.a_reviewer("Rik Beoordelaar", self.edition, self.call)
        self.greet = make.a_reviewer("Greet Beoordelaar", self.edition, self.call)
        self.pitches = [make.a_pitch(f"Idee {n}", self.call, author=f"Noor {n}") for n in range(3)]
        self.first, self.second, self.third = self.pitches
        make.an_assignment(self.first, self.rik)
        make.an_assignment(self.second, self.rik)
        make.an_assignment(self.first, self.greet)

    def browser(self, person):
        return signed_in(self.app, person)

    @property
    def jury(self):
        return f"/beheer/2027/pitches/jury/{self.call.id}"

    def page(self, pitch):
        return f"/beheer/2027/beoordelen/{pitch.id}"

    def closed(self):
        """Judging ended an hour ago."""
        self.call.judging_closes_at = clock.now() - timedelta(hours=1)
        saved(self.call)
