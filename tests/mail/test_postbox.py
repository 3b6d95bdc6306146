"""The newcomer's postbox: letters as files, shown in development and nowhere else."""

import pytest

from blender_event.mail import outbox


@pytest.fixture
def development(app, monkeypatch):
    monkeypatch.setitem(app.config, "ENVIRONMENT", "development")


def test_a_newcomer_reads_a_letter_and_its_files(app, development, client, write, worker):
    letter = write(attachments=[outbox.Attachment("blender.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")])
    worker.run()

    overview = client.get("/dev/postvak").get_data(as_text=True)
    page = client.get(f"/dev/postvak/{letter.id}").get_data(as_text=True)
    html = client.get(f"/dev/postvak/{letter.id}/html")
    file = client.get(f"/dev/postvak/{letter.id}/bijlage/0")

    assert f'href="/dev/postvak/{letter.id}"' in overview
    assert '<a href="https://blender.example.org/aanmelden/abc">' in page
    assert "Dag Sam," in page
    assert "style-src &#39;unsafe-inline&#39;" not in page
    assert html.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert file.data == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    assert file.headers["Content-Disposition"] == "attachment; filename=blender.ics"


def test_a_letter_or_file_that_is_not_there_is_not_found(app, development, client, write, worker):
    letter = write()
    worker.run()

    assert client.get("/dev/postvak/999999").status_code == 404
    assert client.get(f"/dev/postvak/{letter.id}/bijlage/0").status_code == 404


def test_in_production_there_is_no_postbox(app, client, write, worker):
    letter = write()
    worker.run()

    assert client.get("/dev/postvak").status_code in (302, 404)
    assert client.get(f"/dev/postvak/{letter.id}").status_code in (302, 404)
    assert b"Sam" not in client.get(f"/dev/postvak/{letter.id}").data
