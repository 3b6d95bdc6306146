"""The checker itself: it is silent on a sound file and notices each fault that parsers forgive."""

import pytest

from tests.oracles.bytes_of_calendar import faults

SOUND = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:PUBLISH\r\n"
    b"BEGIN:VTIMEZONE\r\nTZID:Europe/Brussels\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\n"
    b"TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    b"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z\r\nLAST-MODIFIED:20270101T000000Z\r\nSEQUENCE:0\r\n"
    b"DTSTART;TZID=Europe/Brussels:20270520T100000\r\nDTEND;TZID=Europe/Brussels:20270520T110000\r\n"
    b'ORGANIZER;CN="A":mailto:a@example.org\r\nSTATUS:CONFIRMED\r\nSUMMARY:Zorg\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
)
EVENT = SOUND[SOUND.index(b"BEGIN:VEVENT") : SOUND.index(b"END:VCALENDAR")]


def test_a_sound_file_has_no_faults():
    assert faults(SOUND) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b"Zorg\r\n", b"Zorg\n", "a line that does not end in CRLF"),
        (b"Zorg", b"Zo\rrg", "a line that does not end in CRLF"),
        (b"Zorg", b"Zorg" * 20, "a line of more than 75 octets"),
        (b"Zorg", b"Zorg\xc3\r\n \xa9", "a line that is not UTF-8 by itself"),
        (b"Zorg", b"Zorg\x07", "a control character"),
        (b"Zorg", "Zorg\u2028".encode(), "a control character"),
        (b"Zorg", b"Zorg\r\nmeer zorg", "a line that is no property"),
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "a control character"),
        (b"END:VEVENT\r\n", b"", "an END without its BEGIN"),
        (b"END:VCALENDAR\r\n", b"", "a BEGIN without its END"),
        (b"TZID:Europe/Brussels", b"TZID:Europe/Paris", "a zone that is used and not defined, or defined and not used"),
        (b"METHOD:PUBLISH\r\n", b"", "not one METHOD"),
        (EVENT, EVENT + EVENT, "two events with one UID"),
        (b"UID:1\r\n", b"", "not one UID in an event"),
        (b"SUMMARY:Zorg\r\n", b"SUMMARY:Zorg\r\nSUMMARY:Meer\r\n", "not one SUMMARY in an event"),
        (b"SUMMARY:Zorg", b"SUMMARY:Zorg\r\nATTENDEE:mailto:m@example.org", "an ATTENDEE in a published event"),
        (b'CN="A"', b'CN="A"B"', "a line that is no property"),
        (b"DTSTAMP:20270101T000000Z", b"DTSTAMP:20270101T000000", "a DTSTAMP that is not in UTC"),
        (b"20270520T110000", b"20270520T100000", "an end that is not after its start"),
        (b"20270520T110000", b"20270520T110000Z", "a start and an end of different kinds"),
        (b"20270520T110000", b"2027052T1100", "a start or an end that is no moment"),
    ],
)
def test_a_fault_is_noticed(right, wrong, fault):
    assert right in SOUND
    assert fault in faults(SOUND.replace(right, wrong))
