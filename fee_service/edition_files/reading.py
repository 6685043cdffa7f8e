"""Reads the folder pricing_tables/ once, at the start: all of it is right, or every fault is told.

What the files look like stands in pricing_tables/README.md; what they may hold in `schemas.edition_files`;
what must agree between them in `checks`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from marshmallow import Schema, ValidationError

from fee_service.edition_files import asked_for, companies, item_words, running_contracts, values
from fee_service.edition_files.checks import (
    check_documents,
    check_name,
    check_policy,
    check_price_list,
    check_sources,
    check_succession,
)
from fee_service.edition_files.contract_terms import check_terms
from fee_service.edition_files.faults import EditionFault, EditionFaults, EditionFile, dotted, flattened
from fee_service.edition_files.naming_checks import check_apis, check_covered_by, check_services
from fee_service.edition_files.plain_yaml import Path as FieldPath
from fee_service.edition_files.plain_yaml import read_plain_yaml
from fee_service.edition_files.unit_checks import check_partial_months, check_units
from fee_service.published.editions import Editions
from schemas.edition_files import (
    ApisSchema,
    CompanySizesSchema,
    ContractRulesSchema,
    ItemNamesSchema,
    OnboardingSchema,
    PlatformServicesSchema,
    PriceListSchema,
    WaiverPolicySchema,
)

SINGLE_FILES: dict[str, type[Schema]] = {
    "apis.yaml": ApisSchema,
    "company_sizes.yaml": CompanySizesSchema,
    "contract_rules.yaml": ContractRulesSchema,
    "item_names.yaml": ItemNamesSchema,
    "onboarding.yaml": OnboardingSchema,
    "platform_services.yaml": PlatformServicesSchema,
}
EDITION_FOLDERS: dict[str, type[Schema]] = {
    "price_lists": PriceListSchema,
    "waiver_policies": WaiverPolicySchema,
}


def read_editions(folder: Path) -> Editions:
    """All editions of a folder. Raises EditionFaults with every fault of every file."""
    stray = list(_stray(folder))
    single = {name: _read(folder, name, schema()) for name, schema in SINGLE_FILES.items()}
    lists, policies = (_read_all(folder, name, schema()) for name, schema in EDITION_FOLDERS.items())
    files = [*single.values(), *lists, *policies]
    _check(single, lists, policies)
    priced = all(file.content is not None and not file.faults for file in (*lists, single["platform_services.yaml"]))
    price_lists = tuple(values.price_list(file) for file in lists) if priced else ()
    if priced and single["item_names.yaml"].content is not None:
        services = asked_for.service_table(single["platform_services.yaml"])
        item_words.check_item_names(single["item_names.yaml"], price_lists, services)
    faults = [fault for file in files for fault in file.faults] + stray
    if faults:
        raise EditionFaults(faults)
    return Editions(
        price_lists=price_lists,
        policies=tuple(values.waiver_policy(file) for file in policies),
        catalogue=asked_for.catalogue(single["apis.yaml"], single["platform_services.yaml"]),
        company_sizes=companies.company_sizes(single["company_sizes.yaml"]),
        onboarding=companies.onboarding(single["onboarding.yaml"]),
        services=asked_for.service_table(single["platform_services.yaml"]),
        contract_rules=running_contracts.contract_rules(single["contract_rules.yaml"]),
        item_words=item_words.item_words(single["item_names.yaml"]),
    )


# -- files -----------------------------------------------------------------------------------------------


def _stray(folder: Path) -> Iterator[EditionFault]:
    """What stands in the folder and would be passed over in silence, or is missing as a whole."""
    if not folder.is_dir():
        hint = "Check the folder's name; FEE_SERVICE_PRICING_TABLES names another one."
        yield EditionFault(str(folder), 1, "", "is not a folder that can be read", hint)
        return
    for name in _entries(folder):
        if name not in (*SINGLE_FILES, *EDITION_FOLDERS, "README.md"):
            hint = f"Known here: {', '.join((*SINGLE_FILES, *EDITION_FOLDERS))}."
            yield EditionFault(name, 1, "", "is not a file or folder of the price tables", hint)
    for part in EDITION_FOLDERS:
        names = _entries(folder / part)
        if not any(name.endswith(".yaml") for name in names):
            yield EditionFault(part, 1, "", "holds no file that ends with .yaml", "Add at least one.")
        for name in names:
            if not name.endswith((".yaml", ".md")):
                hint = "Let its name end with .yaml, or remove it."
                yield EditionFault(f"{part}/{name}", 1, "", "is not read", hint)


def _entries(folder: Path) -> list[str]:
    """The names in a folder, hidden ones and backups of editors left out."""
    try:
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".") and path.name[-1] != "~")
    except OSError:
        return []


def _read_all(folder: Path, part: str, schema: Schema) -> list[EditionFile]:
    names = [name for name in _entries(folder / part) if name.endswith(".yaml")]
    return [_read(folder, f"{part}/{name}", schema) for name in names]


def _read(folder: Path, name: str, schema: Schema) -> EditionFile:
    """One file, read and checked field by field."""
    file = EditionFile(name)
    try:
        raw = (folder / name).read_bytes()
    except OSError as error:
        if folder.is_dir():  # else that is the fault
            file.fault((), f"cannot be read: {error.strerror}", "Check that the file exists and may be read.")
        return file
    file.sha256 = hashlib.sha256(raw).hexdigest()
    text = read_plain_yaml(raw)
    file.lines = text.lines
    for fault in text.faults:
        file.faults.append(EditionFault(name, fault.line, dotted(fault.path), fault.message, fault.hint))
    try:
        content = schema.load(text.content)
    except ValidationError as error:
        _add_refusals(file, error, said={fault.path for fault in text.faults})
    else:
        if not text.faults:
            file.content = content
    return file


def _add_refusals(file: EditionFile, error: ValidationError, said: set[FieldPath]) -> None:
    """The faults of the fields, without those of values that could not even be read."""
    for path, message in flattened(error.messages):
        if path not in said:
            what, _, hint = message.partition("\n")
            file.fault(path, what, hint)


def _check(single: Mapping[str, EditionFile], lists: Sequence[EditionFile], policies: Sequence[EditionFile]) -> None:
    """Checks within and between files; one that could not be read is no reason for faults of others."""
    for file in (*single.values(), *lists, *policies):
        if file.content is not None and "sources" in file.content:
            check_sources(file)
    for kind, dated in ((lists, True), (policies, False)):
        usable = [file for file in kind if file.content is not None]
        for file in usable:
            check_name(file, dated=dated)
        if len(usable) == len(kind):
            check_succession(usable)
    for file in lists:
        if file.content is not None:
            check_price_list(file)
            check_terms(file)
            check_units(file)
    _check_between(single, lists, policies)


def _check_between(
    single: Mapping[str, EditionFile], lists: Sequence[EditionFile], policies: Sequence[EditionFile]
) -> None:
    apis, onboarding = single["apis.yaml"], single["onboarding.yaml"]
    lists_read = all(file.content is not None for file in lists)
    for policy in policies:
        if lists_read and policy.content is not None:
            check_policy(policy, lists)
            check_partial_months(policy, lists)
    services = single["platform_services.yaml"]
    if apis.content is not None and services.content is not None:
        check_apis(apis, services)
        check_services(services, apis)
    if apis.content is not None and lists_read:
        check_covered_by(apis, lists)
    if onboarding.content is not None and all(file.content is not None for file in policies):
        check_documents(onboarding, policies)
