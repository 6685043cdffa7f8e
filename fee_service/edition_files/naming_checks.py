"""What must agree within and between apis.yaml, platform_services.yaml and the price lists: names and references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fee_service.edition_files.checks import check_known
from fee_service.edition_files.faults import EditionFile, dotted
from fee_service.edition_files.plain_yaml import Path
from fee_service.published.catalogue import folded


def check_apis(apis: EditionFile, services: EditionFile) -> None:
    """Every id, name and URI leads to one API, and references to others exist."""
    licences, families = apis.data["licences"], apis.data.get("families", {})
    leads_to: dict[str, str] = {}
    for path, api in _apis(apis.data):
        _check_one_api(apis, path, api, leads_to)
    for path, service in _services(services.data):
        _check_one_api(services, path, service, leads_to)
    for name, licence in licences.items():
        for endpoint, terms in licence.get("endpoints", {}).items():
            needed = terms.get("also_needs")
            if needed is not None and "text" not in licences.get(needed, ()):
                path = ("licences", name, "endpoints", endpoint, "also_needs")
                hint = "Name a licence of this file that is on_request."
                apis.fault(path, f'names "{needed}", which is no licence without a price', hint)
    endpoints = {name for licence in licences.values() for name in licence.get("endpoints", ())}
    for name, family in families.items():
        members = [member for member in family.get("members", ()) if member not in endpoints]
        check_known(apis, ("families", name, "members"), members, licences, "licences")
        known = services.data["services"]
        check_known(apis, ("families", name, "services"), family.get("services", ()), known, "platform_services.yaml")
        without = [one for one in family.get("services", ()) if one in known and "fee" not in known[one]]
        for service in without:
            hint = "Take it out, or let the family be on_request."
            apis.fault(("families", name, "services"), f'names "{service}", which has no fee', hint)


def check_services(services: EditionFile, apis: EditionFile) -> None:
    """A service names a family and a fee of its own file, and licences of apis.yaml."""
    data = services.data
    for name, service in data["services"].items():
        path: Path = ("services", name)
        check_known(services, (*path, "family"), [service["family"]], data["families"], "families")
        check_known(services, (*path, "fee"), [service["fee"]] if "fee" in service else (), data["fees"], "fees")
        check_known(services, (*path, "members"), service.get("members", ()), apis.data["licences"], "apis.yaml")


def _apis(content: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for name, licence in content["licences"].items():
        yield ("licences", name), licence
        for endpoint, terms in licence.get("endpoints", {}).items():
            yield ("licences", name, "endpoints", endpoint), terms
    for name, family in content.get("families", {}).items():
        yield ("families", name), family


def _services(content: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for kind in ("families", "services"):
        for name, terms in content[kind].items():
            yield (kind, name), terms


def _check_one_api(file: EditionFile, path: Path, api: Mapping[str, Any], leads_to: dict[str, str]) -> None:
    """Names are compared as people write them: without regard to case, width, blanks and the like."""
    own = str(path[-1])
    named = [(path, own), ((*path, "ko"), api["ko"]), ((*path, "en"), api["en"])]
    named += [((*path, "also_called", i), name) for i, name in enumerate(api.get("also_called", ()))]
    uris = [((*path, "uri"), api["uri"])] if "uri" in api else []
    uris += [((*path, "also_at", i), uri) for i, uri in enumerate(api.get("also_at", ()))]
    named += [(where, re.sub(r"\{[^}]*\}", "{}", uri)) for where, uri in uris]
    for where, name in named:
        here = f"{file.name} {dotted(path)}"
        other = leads_to.setdefault(folded(name), here)
        if other != here:
            hint = "Every id, name and URI must lead to one API: change one of the two."
            file.fault(where, f'"{name}" leads to {other.removeprefix(f"{file.name} ")} too', hint)


def check_covered_by(apis: EditionFile, lists: Sequence[EditionFile]) -> None:
    """An API is covered by products that a price list has."""
    known = {
        f"{name}:{product}": None
        for file in lists
        for name, contract in file.data["contracts"].items()
        for product in contract["products"]
    }
    for name, licence in apis.data["licences"].items():
        for i, key in enumerate(licence.get("covered_by", ())):
            if key not in known:
                hint = "Correct contract:product, or add the product to a price list."
                apis.fault(("licences", name, "covered_by", i), f'names "{key}", which no price list has', hint)
