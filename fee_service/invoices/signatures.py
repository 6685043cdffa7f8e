"""Whether an e-tax invoice is as it was signed: told beside its lines, never a reason not to judge them.

`valid` says that nothing was changed since it was signed with the certificate inside; who gave that certificate is not
looked at. xmlsec checks it where requirements-signatures.txt is installed; signatures of another form than the one that
e-tax invoices have are not checked, since what they name could be anything.
"""

from __future__ import annotations

import re
from base64 import b64decode
from enum import StrEnum
from typing import Any

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
MOST_CHECKED = 200  # invoices of a file: each takes milliseconds
LARGEST = 200_000  # bytes of an invoice that is checked
_C14N = ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2001/10/xml-exc-c14n#")
_XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_METHOD, _DIGEST = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"
_SIGNED = re.compile(  # all but what is added when the invoice is sent, and the signature
    r"not\(self::\*\[name\(\)=['\"]TaxInvoice['\"]\]\|ancestor-or-self::\*\[name\(\)=['\"]ExchangedDocument['\"]\]"
    r"\|ancestor-or-self::(?:ds|dsig):Signature\)"
)


class Signature(StrEnum):
    """What is known of the signature of an invoice."""

    ABSENT = "absent"
    VALID = "present, valid"
    NOT_VALID = "present, not valid"
    NOT_CHECKED = "present, not checked"


def signature_of(invoice: Any, is_whole: bool) -> Signature:
    """The signature of an invoice; `is_whole`: the invoice is all of its document, and is to be checked."""
    signature = invoice.find(f"{DSIG}Signature")
    if signature is None:
        return Signature.ABSENT
    if not is_whole:
        return Signature.NOT_CHECKED
    texts = [signature.findtext(path) for path in _VALUES]
    try:
        digest, value, certificate = (b64decode("".join((text or "").split()), validate=True) for text in texts)
    except ValueError:
        return Signature.NOT_VALID  # no Base64 at all
    if not all(texts) or not _is_usual(signature):
        return Signature.NOT_CHECKED
    if len(digest) != 32 or len(value) < 128:
        return Signature.NOT_VALID
    return _checked(signature, certificate)


_INFO = f"{DSIG}SignedInfo"
_VALUES = (
    f"{_INFO}/{DSIG}Reference/{DSIG}DigestValue",
    f"{DSIG}SignatureValue",
    f"{DSIG}KeyInfo/{DSIG}X509Data/{DSIG}X509Certificate",
)


def _is_usual(signature: Any) -> bool:
    """Whether it signs this document alone, in the way of e-tax invoices."""
    references = signature.findall(f"{_INFO}/{DSIG}Reference")
    if len(references) != 1 or references[0].get("URI") != "" or signature.find(f".//{DSIG}Object") is not None:
        return False
    named = [signature.find(f"{_INFO}/{DSIG}{name}") for name in ("CanonicalizationMethod", "SignatureMethod")]
    digest = references[0].find(f"{DSIG}DigestMethod")
    told = [None if each is None else each.get("Algorithm") for each in (*named, digest)]
    return told[0] in _C14N and told[1:] == [_METHOD, _DIGEST] and _are_usual(references[0].iter(f"{DSIG}Transform"))


def _are_usual(transforms: Any) -> bool:
    paths = 0
    for transform in transforms:
        kind = transform.get("Algorithm")
        text = re.sub(r"\s", "", transform.findtext(f"{DSIG}XPath") or "")
        if kind == _XPATH and _SIGNED.fullmatch(text):
            paths += 1
        elif kind not in _C14N:
            return False
    return paths == 1


def _checked(signature: Any, certificate: bytes) -> Signature:
    try:
        import xmlsec
    except ImportError:
        return Signature.NOT_CHECKED
    context = xmlsec.SignatureContext()
    try:
        context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertDer)
        context.verify(signature)
    except (xmlsec.Error, ValueError):
        return Signature.NOT_VALID
    return Signature.VALID
