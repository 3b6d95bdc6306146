"""The factories themselves: rows that satisfy every constraint, files that are really there, and gone in the next test."""

import io

import pypdfium2
import pytest

from blender_event.core import storage
from blender_event.pitches.models import STATES
from tests import factories as make


def test_a_pitch_of_every_state_can_be_made_with_all_that_belongs_to_it(app):
    call = make.a_call()
    pitches = [make.a_pitch(f"Idee {state}", call, status=state) for state in STATES]
    reviewer = make.a_reviewer(call=call)
    for pitch in pitches:
        make.an_author(pitch, "Co Schrijver", role="co")
        make.an_assignment(pitch, reviewer)
        make.a_review(pitch, reviewer, "maybe")
        make.a_remark(pitch, reviewer)
        make.an_interest(pitch)

    assert [[author.role for author in pitch.authors] for pitch in pitches] == [["first", "co"]] * len(STATES)
    assert {pitch.status for pitch in pitches if pitch.session} == {"accepted", "confirmed"}


def test_files_are_really_stored(app):
    session = make.a_session()
    file = make.a_pitch_file(make.a_pitch(), "begroting.pdf", b"%PDF-1.4 cijfers")
    material = make.a_material(session)
    make.a_version(material, make.a_pdf(pages=3))
    make.a_preview(material.newest)
    make.a_portrait(make.a_speaker())
    make.a_link(session)
    make.speaker_needs(make.a_speaker("Els"))

    assert file.storage_key in set(storage.keys())
    assert [version.number for version in material.versions] == [1, 2]
    assert len(list(storage.keys())) == 5


@pytest.mark.once
def test_the_files_of_an_earlier_test_are_gone(app):
    assert list(storage.keys()) == []


@pytest.mark.once
def test_the_pdf_is_one(app):
    assert len(pypdfium2.PdfDocument(io.BytesIO(make.a_pdf(pages=3)))) == 3
