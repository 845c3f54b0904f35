"""A signature over a whole PDF, and what it is worth when the file comes back.

The certificate is the organ's own (PKCS #12). One made here signs for itself: it proves that a file left this
installation unchanged; it is no legally recognised electronic seal, which needs a certificate of a licensed authority.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.texts import Text

FIELD = "OneMapSeal"


class Signed(StrEnum):
    """What a file's signature says."""

    INTACT = "intact"
    CHANGED = "changed"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"


SAID = {
    Signed.INTACT: Text("签名有效，文件未被改动", "signed by this organ and unchanged"),
    Signed.CHANGED: Text("签名无效，文件已被改动", "the file was changed after it was signed"),
    Signed.FOREIGN: Text("签名不是本机关的", "signed by somebody else"),
    Signed.UNSIGNED: Text("文件没有签名", "the file carries no signature"),
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A key and its certificate as PKCS #12; the passphrase is not kept with it."""

    pkcs12: bytes


def certificate(organ: str, passphrase: str, now: datetime, years: int = 5) -> Certificate:
    """A new key with a certificate that signs for itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, organ)])
    usage = dict.fromkeys(
        (
            "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
            "decipher_only",
        ),
        False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=366 * years))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    shut = serialization.BestAvailableEncryption(passphrase.encode())
    return Certificate(pkcs12.serialize_key_and_certificates(organ.encode(), key, made, None, shut))


def signed(pdf: bytes, own: Certificate, passphrase: str, *, reason: str) -> bytes:
    """The PDF with one signature over all of it. Runs an event loop of its own: call it from a thread that has none.

    Raises: ValueError for a wrong passphrase.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, signers

    signer = signers.SimpleSigner.load_pkcs12_data(own.pkcs12, [], passphrase.encode())
    out = io.BytesIO()
    meta = PdfSignatureMetadata(field_name=FIELD, reason=reason, md_algorithm="sha256")
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer, output=out)
    return out.getvalue()


def verified(pdf: bytes, ours: Sequence[bytes], at: datetime) -> Signed:
    """What the file's signature says; anything that is no PDF carries none.

    `ours` are the certificates this organ ever signed with (DER), `at` the moment the document was issued, as its
    register tells: a certificate that ran out since is no fault of the document.
    """
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    roots = [one for der in ours for one in load_certs_from_pemder_data(der)]
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        strange = any(one.signer_cert.dump() not in ours for one in found)
    except (PdfError, SignatureValidationError, ValueError):
        return Signed.UNSIGNED
    if not found:
        return Signed.UNSIGNED
    if strange:
        return Signed.FOREIGN
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
    usage = KeyUsageConstraints(key_usage={"digital_signature"})
    try:
        told = [validate_pdf_signature(one, context, key_usage_settings=usage) for one in found]
    except (SignatureValidationError, PdfError, ValueError):
        return Signed.CHANGED
    whole = told[-1].coverage is SignatureCoverageLevel.ENTIRE_FILE
    sound = all(one.intact and one.valid for one in told)
    return Signed.INTACT if sound and whole else Signed.CHANGED


def public_part(own: Certificate, passphrase: str) -> bytes:
    """The certificate alone (DER), to be kept for as long as anything signed with it may be checked."""
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    held = pkcs12.load_pkcs12(own.pkcs12, passphrase.encode()).cert
    if held is None:
        raise ValueError("the file holds no certificate")
    return held.certificate.public_bytes(Encoding.DER)
