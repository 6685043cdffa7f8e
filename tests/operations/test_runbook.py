"""What is written for whoever is called at night fits the service: codes, metrics, labels, routes, commands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from flask import Flask

from fee_service.cli import main
from fee_service.operations.metrics import JobsStanding, registry
from fee_service.settings import REPOSITORY
from fee_service.storage.faults import _POSTGRESQL_CODES
from fee_service.wording.faults import FAULTS

RUNBOOK = (REPOSITORY / "docs" / "runbook.md").read_text()
GUIDE = (REPOSITORY / "docs" / "deployment.md").read_text()
ALARMS: list[dict[str, Any]] = yaml.safe_load((REPOSITORY / "docs" / "alarms.yml").read_text())["groups"][0]["rules"]
SECTIONS = dict(part.split("\n", 1) for part in RUNBOOK.split("\n## ")[1:])
NO_CODES = {"Down", "Slow", "Waiting"}
OF_SELECTOR = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


def unavailable_codes() -> set[str]:
    """Every code of a 503: of faults of the storage, of readiness, of what is full."""
    found = set(_POSTGRESQL_CODES.values())
    for path in (REPOSITORY / "fee_service").rglob("*.py"):
        source = path.read_text()
        for name, code in calls_with_a_text(ast.parse(source)):
            refuses = "503" in source or "SERVICE_UNAVAILABLE" in source
            if name == "StorageError" or (name == "Fault" and refuses and path.stem in ("health", "press", "worker")):
                found.add(code)
            if name == "bad":
                found.add(code)
    found |= set(re.findall(r'return "(storage_\w+)"', (REPOSITORY / "fee_service/storage/faults.py").read_text()))
    return found - {"bad_request", "head_too_large", "body_too_large"}


def calls_with_a_text(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if isinstance(node.args[0].value, str):
                yield name, node.args[0].value


# -- the runbook -------------------------------------------------------------------------------------------


def test_the_codes_that_are_looked_for_are_found() -> None:
    """So that the next tests test something."""
    assert unavailable_codes() >= {
        *("storage_full", "storage_read_only", "storage_busy", "storage_unavailable", "storage_newer"),
        *("migrations_pending", "no_price_list_today", "rate_limit_storage_unavailable"),
        *("documents_busy", "too_many_callers"),
    }


@pytest.mark.parametrize("code", sorted(unavailable_codes()))
def test_each_cause_of_a_503_has_its_section(code: str) -> None:
    """Under its code, which callers and logs show: what is seen, why, what to do."""
    assert code in FAULTS
    parts = re.findall(r"\*\*(Symptom|Cause|What to do)\.\*\*(.+)", SECTIONS[code])
    assert [name for name, _ in parts] == ["Symptom", "Cause", "What to do"]
    assert all(len(text) > 20 for _, text in parts)


def test_no_section_is_about_what_no_longer_is() -> None:
    """A code that was renamed takes its section with it."""
    assert set(SECTIONS) - NO_CODES <= set(FAULTS)


@pytest.mark.parametrize(
    "text", [RUNBOOK, GUIDE, (REPOSITORY / "SECURITY.md").read_text()], ids=["runbook", "guide", "security"]
)
def test_commands_that_are_named_exist(text: str) -> None:
    """`python -m fee_service …` as it is written can be called."""
    written = re.findall(r"python -m fee_service ((?:[a-z-]+ ?)+)", text)
    assert written
    for line in written:
        command: click.Command = main
        for word in line.split():
            if not isinstance(command, click.Group):
                break
            found = command.get_command(click.Context(command), word)
            assert found is not None, line
            command = found


# -- alarms ------------------------------------------------------------------------------------------------


def known_metrics() -> dict[str, set[str]]:
    """Every sample that /metrics can show, with its labels; and the one of Prometheus itself."""
    found = {"up": {"job", "instance"}}
    for family in registry.collect():
        labels = set(registry._names_to_collectors[family.name]._labelnames)  # type: ignore[attr-defined]
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}[family.type]
        for suffix in suffixes:
            found[family.name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    for gauge in JobsStanding(0, 0, 0.0).collect():
        found[gauge.name] = {label for sample in gauge.samples for label in sample.labels}
    return found


def selectors(expression: str) -> Iterator[tuple[str, str]]:
    yield from re.findall(r"\b(up|fee_service_\w+)(?:\{([^}]*)\})?", expression)


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm["alert"])
def test_an_alarm_asks_for_what_there_is(alarm: dict[str, Any], app: Flask) -> None:
    """Metrics, labels, codes and routes by the names that the service gives them."""
    expression = alarm["expr"]
    assert expression.count("(") == expression.count(")")
    routes = {rule.rule for rule in app.url_map.iter_rules()} | {"unmatched"}
    metrics = known_metrics()
    asked = list(selectors(expression))
    assert asked
    for name, inside in asked:
        assert name in metrics, name
        for label, _, value in OF_SELECTOR.findall(inside):
            assert label in metrics[name], (name, label)
            if label == "code":
                assert set(value.split("|")) <= set(FAULTS)
            if label == "route":
                assert any(re.fullmatch(value, route) for route in routes)
            if label == "status":
                assert re.fullmatch(r"[1-5]\d\d", value)


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm["alert"])
def test_an_alarm_says_what_to_do(alarm: dict[str, Any]) -> None:
    """It names a section of the runbook, and how urgent it is."""
    file, _, section = alarm["annotations"]["runbook"].partition("#")
    assert (REPOSITORY / file).is_file()
    assert section in {title.lower() for title in SECTIONS}
    assert alarm["labels"]["severity"] in ("page", "ticket")
    assert alarm["annotations"]["summary"]


def test_each_code_of_a_503_has_an_alarm() -> None:
    """None of them is silent."""
    told = "|".join(
        value for alarm in ALARMS for label, _, value in OF_SELECTOR.findall(alarm["expr"]) if label == "code"
    )
    assert set(told.split("|")) == unavailable_codes()


# -- the guide ---------------------------------------------------------------------------------------------


def test_the_unit_gives_up_after_starts_that_fail() -> None:
    """It waits between two starts, and does not start for ever what cannot start."""
    unit = dict(re.findall(r"(?m)^    (\w+)=(.*)$", GUIDE.split("fee-service.service`:")[1].split("[Install]")[0]))
    seconds = {name: int(unit[name]) for name in ("RestartSec", "StartLimitIntervalSec", "StartLimitBurst")}
    assert unit["Restart"] == "on-failure"
    assert seconds["RestartSec"] * seconds["StartLimitBurst"] < seconds["StartLimitIntervalSec"]
    head = GUIDE.split("[Service]")[0]
    assert "StartLimitIntervalSec" in head
    assert "StartLimitBurst" in head


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/metrics//", "/metrics/x"])
def test_nginx_closes_the_metrics_however_they_are_written(path: str) -> None:
    """A prefix: the service answers /metrics/ as it answers /metrics."""
    block = GUIDE.split("server {", 1)[1]
    prefixes = re.findall(r"location (?:\^~ )?(/\S*) \{", block)
    longest = max((prefix for prefix in prefixes if path.startswith(prefix)), key=len)
    assert re.search(rf"location (?:\^~ )?{longest} \{{ return 404; \}}", block)


def test_files_that_the_guide_names_are_there() -> None:
    """Links and paths of this repository."""
    for text in (RUNBOOK, GUIDE):
        for name in re.findall(r"`((?:docs|pricing_tables|tests)/[\w./-]+)`", text):
            assert (REPOSITORY / name).exists(), name
    assert Path(REPOSITORY / "requirements.lock").is_file()
