"""The interface is whole in Dutch: every message has its translation, and the compiled catalogue is what the sources say."""

from blender_event.translations import catalogue


def test_every_message_that_is_used_has_dutch():
    merged, _faults = catalogue.merge(sorted(catalogue.PARTS.glob("*.po")))
    missing, _unused = catalogue.compare(merged)

    assert missing == []


def test_every_translation_is_complete_and_keeps_its_placeholders():
    _merged, faults = catalogue.merge(sorted(catalogue.PARTS.glob("*.po")))

    assert faults == []


def test_the_compiled_catalogue_is_what_the_parts_say():
    merged, _faults = catalogue.merge(sorted(catalogue.PARTS.glob("*.po")))
    source, compiled = catalogue.written(merged)

    assert (catalogue.SOURCE.read_bytes() == source, catalogue.COMPILED.read_bytes() == compiled) == (True, True)


def test_a_translation_without_dutch_or_with_other_placeholders_is_seen():
    english = catalogue.Message("%(count)s places", "plaatsen")

    assert list(catalogue.faults_of(english, "x.po")) == [
        "x.po: '%(count)s places' has placeholders ['count'], the Dutch []"
    ]
    assert list(catalogue.faults_of(catalogue.Message("Hello", ""), "x.po")) == ["x.po: 'Hello' has no Dutch"]
