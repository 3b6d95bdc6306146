"""The house rules of ARCHITECTURE §3 as functions: each reads one file and says what it breaks."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

US = "blender_event"
LAYERS = (
    {"core"},
    {"extensions", "config"},
    {"audit"},
    {"mail"},
    {"people"},
    {"programme"},
    {"registrations", "pitches"},
    {"recaps"},
    {"portal", "calendars", "pages", "api"},
    {"admin"},
)
PACKAGES = set().union(*LAYERS)
TOP = len(LAYERS)  # wiring, cli, jobs and the other files beside __init__

WITHOUT_FLASK = {
    "models",
    "rules",
    "queries",
    "actions",
    "notices",
    "facts",
    "entries",
    "release",
    "changes",
    "snapshot",
}
MAY_COMMIT = {"views", "admin", "delivery", "mailings"}
PAGES = {"views", "admin", "forms"}
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "base", "manager", "managers"}
LONGEST = 400
DOORS = {
    "icalendar": r"core/ics\w*\.py",
    "flask_mail": r"mail/delivery\.py",
    "flask_login": r"people/access\.py",
    "obstore": r"core/storage\.py",
    "huey": r"jobs\.py",
}


@dataclass
class File:
    """One Python file: its path from the top of the project and its source."""

    path: str
    source: str
    tree: ast.Module = field(init=False, repr=False)

    def __post_init__(self):
        self.tree = ast.parse(self.source, self.path)

    @property
    def is_ours(self):
        return self.path.startswith(f"{US}/") and "/migrations/" not in self.path

    @property
    def inside(self):
        """The path inside our package: `core/clock.py`."""
        return self.path.removeprefix(f"{US}/")

    @property
    def package(self):
        """The package, or the module when the file stands beside `__init__`."""
        return PurePosixPath(self.inside).parts[0].removesuffix(".py")

    @property
    def word(self):
        """What kind of file it is: `admin` for `admin_rooms.py`."""
        return PurePosixPath(self.path).stem.split("_")[0] or "__init__"

    def imports(self):
        """Every imported module name with its line, with `from x import y` as `x.y`; function-level ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((f"{node.module or ''}.{alias.name}", node) for alias in node.names)


def layer(package):
    """How high a package stands; everything beside `__init__` that is no package stands on top."""
    return next((height for height, names in enumerate(LAYERS) if package in names), TOP)


def imports_point_down(file):
    """Upward and sideways imports, and relative ones, which hide where they point."""
    if not file.is_ours:
        return
    here = layer(file.package)
    for name, node in file.imports():
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"line {node.lineno}: a relative import"
        if name.split(".")[0] != US:
            continue
        other = name.split(".")[1] if name.count(".") else "__init__"
        if other != file.package and layer(other) >= here and here != TOP:
            yield f"line {node.lineno}: {file.package} imports {other}, which is not below it"


def imports_stand_on_top(file):
    """Imports of ours inside a function, where nobody sees them."""
    for function in ast.walk(file.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import) and any(alias.name.split(".")[0] == US for alias in node.names):
                yield f"line {node.lineno}: a hidden import"
            if isinstance(node, ast.ImportFrom) and ((node.module or "").split(".")[0] == US or node.level):
                yield f"line {node.lineno}: a hidden import"
            if isinstance(node, ast.Call) and _name(node.func) in (
                "importlib.import_module",
                "import_module",
                "__import__",
            ):
                yield f"line {node.lineno}: an import by name"


def domain_knows_no_flask(file):
    """Flask, its forms and the signed-in person stay out of the files that say what is and what happens."""
    if not file.is_ours or file.package == "core" or file.word not in WITHOUT_FLASK:
        return
    for name, node in file.imports():
        if name.split(".")[0] in ("flask", "wtforms", "werkzeug") or name.startswith("flask_"):
            yield f"line {node.lineno}: imports {name}"
        if name.startswith((f"{US}.core.forms", f"{US}.core.templating", f"{US}.core.access", f"{US}.people.access")):
            yield f"line {node.lineno}: imports {name}; who acts is an argument"


def foreign_things_have_one_door(file):
    """Libraries that only one file may know, the web session and the clock."""
    if not file.is_ours:
        return
    for name, node in file.imports():
        door = DOORS.get(name.split(".")[0])
        if door and not re.fullmatch(door, file.inside):
            yield f"line {node.lineno}: imports {name}, whose door is {door}"
        if name == "flask.session" and file.inside != "people/access.py":
            yield f"line {node.lineno}: the web session, whose door is people/access.py"
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Attribute):
            continue
        words = _name(node)
        if words == "flask.session" and file.inside != "people/access.py":
            yield f"line {node.lineno}: the web session, whose door is people/access.py"
        if re.fullmatch(r"(datetime\.)?(datetime|date)\.(now|utcnow|today)", words) and file.inside != "core/clock.py":
            yield f"line {node.lineno}: {words}, whose door is core/clock.py"


def edges_commit(file):
    """`commit` belongs to views, organiser pages, delivery, and what stands on top; counters have a connection of their own."""
    if not file.is_ours or layer(file.package) == TOP or file.package == "admin" or file.word in MAY_COMMIT:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and node.attr == "commit" and _name(node) != "connection.commit":
            yield f"line {node.lineno}: {_name(node)}"


def pages_ask_named_questions(file):
    """No query is written in a view or form."""
    if not file.is_ours or file.word not in PAGES | {"portal"}:
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and re.fullmatch(
            r"(\w+\.)?select|db\.session\.(query|execute|scalars?)|\w+\.query\.\w+", _name(node.func)
        ):
            yield f"line {node.lineno}: {_name(node.func)}(…)"


def letters_leave_later(file):
    """No request sends a mail: only the worker and commands know delivery."""
    if not file.is_ours or layer(file.package) == TOP or file.package == "mail":
        return
    for name, node in file.imports():
        if name.startswith(f"{US}.mail.delivery"):
            yield f"line {node.lineno}: imports {name}"


def names_say_what_is_inside(file):
    """No drawers."""
    parts = PurePosixPath(file.path).with_suffix("").parts
    for part in parts:
        found = DRAWERS & set(part.lower().strip("_").split("_"))
        if found:
            yield f"a file or folder named {found.pop()}"


def files_are_short(file):
    lines = file.source.count("\n")
    if lines > LONGEST:
        yield f"{lines} lines, at most {LONGEST}"


def tests_mock_nothing_of_ours(file):
    """No mock library, and no code of ours replaced while a test runs; a constant may be made smaller."""
    if not file.path.startswith("tests/"):
        return
    ours = set()
    for name, node in file.imports():
        if name.startswith(("unittest.mock", "mock.", "pytest_mock")) or name == "mock":
            yield f"line {node.lineno}: imports {name}"
        if name.split(".")[0] == US:
            aliases = {alias.asname or alias.name.split(".")[0] for alias in node.names}
            ours |= aliases
    for node in ast.walk(file.tree):
        if isinstance(node, ast.arg) and node.arg == "mocker":
            yield f"line {node.lineno}: the fixture mocker"
        if isinstance(node, ast.Call) and _name(node.func).endswith("monkeypatch.setattr") and node.args:
            target = node.args[0]
            said = target.value if isinstance(target, ast.Constant) else _name(target)
            is_a_number = isinstance(node.args[1], ast.Constant) and str(node.args[1].value).isupper()
            if str(said).split(".")[0] in ours | {US} and not is_a_number:
                yield f"line {node.lineno}: replaces {said}"
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if (
                    isinstance(target, ast.Attribute)
                    and isinstance(target.value, ast.Name)
                    and target.value.id in ours - {"db"}
                ):
                    yield f"line {node.lineno}: replaces {_name(target)}"


def migrations_stand_alone(file):
    """A migration says what it did for ever: it imports nothing of ours, which changes."""
    if "/migrations/versions/" not in file.path:
        return
    for name, node in file.imports():
        if name.split(".")[0] == US:
            yield f"line {node.lineno}: imports {name}"


def modules_say_what_they_are_for(file):
    """The first line of a module says what it is for; a function says more than `get`."""
    if not file.is_ours:
        return
    if file.source.strip() and not ast.get_docstring(file.tree):
        yield "no docstring"
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef) and re.match(r"(get|handle|process|do)_", node.name):
            yield f"line {node.lineno}: {node.name} says too little"


RULES = (
    imports_point_down,
    imports_stand_on_top,
    domain_knows_no_flask,
    foreign_things_have_one_door,
    edges_commit,
    pages_ask_named_questions,
    letters_leave_later,
    names_say_what_is_inside,
    files_are_short,
    tests_mock_nothing_of_ours,
    migrations_stand_alone,
    modules_say_what_they_are_for,
)


def _name(node):
    """The dotted words of a name or attribute; `?` for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return "?"
