"""Tables of the figures, on the screen and in README."""

from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- speed:begin -->", "<!-- speed:end -->"
GROUPS = {
    "letter": "One letter",
    "many": "Many pictures",
    "process": "Whole processes",
    "running": "The running app",
    "training": "Training",
}


def screen_table(group: str, figures: list[dict[str, Any]]) -> str:
    """A group's figures in aligned columns."""
    rows = [(f["what"], _amount(f), goal(f), _verdict(f)) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"{what:<{widths[0]}}  {value:>{widths[1]}}  {wanted:<{widths[2]}}  {verdict}".rstrip()
        for what, value, wanted, verdict in rows
    ]
    return "\n".join(["", GROUPS[group], *lines])


def readme_table(results: dict[str, Any]) -> str:
    """The figures that have a goal, as a Markdown table, and what they were measured on."""
    rows = [
        f"| {f['what']} | {_amount(f)} | {goal(f)} | {_verdict(f)} |"
        for figures in results["groups"].values()
        for f in figures
        if goal(f)
    ]
    if "cold" in results:
        rows.append(_cold_row(results["cold"]))
    machine, versions = results["machine"], results["versions"]
    return "\n".join(
        [
            "| what | measured | goal | |",
            "| --- | --: | --: | --- |",
            *rows,
            "",
            f"Measured on {machine['processor']} with {machine['cores']} cores, "
            f"TensorFlow {versions['tensorflow']}, Gradio {versions['gradio']}, "
            f"Python {versions['python']}; load average {machine['load']} at the start.",
        ]
    )


def write_readme(results: dict[str, Any]) -> None:
    """Put the table between README's markers."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n{readme_table(results)}\n{END}{after}", encoding="utf-8")


def goal(figure: dict[str, Any]) -> str:
    """A figure's goal in words; empty without one."""
    for name, sign in (("at_least", "≥"), ("at_most", "≤")):
        if name in figure:
            return f"{sign} {figure[name]:g} {figure['unit']}"
    return ""


def _cold_row(cold: dict[str, float]) -> str:
    return (
        f"| `make run` in a fresh clone, to the page | {cold['seconds']:.0f} s, "
        f"{cold['megabytes']:.0f} MB of packages | | |"
    )


def _amount(figure: dict[str, Any]) -> str:
    value = figure["value"]
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {figure['unit']}"


def _verdict(figure: dict[str, Any]) -> str:
    return {True: "met", False: "missed"}[figure["met"]] if "met" in figure else ""
