"""Judges the branches of an llvm-cov export (JSON, on standard input): coverage_branches.py JUSTIFIED [--missing].

A branch counts once, however often its code was compiled (templates). One that only a macro has, like the
return of PALERMO_RETURN_IF_ERROR, counts at the macro's place. A PALERMO_CHECK is left out: its other branch
is an own bug, which stops the process.

Each line of JUSTIFIED is `file | code | why no test can take it`; the code is that of the branch, or the whole
line that has it. Ends with 1 when a branch is neither taken nor justified, or when a justification is for
nothing.
"""
import json
import os
import sys


def short(filename):
    """Relative to the repository, which is the working folder. An object out of ccache may have been compiled in
    another copy of it, and then names that one."""
    parts = [part for part in os.path.normpath(filename).split("/") if part not in ("", "..")]
    for first in range(len(parts)):
        name = "/".join(parts[first:])
        if os.path.isfile(name):
            return name
    sys.exit(f"coverage: {filename} is no file of this repository; build again without ccache (CCACHE_DISABLE=1)")


def text_of(lines, region):
    first, begin, last, end = region
    if first == last:
        text = lines[first - 1][begin - 1:end - 1]
    else:
        text = " ".join([lines[first - 1][begin - 1:]] + lines[first:last - 1] + [lines[last - 1][:end - 1]])
    return " ".join(text.split())


def add_branches(file, found):
    """Place -> part -> [how often true, how often false], each place once."""
    for branch in file.get("branches", []):
        taken = found.setdefault(tuple(branch[:4]), {}).setdefault((), [0, 0])
        taken[0] += branch[4]
        taken[1] += branch[5]
    for expansion in file.get("expansions", []):
        place = tuple(expansion["source_region"][:4])
        for branch in expansion["branches"]:
            taken = found.setdefault(place, {}).setdefault(tuple(branch[:4]), [0, 0])
            taken[0] += branch[4]
            taken[1] += branch[5]


def read_justified(path):
    justified = {}
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != 3 or not all(parts):
            sys.exit(f"{path}:{number}: not `file | code | reason`")
        justified[parts[0], parts[1]] = parts[2]
    return justified


def main():
    path = sys.argv[1]
    justified = read_justified(path)
    used, open_places, shown = set(), [], []
    total = taken = excused = 0
    found = {}
    for file in json.load(sys.stdin)["data"][0]["files"]:
        add_branches(file, found.setdefault(short(file["filename"]), {}))
    for name in sorted(found):
        lines = open(name, encoding="utf-8").read().split("\n")
        for place, parts in sorted(found[name].items()):
            whole = " ".join(lines[place[0] - 1].split())
            code = text_of(lines, place)
            if "PALERMO_CHECK" in whole:
                continue
            for counts in parts.values():
                total += 2
                missing = [word for word, count in zip(("true", "false"), counts) if count == 0]
                taken += 2 - len(missing)
                if not missing:
                    continue
                key = next((k for k in ((name, code), (name, whole)) if k in justified), None)
                shown_code = whole if code.startswith("PALERMO_") else code
                line = f"{name}:{place[0]}: never {' nor '.join(missing)}: {shown_code}"
                if key is None:
                    open_places.append(line)
                else:
                    used.add(key)
                    excused += len(missing)
                    shown.append(f"{line}\n    {justified[key]}")
    if "--missing" in sys.argv[2:]:
        print("\n".join(shown))
    for line in open_places:
        print("NOT TAKEN " + line)
    stale = [key for key in justified if key not in used]
    for name, code in stale:
        print(f"JUSTIFIED FOR NOTHING {name} | {code}")
    print(f"branches: {taken} of {total} taken ({100 * taken / total:.1f} %), {excused} justified in {path}, "
          f"{total - taken - excused} open")
    good = not open_places and not stale
    print("coverage: every branch is taken by a test or justified" if good else "coverage: FAILED")
    sys.exit(0 if good else 1)


main()
