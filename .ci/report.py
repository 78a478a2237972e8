"""Licences and known advisories of everything installed: a report, and never a verdict.

Whether the advisory service can be reached is not the change's fault.
"""

import json
import subprocess
import sys
from collections import defaultdict
from importlib.metadata import Distribution, distributions
from typing import Any

PATIENCE = 120  # seconds


def licence(distribution: Distribution) -> str:
    """Return what a distribution says of its licence, in a few words."""
    about = distribution.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = about.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ")]
    text = str(about.get("License") or "").strip()
    return " and ".join(sorted(set(named))) or text.partition("\n")[0][:60] or "not said"


def licences() -> str:
    """List the licences, each with its packages."""
    packages = defaultdict(set)
    for distribution in distributions():
        packages[licence(distribution)].add(f"{distribution.name} {distribution.version}")
    lines = [f"  {name}: {', '.join(sorted(found))}" for name, found in sorted(packages.items())]
    return "\n".join(["Licences:", *lines])


def advisories() -> str:
    """List what is known against the packages, or say why it is not known."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            [*command, "--timeout", "10"], capture_output=True, text=True, timeout=PATIENCE
        )
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return "Advisories: the service could not be reached."
    asked = [package for package in found if "vulns" in package]
    if not asked:
        return "Advisories: the service knows none of the packages, or could not be reached."
    lines = [
        f"  {package['name']} {package['version']}: {advisory['id']}, "
        f"fixed in {', '.join(advisory['fix_versions']) or 'no version yet'}"
        for package in asked
        for advisory in package["vulns"]
    ]
    head = f"Advisories: {len(lines)} for {len(asked)} packages; "
    return "\n".join([f"{head}{len(found) - len(asked)} are not known to the service.", *lines])


if __name__ == "__main__":
    print(licences(), advisories(), sep="\n\n")
