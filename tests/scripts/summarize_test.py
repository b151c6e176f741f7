"""Tests of scripts/lib/summarize.py on reports as ctest 3.25 and GoogleTest write them."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SUMMARIZE = pathlib.Path(__file__).parents[2] / "scripts/lib/summarize.py"

PASSED = '<testcase name="a" status="run"/>'
FAILED = '<testcase name="b" status="fail"><failure message=""/></testcase>'
SKIPPED = '<testcase name="c" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION"/></testcase>'
DISABLED = '<testcase name="d" status="disabled"/>'
MISSING = '<testcase name="e" status="notrun"><skipped message="Unable to find executable: e"/></testcase>'


def summarize(*reports):
    """(last line, exit status) for reports with the given test cases."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, f"{i}.xml") for i in range(len(reports))]
        for path, cases in zip(paths, reports):
            if cases is not None:
                path.write_text(cases)
        result = subprocess.run([sys.executable, SUMMARIZE, *paths], capture_output=True, text=True)
        return result.stdout.splitlines()[-1], result.returncode


def suite(*cases):
    return f"<testsuite>{''.join(cases)}</testsuite>"


def summarize_suites(ctest_cases, suites):
    """The same for a report of ctest, with the reports of the suites that it ran."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "suites").mkdir()
        for name, text in suites.items():
            pathlib.Path(folder, "suites", name).write_text(text)
        report = pathlib.Path(folder, "ctest.xml")
        report.write_text(suite(*ctest_cases))
        result = subprocess.run([sys.executable, SUMMARIZE, report], capture_output=True, text=True)
        return result.stdout.splitlines()


class SummarizeTest(unittest.TestCase):
    def test_counts_passed(self):
        self.assertEqual(summarize(suite(PASSED, PASSED)), ("2 passed, 0 failed", 0))

    def test_counts_failed(self):
        self.assertEqual(summarize(suite(PASSED, FAILED)), ("1 passed, 1 failed", 1))

    def test_counts_skipped(self):
        self.assertEqual(summarize(suite(PASSED, SKIPPED, DISABLED)), ("1 passed, 0 failed, 2 skipped", 0))

    def test_adds_reports_and_nested_suites(self):
        nested = f"<testsuites>{suite(PASSED)}{suite(PASSED)}</testsuites>"
        self.assertEqual(summarize(suite(PASSED), nested), ("3 passed, 0 failed", 0))

    def test_missing_program_is_a_failure(self):
        self.assertEqual(summarize(suite(PASSED, MISSING)), ("1 passed, 1 failed", 1))

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(summarize(suite()), ("0 passed, 0 failed", 1))

    def test_only_skipped_is_a_failure(self):
        self.assertEqual(summarize(suite(SKIPPED))[1], 1)

    def test_unreadable_report_is_a_failure(self):
        self.assertEqual(summarize(suite(PASSED), None), ("1 passed, 1 failed", 1))
        self.assertEqual(summarize("<testsuite>"), ("0 passed, 1 failed", 1))

    def test_counts_the_tests_of_a_suite_instead_of_it(self):
        ran = '<testcase name="cpu/Ops" status="run"/>'
        self.assertEqual(summarize_suites([ran], {"cpu-Ops.xml": suite(PASSED, PASSED, SKIPPED)}),
                         ["2 passed, 0 failed, 1 skipped"])

    def test_names_failed_tests_of_a_suite(self):
        broke = '<testcase name="cpu/Ops" status="fail"><failure/></testcase>'
        self.assertEqual(summarize_suites([broke], {"cpu-Ops.xml": suite(PASSED, FAILED)}),
                         ["failed: cpu/Ops.b", "1 passed, 1 failed"])

    def test_a_suite_that_crashed_is_a_failure(self):
        broke = '<testcase name="cpu/Ops" status="fail"><failure/></testcase>'
        self.assertEqual(summarize_suites([broke], {}), ["failed: cpu/Ops", "0 passed, 1 failed"])
        self.assertEqual(summarize_suites([broke], {"cpu-Ops.xml": suite(PASSED)}),
                         ["failed: cpu/Ops", "1 passed, 1 failed"])


if __name__ == "__main__":
    unittest.main()
