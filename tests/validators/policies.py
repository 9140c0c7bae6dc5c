"""Judges the policies that we ship by parliament's rules: no finding at all."""

import sys

from parliament import analyze_policy_string

findings = 0
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        for finding in analyze_policy_string(file.read()).findings:
            findings += 1
            print(f"{path}: {finding.issue}: {finding.detail} {finding.location}", file=sys.stderr)
print(f"{len(sys.argv) - 1} policies, {findings} findings")
sys.exit(1 if findings else 0)
