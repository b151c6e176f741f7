#!/usr/bin/env python3
"""Totals JUnit files of test runners and prints 'N passed, N failed[, N skipped]' as the last line.

usage: summarize.py REPORT.xml...
Exits with 0 only if something passed and nothing failed.
ctest runs whole suites of GoogleTest: the report of one with the name a/b is suites/a-b.xml beside
ctest's report, and its tests are counted instead of the suite.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    """The outcome of one <testcase>, as ctest and GoogleTest write them."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    # A test whose program is missing was not run: that is a failure.
    if case.get("status") == "notrun" and "Unable to find executable" in str(skip_message(case)):
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def skip_message(case):
    skipped = case.find("skipped")
    return None if skipped is None else skipped.get("message")


def cases(report):
    """[(name, outcome)] of each <testcase> in a report."""
    return [(case.get("name"), outcome(case)) for case in ElementTree.parse(report).getroot().iter("testcase")]


def outcomes(report):
    """(name, outcome) of each test in a report, those of suites one by one."""
    for name, result in cases(report):
        suite = pathlib.Path(report).parent / "suites" / f"{name.replace('/', '-')}.xml"
        tests = cases(suite) if suite.exists() else []
        yield from ((f"{name}.{test}", of_test) for test, of_test in tests)
        # Without a failed test, it was the program that failed: it crashed, or took too long.
        if not tests or (result == "failed" and "failed" not in (of_test for _, of_test in tests)):
            yield name, result


def count(reports):
    """{outcome: number} and the names of failed tests; an unreadable report is a failure."""
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    failed = []
    for report in reports:
        try:
            results = list(outcomes(report))
        except (OSError, ElementTree.ParseError) as error:
            results = [(f"{report}: {error}", "failed")]
        for name, result in results:
            counts[result] += 1
            if result == "failed":
                failed.append(name)
    return counts, failed


def main(reports):
    counts, failed = count(reports)
    for name in failed:
        print(f"failed: {name}")
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    if counts["skipped"]:
        line += f", {counts['skipped']} skipped"
    print(line)
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
