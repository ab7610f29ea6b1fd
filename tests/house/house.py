"""The house's rules, as docs/design.md and CONTRIBUTING.md have them: which folders may include which, how large they and public headers
are, that no two types of a namespace and no two sources have one name, and how wide a line of a document's prose is.

    house.py ROOT
"""

import collections
import pathlib
import re
import sys

PARTS = ("lib", "gtest_plugin", "repair", "tools")
# Where documents are, besides the root: no build folders.
DOCUMENT_FOLDERS = PARTS + ("bench", "cmake", "docs", "examples", "scripts", "tests")
MOST_SOURCES = 15  # at the top of a folder
MOST_LINES = 200  # of a public header
MOST_COLUMNS = 120  # of a line of prose
# Of a program each.
NAMES_OF_SEVERAL = {"main.cpp"}
# To be renamed; a name goes from here with its last namesake, and none comes.
NAMESAKES = {
    "archive.hpp", "corpus.hpp", "document.cpp", "document.hpp", "environment.cpp", "environment.hpp", "file.cpp", "file.hpp", "graph.cpp",
    "graph.hpp", "html_report.cpp", "html_report.hpp", "image.hpp", "output_folder.cpp", "output_folder.hpp"}
# Where quoted includes are looked for, besides the folder of the file.
INCLUDE_FOLDERS = ("lib", "lib/include", "gtest_plugin/src", "gtest_plugin/include", "repair/src", "repair/include")


def sources(root, *suffixes):
    for part in PARTS:
        yield from (path for path in sorted((root / part).rglob("*")) if path.suffix in suffixes)


def includes_between_folders(root):
    """Folder -> folder -> a file of the first that includes one of the second."""
    graph = collections.defaultdict(dict)
    for path in sources(root, ".cpp", ".hpp"):
        for name in re.findall(r'^#include "(.+)"', path.read_text(), re.MULTILINE):
            candidates = [root / folder / name for folder in INCLUDE_FOLDERS] + [path.parent / name]
            found = next((candidate for candidate in candidates if candidate.exists()), None)
            if found and found.parent != path.parent:
                graph[path.parent.relative_to(root)].setdefault(found.parent.relative_to(root), path.relative_to(root))
    return graph


def cycle_in(graph):
    """Folders that include one another in a ring; none: []."""
    done, way = set(), []

    def walk(folder):
        if folder in way:
            return way[way.index(folder) :] + [folder]
        if folder in done:
            return []
        way.append(folder)
        for other in sorted(graph.get(folder, {})):
            ring = walk(other)
            if ring:
                return ring
        way.pop()
        done.add(folder)
        return []

    for folder in sorted(graph):
        ring = walk(folder)
        if ring:
            return ring
    return []


def types_of(path):
    """The types that a file declares in named namespaces, with these."""
    names, scopes, depth = [], [], 0
    for line in path.read_text().splitlines():
        code = re.sub(r"//.*|\"(\\.|[^\"])*\"|'(\\.|[^'])'", "", line)
        namespace = re.match(r"\s*namespace ([\w:]*) ?\{", code)
        if namespace:
            scopes.append((depth, namespace.group(1)))
        declared = re.match(r"\s*(?:struct|class|enum class) (\w+)(?: final)?(?: :[^:{][^{]*)? ?\{", code)
        if declared and len(scopes) == depth and all(name for _, name in scopes):
            names.append("::".join([name for _, name in scopes] + [declared.group(1)]))
        depth += code.count("{") - code.count("}")
        while scopes and depth <= scopes[-1][0]:
            scopes.pop()
    return names


def namesakes(root):
    """Name -> the files of it, where there are several."""
    places = collections.defaultdict(list)
    for path in sources(root, ".cpp", ".hpp"):
        places[path.name].append(str(path.relative_to(root)))
    return {name: files for name, files in places.items() if len(files) > 1 and name not in NAMES_OF_SEVERAL}


def documents(root):
    yield from sorted(root.glob("*.md"))
    for folder in DOCUMENT_FOLDERS:
        yield from sorted((root / folder).rglob("*.md"))


def wide_lines(path):
    """Number and columns of each line of prose that is too wide: not of code, tables, what a script writes between its comments, or a
    line that cannot be broken."""
    fence, written = "", False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if fence:
            fence = "" if mark and mark.group(1).startswith(fence) else fence
        elif mark:
            fence = mark.group(1)
        elif re.match(r"<!-- (begin|end) ", line):
            written = line.startswith("<!-- begin")
        elif len(line) > MOST_COLUMNS and not written and not line.lstrip().startswith("|"):
            item = re.sub(r"^\s*([-*+]|\d+\.)\s", "", line)
            if len(re.sub(r"`[^`]*`", "code", item).split()) > 1:
                yield number, len(line)


def mistakes(root, known_namesakes=frozenset()):
    graph = includes_between_folders(root)
    ring = cycle_in(graph)
    for folder, other in zip(ring, ring[1:]):
        yield f"{folder} and {other} include one another in a ring: {graph[folder][other]}"
    count = collections.Counter(path.parent for path in sources(root, ".cpp"))
    for folder, number in sorted(count.items()):
        if number > MOST_SOURCES:
            yield f"{folder.relative_to(root)} has {number} sources, at most {MOST_SOURCES} are a folder's: it has a second subject"
    for header in sorted(header for part in PARTS for header in (root / part / "include").rglob("*.hpp")):
        lines = len(header.read_text().splitlines())
        if lines > MOST_LINES:
            yield f"{header.relative_to(root)} has {lines} lines, at most {MOST_LINES} are a public header's"
    places = collections.defaultdict(set)
    for path in sources(root, ".cpp", ".hpp"):
        for name in types_of(path):
            places[name].add(str(path.relative_to(root)))
    for name, files in sorted(places.items()):
        if len(files) > 1:
            yield f"{name} is declared in {' and in '.join(sorted(files))}: one of them is the other's undefined behaviour"
    found = namesakes(root)
    for name in sorted(found.keys() - known_namesakes):
        yield f"{' and '.join(found[name])} have one name: a file's name says where to look"
    for name in sorted(known_namesakes - found.keys()):
        yield f"{name} is one file's name by now: take it from NAMESAKES in tests/house/house.py"
    for document in documents(root):
        for number, columns in wide_lines(document):
            yield (f"{document.relative_to(root)}:{number} has {columns} columns, at most {MOST_COLUMNS} are a line of prose's: "
                   "break it where a sentence or a clause ends")


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(mistakes(root, NAMESAKES))
    print("\n".join(found) or "the house is in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
