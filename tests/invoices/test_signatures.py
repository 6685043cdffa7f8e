"""What is told of the signature of an e-tax invoice: whether it is there, and whether it holds where that is known."""

import builtins
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from support.invoice_files import LINES, SAMPLES, as_etax, zipped

from fee_service.invoices import reading, signatures
from fee_service.invoices.reading import opened
from fee_service.invoices.signatures import DSIG, Signature

XPATH = (
    "not(self::*[name() = 'TaxInvoice'] | ancestor-or-self::*[name() = 'ExchangedDocument'] "
    "| ancestor-or-self::ds:Signature)"
)
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
TEMPLATE = f"""<ds:Signature xmlns:ds="{DSIG[1:-1]}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{C14N}"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI=""><ds:Transforms>
<ds:Transform Algorithm="{C14N}"/><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>{XPATH}
</ds:XPath></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
<ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"""
PLAIN = as_etax(LINES[0].number)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An invoice as an issuer signs it, with a certificate of our own."""
    xmlsec = pytest.importorskip("xmlsec", reason="requirements-signatures.txt is not installed")
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    made = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=tests -keyout key.pem -out certificate.pem"
    subprocess.run(["openssl", *made.split()], cwd=folder, check=True, capture_output=True)
    root = etree.fromstring(PLAIN)
    root.insert(1, etree.fromstring(TEMPLATE))
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(str(folder / "key.pem"), xmlsec.KeyFormat.PEM)
    context.key.load_cert_from_file(str(folder / "certificate.pem"), xmlsec.KeyFormat.CERT_PEM)
    data: Any = root.find(f".//{DSIG}X509Data")
    etree.SubElement(data, f"{DSIG}X509Certificate")
    context.sign(root[1])
    return etree.tostring(root)


def told(folder: Path, raw: bytes) -> set[str | None]:
    """What is told beside the lines of a file; all of them are read."""
    path = folder / "a.xml"
    path.write_bytes(raw)
    with opened(path) as file:
        lines = [line for batch in file.batches() for line in batch.as_rows()]
    assert lines
    assert not any(line.unreadable for line in lines)
    return {line.extra.get("signature") for line in lines}


def test_an_invoice_as_it_was_signed_is_valid(signed: bytes, tmp_path: Path) -> None:
    """Also where what is not signed is another: when it was sent."""
    assert told(tmp_path, signed) == {Signature.VALID}
    assert told(tmp_path, signed.replace(b"<ExchangedDocument>", b"<ExchangedDocument><X>1</X>")) == {Signature.VALID}


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"<InvoiceAmount>1483870", b"<InvoiceAmount>1483871"), (b"<TypeCode>0101", b"<TypeCode>0102"),
     (b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA")],
)  # fmt: skip
def test_a_change_after_the_signature_is_told(old: bytes, new: bytes, signed: bytes, tmp_path: Path) -> None:
    """A won more in a line, another kind, another signature."""
    assert signed.count(old) == 1
    assert told(tmp_path, signed.replace(old, new)) == {Signature.NOT_VALID}


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'URI=""', b'URI="http://127.0.0.1:9/x"'), (b'URI=""', b'URI="#x"'), (b"ExchangedDocument'", b"*'"),
     (b"xmldsig-more#rsa-sha256", b"xmldsig-more#hmac-sha256"), (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"),
     (f'Transform Algorithm="{C14N}"'.encode(), b'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"')],
)  # fmt: skip
def test_a_signature_of_another_form_is_not_followed(old: bytes, new: bytes, signed: bytes, tmp_path: Path) -> None:
    """It could name files, addresses and programs."""
    assert old in signed
    assert told(tmp_path, signed.replace(old, new)) == {Signature.NOT_CHECKED}


def test_without_the_library_it_is_not_checked(signed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The invoice is read all the same; values that are none are still seen."""
    real = builtins.__import__

    def without(name: str, *others: Any) -> Any:
        if name == "xmlsec":
            raise ImportError(name)
        return real(name, *others)

    monkeypatch.setattr(builtins, "__import__", without)
    assert told(tmp_path, signed) == {Signature.NOT_CHECKED}
    dummy = TEMPLATE.replace("<ds:X509Data/>", "<ds:X509Data><ds:X509Certificate/></ds:X509Data>")
    for name in ("DigestValue", "SignatureValue", "X509Certificate"):
        dummy = dummy.replace(f"<ds:{name}/>", f"<ds:{name}>NOT+A+REAL+ONE==</ds:{name}>")
    raw = PLAIN.replace(b"<TaxInvoiceDocument>", f"{dummy}<TaxInvoiceDocument>".encode())
    assert told(tmp_path, raw) == {Signature.NOT_VALID}
    assert told(tmp_path, PLAIN) == {Signature.ABSENT}


def test_of_many_invoices_the_first_are_checked(signed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes milliseconds; of the others it is told that they were not."""
    monkeypatch.setattr(reading, "MOST_CHECKED", 2)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{at}.xml": signed for at in range(3)}))
    with opened(path) as file:
        rows = [line for batch in file.batches() for line in batch.as_rows()]
    found = {line.place.file: line.extra["signature"] for line in rows}
    assert found == {"0.xml": "present, valid", "1.xml": "present, valid", "2.xml": "present, not checked"}
    monkeypatch.setattr("fee_service.invoices.etax_xml.LARGEST", len(signed) - 1)
    assert told(tmp_path, signed) == {Signature.NOT_CHECKED}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of finance do not lie beside the repository")
def test_the_samples_have_signatures_that_do_not_hold(tmp_path: Path) -> None:
    """As their page says: present, not valid."""
    assert {frozenset(told(tmp_path, path.read_bytes())) for path in SAMPLES.glob("etax-*.xml")} == {
        frozenset({signatures.Signature.NOT_VALID.value})
    }
