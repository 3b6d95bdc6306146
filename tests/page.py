"""A page as its reader gets it: words, links, forms, problems, and the contract every page keeps."""

import itertools
import re

import lxml.html

_LABELLED = "self::input or self::select or self::textarea"
_QUIET = {"hidden", "submit", "button", "image", "reset"}


def _words(element):
    return " ".join(element.text_content().split())


class Page:
    """One answer. Text is shown with every run of white space as one space."""

    def __init__(self, response, path):
        self.status = response.status_code
        self.headers = response.headers
        self.path = path
        self.body = response.get_data()
        is_html = (response.mimetype or "") == "text/html" and self.body
        self.tree = lxml.html.document_fromstring(self.body.decode()) if is_html else None

    def __contains__(self, words):
        return words in self.text

    def __repr__(self):
        return f"<page {self.path}: {self.title}>"

    @property
    def main(self):
        """The element `main`; its `data-` attributes with `page.main.get("data-status")`."""
        return self.tree.find(".//main")

    @property
    def text(self):
        """What can be read inside `main` (or the whole body when there is none)."""
        if self.tree is None:
            return self.body.decode(errors="replace")
        return _words(self.main if self.main is not None else self.tree.find("body"))

    @property
    def everything(self):
        """What can be read on the whole page, navigation included."""
        return _words(self.tree.find("body"))

    @property
    def title(self):
        return (
            _words(self.tree.find(".//title"))
            if self.tree is not None and self.tree.find(".//title") is not None
            else ""
        )

    @property
    def heading(self):
        """The words of the `h1`."""
        return _words(self.tree.find(".//h1"))

    @property
    def language(self):
        return self.tree.get("lang")

    @property
    def links(self):
        """Addresses by the words of their link; the last wins where words are the same."""
        return {
            _words(link) or link.get("aria-label", ""): link.get("href")
            for link in self.tree.iter("a")
            if link.get("href")
        }

    @property
    def errors(self):
        """The message beside each refused field, by its name; general ones under "" ."""
        found = {}
        for element in self.tree.xpath(
            "//*[contains(concat(' ', @class, ' '), ' error ') and contains(@id, '-error')]"
        ):
            for unseen in element.xpath(".//*[contains(@class, 'unseen')]"):
                unseen.drop_tree() if not unseen.tail else _empty(unseen)
            found[element.get("id").removesuffix("-error")] = _words(element)
        general = [_words(item) for item in self.tree.xpath("//*[contains(@class, 'error-summary')]//li[not(a)]")]
        return found | ({"": " ".join(general)} if general else {})

    @property
    def forms(self):
        return [Form(element, self) for element in self.tree.iter("form")]

    def form(self, which=None):
        """The main form, or the one whose id, address or words contain `which`."""
        for form in self.forms:
            if which is None and form.method == "POST" and "csrf_token" in form.names:
                return form
            if which is not None and form.answers_to(which):
                return form
        raise AssertionError(
            f"{self.path} has no form{f' with {which!r}' if which else ''}: {[form.describe() for form in self.forms]}"
        )

    @property
    def token(self):
        found = self.tree.xpath("//input[@name='csrf_token']/@value") if self.tree is not None else []
        return found[0] if found else None

    def rows(self, number=0):
        """The cells of each row of the page's tables, in words; `number` is which table."""
        table = self.tree.xpath("//table")[number]
        return [[_words(cell) for cell in row.xpath("./th|./td")] for row in table.iter("tr")]

    def keeps_the_contract(self):
        """Fail when the page breaks what every page promises (QUALITY §4)."""
        faults = [
            *_outline(self.tree),
            *_fields(self.tree),
            *_references(self.tree),
            *_safety(self.tree),
            *_words_left_over(self.tree),
        ]
        expected = "en" if self.path == "/en" or self.path.startswith(("/en/", "/en?")) else "nl"
        if self.language != expected:
            faults.append(f"lang is {self.language}, the address says {expected}")
        if not self.title:
            faults.append("no title")
        assert not faults, f"{self.path} breaks the page contract:\n  " + "\n  ".join(faults)


def _empty(element):
    element.text = ""
    for child in list(element):
        element.remove(child)


def _outline(tree):
    levels = [int(element.tag[1]) for element in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1"
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"
    if len(tree.xpath("//main")) != 1:
        yield f"{len(tree.xpath('//main'))} main elements"
    for heading in tree.xpath("//h1|//h2|//h3|//h4"):
        if not _words(heading):
            yield f"an empty {heading.tag}"


def _fields(tree):
    for element in tree.xpath(f"//*[{_LABELLED}]"):
        if element.get("type", "text") in _QUIET:
            continue
        own = element.get("id")
        labels = tree.xpath("//label[@for=$own]", own=own) if own else []
        named = [*labels, *element.xpath("ancestor::label")]
        if (
            not any(_words(label) for label in named)
            and not element.get("aria-label")
            and not element.get("aria-labelledby")
        ):
            yield f"the field {element.get('name')} has no label"
    for button in tree.iter("button"):
        if not _words(button) and not button.get("aria-label"):
            yield f"a button without words: {lxml.html.tostring(button)[:80]!r}"
    for link in tree.xpath("//a[@href]"):
        if (
            not _words(link)
            and not link.get("aria-label")
            and not link.xpath(".//img[@alt != '']|.//svg[@aria-label]|.//title")
        ):
            yield f"a link without words to {link.get('href')}"
    for image in tree.xpath("//img[not(@alt)]"):
        yield f"an image without alt: {image.get('src')}"
    for group in tree.iter("fieldset"):
        if not group.xpath("./legend"):
            yield "a fieldset without legend"


def _references(tree):
    ids = tree.xpath("//@id")
    for double in {one for one in ids if ids.count(one) > 1}:
        yield f"the id {double} stands {ids.count(double)} times"
    names = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
    wanted = [(name, part) for name in names for value in tree.xpath(f"//@{name}") for part in value.split()]
    wanted += [("href", href[1:]) for href in tree.xpath("//a/@href") if href.startswith("#")]
    for name, target in wanted:
        if target not in ids:
            yield f"{name} points to #{target}, which is not there"


def _safety(tree):
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name in element.attrib:
            if name == "style" or name.startswith("on"):
                yield f"<{element.tag} {name}=…>: no inline style or script"
        if element.tag == "style":
            yield "a style element"
        if element.tag == "script" and not element.get("src") and element.get("type") != "application/ld+json":
            yield "an inline script"
        for name in ("src", "action", "formaction"):
            if (element.get(name) or "").startswith(("http:", "https:", "//")):
                yield f"<{element.tag}> loads from elsewhere: {element.get(name)}"
        href = element.get("href") or ""
        if element.tag == "a" and href.lower().startswith(("javascript:", "data:", "vbscript:")):
            yield f"a dangerous link: {href[:60]}"


def _words_left_over(tree):
    text = " ".join(tree.xpath("//body//text()[not(ancestor::textarea)]"))
    for found in re.findall(r"%\(\w+\)s|\{\{|\{%|<Lazy|<function|Undefined", text):
        yield f"left over in the text: {found}"
    for number, form in enumerate(tree.iter("form")):
        if (form.get("method") or "get").lower() == "post" and not form.xpath(
            ".//input[@name='csrf_token'][@value != '']"
        ):
            yield f"form {number} posts to {form.get('action')} without csrf_token"


class Form:
    """A form on a page: what it asks, what it already holds, and what it would send."""

    def __init__(self, element, page):
        self.element = element
        self.page = page
        self.method = (element.get("method") or "get").upper()

    @property
    def inputs(self):
        own = self.element.xpath(f".//*[{_LABELLED}]")
        if self.element.get("id"):
            own += self.element.getroottree().xpath(f"//*[@form=$id][{_LABELLED}]", id=self.element.get("id"))
        return [one for one in own if one.get("name") and one.get("disabled") is None]

    @property
    def names(self):
        return {one.get("name") for one in self.inputs}

    @property
    def buttons(self):
        found = self.element.xpath(".//button[not(@type='button')]|.//input[@type='submit']")
        if self.element.get("id"):
            found += self.element.getroottree().xpath("//button[@form=$id]", id=self.element.get("id"))
        return found

    def answers_to(self, which):
        return (
            which == self.element.get("id")
            or which in (self.element.get("action") or "")
            or which in _words(self.element)
        )

    def describe(self):
        return f"{self.method} {self.element.get('action') or '(here)'}: {sorted(self.names)}"

    def values(self):
        """What the form would send untouched: values by name."""
        found = {}
        for one in self.inputs:
            name, kind = one.get("name"), one.get("type", "text")
            if one.tag == "select":
                chosen = [
                    option.get("value", _words(option))
                    for option in one.iter("option")
                    if option.get("selected") is not None
                ]
                if not chosen and one.get("multiple") is None:
                    chosen = [option.get("value", _words(option)) for option in one.iter("option")][:1]
                found.setdefault(name, []).extend(chosen)
            elif kind in ("checkbox", "radio"):
                if one.get("checked") is not None:
                    found.setdefault(name, []).append(one.get("value", "on"))
            elif kind not in ("submit", "button", "image", "file"):
                value = one.text or "" if one.tag == "textarea" else one.get("value", "")
                found.setdefault(name, []).append(value.removeprefix("\n") if one.tag == "textarea" else value)
        return found

    def choices(self, name):
        """The values a field offers, or None when anything may be typed."""
        offered = []
        for one in self.inputs:
            if one.get("name") != name:
                continue
            if one.tag == "select":
                offered += [
                    option.get("value", _words(option))
                    for option in one.iter("option")
                    if option.get("disabled") is None
                ]
            elif one.get("type") in ("checkbox", "radio"):
                offered.append(one.get("value", "on"))
            else:
                return None
        return offered

    def filled(self, fields, button=None):
        """The answers to send. Fails on a field or a choice that the form does not show."""
        answers = self.values()
        for name, given in fields.items():
            assert name in self.names, f"{self.page.path} does not ask for {name!r}; it asks for {sorted(self.names)}"
            answers[name] = self._answer(name, given)
        if button is not None:
            pressed = self._button(button)
            if pressed.get("name"):
                answers[pressed.get("name")] = [pressed.get("value", "")]
        return {name: values for name, values in answers.items() if values}

    def _answer(self, name, given):
        offered = self.choices(name)
        if given is None or given is False:
            return []
        if given is True:
            assert offered and len(offered) == 1, f"{name!r} is no single checkbox: {offered}"
            return offered
        if isinstance(given, tuple) or hasattr(given, "read"):
            return [given]
        many = given if isinstance(given, list) else [given]
        for value in many:
            assert offered is None or str(value) in offered, f"{name!r} does not offer {value!r}, only {offered}"
        return [str(value) for value in many]

    def _button(self, words):
        for one in self.buttons:
            if words in (_words(one), one.get("value")) or words in _words(one):
                return one
        raise AssertionError(f"no button {words!r} on {self.page.path}: {[_words(one) for one in self.buttons]}")

    def address(self, button=None):
        """Where the form is sent, empty for the page itself."""
        pressed = self._button(button) if button is not None else None
        action = (pressed.get("formaction") if pressed is not None else None) or self.element.get("action")
        return action or self.page.path

    def encoding(self, answers):
        return {"content_type": "multipart/form-data"} if self.element.get("enctype") == "multipart/form-data" else {}
