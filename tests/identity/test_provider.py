"""What proves who somebody is when the identity provider sends them back, and what does not."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.auth.person import ProviderError, UnprovenError
from app.auth.provider import Provider
from app.auth.provider_settings import configured
from app.settings import Settings
from core.clock import utc_now
from core.errors import BadInputError
from tests.identity.conftest import Office
from tests.issuer import Forging, Issuer, issuer_running

BACK = "http://onemap.example/signin/provider/back"
RULES = ({"claim": "groups", "value": "yj-city", "role": "regulator", "areas": ("9901",)},)


def settings(issuer: str, **more: object) -> Settings:
    given = {"oidc_client": "onemap", "oidc_secret": "s3cret", "oidc_rules": RULES, **more}
    return Settings(_env_file=None, oidc_issuer=issuer, **given)


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    with issuer_running() as issuer:
        yield issuer


@pytest.fixture
def issuer(running: Issuer) -> Issuer:
    running.forging, running.discovery = None, {}
    running.knows("u-1", name="张晓", preferred_username="zhangxiao", groups=["yj-city"])
    return running


@pytest.fixture
def provider(issuer: Issuer) -> Provider:
    return Provider(settings(issuer.address), utc_now)


def test_a_person_is_who_the_provider_says(issuer: Issuer, provider: Provider) -> None:
    address, asked = provider.ask(BACK)
    person = provider.person(asked, issuer.consent(address, "u-1"))
    assert (person.issuer, person.subject, person.name, person.login) == (issuer.address, "u-1", "张晓", "zhangxiao")
    assert person.claims["groups"] == ["yj-city"]
    assert not person.second_factor


def test_the_code_is_bound_to_this_browser_by_a_challenge(issuer: Issuer, provider: Provider) -> None:
    address, asked = provider.ask(BACK)
    provider.person(asked, issuer.consent(address, "u-1"))
    sent = issuer.sent["/oauth2/authorize"]
    assert sent["code_challenge_method"] == "S256"
    assert sent["code_challenge"] == create_s256_code_challenge(issuer.sent["/oauth2/token"]["code_verifier"])
    assert asked.verifier not in address


@pytest.mark.parametrize(("methods", "counts"), [(["pwd"], False), (["pwd", "otp"], True), (["hwk"], True)])
def test_what_the_provider_asked_for_counts(
    issuer: Issuer, provider: Provider, methods: list[str], counts: bool
) -> None:
    issuer.knows("u-2", amr=methods)
    address, asked = provider.ask(BACK)
    assert provider.person(asked, issuer.consent(address, "u-2")).second_factor is counts


def test_another_state_proves_nothing(issuer: Issuer, provider: Provider) -> None:
    address, asked = provider.ask(BACK)
    given = issuer.consent(address, "u-1")
    with pytest.raises(UnprovenError):
        provider.person(asked, {**given, "state": "another"})


def test_a_token_for_another_sign_in_proves_nothing(issuer: Issuer, provider: Provider) -> None:
    address, asked = provider.ask(BACK)
    given = issuer.consent(address, "u-1")
    with pytest.raises(UnprovenError) as refused:
        provider.person(replace(asked, nonce="of somebody else"), given)
    assert "Claim" in refused.value.facts["reason"]


def test_a_code_works_once(issuer: Issuer, provider: Provider) -> None:
    address, asked = provider.ask(BACK)
    given = issuer.consent(address, "u-1")
    provider.person(asked, given)
    with pytest.raises(UnprovenError):
        provider.person(asked, given)


def test_an_answer_that_names_another_issuer_proves_nothing(issuer: Issuer, provider: Provider) -> None:
    address, asked = provider.ask(BACK)
    given = issuer.consent(address, "u-1")
    with pytest.raises(UnprovenError):
        provider.person(asked, {**given, "iss": "https://another.example"})


def signed(**changed: object) -> Forging:
    def forge(claims: dict[str, object], key: RSAKey) -> str:
        claims = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, algorithms=["RS256"])

    return forge


def packed(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


def unsigned(claims: dict[str, object], _: RSAKey) -> str:
    return f"{packed(b'{"alg": "none"}')}.{packed(json.dumps(claims).encode())}."


def with_another_key(claims: dict[str, object], key: RSAKey) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, RSAKey.generate_key(2048))


def with_the_public_key_as_a_shared_one(claims: dict[str, object], key: RSAKey) -> str:
    body = f"{packed(b'{"alg": "HS256"}')}.{packed(json.dumps(claims).encode())}"
    return f"{body}.{packed(hmac.digest(key.as_pem(private=False), body.encode(), 'sha256'))}"


LIES = {
    "unsigned": unsigned,
    "another key": with_another_key,
    "the public key as a secret": with_the_public_key_as_a_shared_one,
    "for another client": signed(aud="another"),
    "for several, none of them us": signed(aud=["a", "b"]),
    "handed on by another client": signed(aud=["onemap", "another"], azp="another"),
    "of another issuer": signed(iss="https://another.example"),
    "expired": signed(exp=1_600_000_000),
    "without an end": signed(exp=None),
    "not yet valid": signed(nbf=9_999_999_999),
    "without a nonce": signed(nonce=None),
    "without a subject": signed(sub=None),
    "with an empty subject": signed(sub=""),
    "no token": lambda claims, key: "not.a.token",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_the_issuers_for_us_and_now_proves_nothing(
    issuer: Issuer, provider: Provider, lie: str
) -> None:
    address, asked = provider.ask(BACK)
    given = issuer.consent(address, "u-1")
    issuer.forging = LIES[lie]
    with pytest.raises(UnprovenError) as refused:
        provider.person(asked, given)
    assert refused.value.facts["reason"] != "code refused"


def test_the_forging_itself_is_sound(issuer: Issuer, provider: Provider) -> None:
    address, asked = provider.ask(BACK)
    given = issuer.consent(address, "u-1")
    issuer.forging = signed(name="李")
    assert provider.person(asked, given).name == "李"


@pytest.mark.parametrize("place", ["token_endpoint", "jwks_uri"])
def test_nothing_outside_the_issuer_is_ever_called(issuer: Issuer, provider: Provider, place: str) -> None:
    issuer.discovery = {place: "http://169.254.169.254/latest"}
    with pytest.raises(ProviderError):
        provider.ask(BACK)


def test_a_discovery_document_of_another_issuer_is_refused(issuer: Issuer, provider: Provider) -> None:
    issuer.discovery = {"issuer": "https://another.example"}
    with pytest.raises(ProviderError):
        provider.ask(BACK)


def test_a_provider_that_is_down_is_said_in_one_sentence() -> None:
    with pytest.raises(ProviderError, match="账号口令登录"):
        Provider(settings("http://127.0.0.1:9"), utc_now).ask(BACK)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"oidc_issuer": "http://sso.example"}, "ONEMAP_OIDC_ISSUER"),
        ({"oidc_issuer": "ftp://sso.example"}, "ONEMAP_OIDC_ISSUER"),
        ({"oidc_client": ""}, "ONEMAP_OIDC_CLIENT"),
        ({"oidc_scopes": "profile"}, "ONEMAP_OIDC_SCOPES"),
        ({"oidc_rules": ()}, "ONEMAP_OIDC_RULES"),
        ({"oidc_rules": ({**RULES[0], "role": "mayor"},)}, "mayor"),
    ],
)
def test_a_setting_that_will_not_do_stops_the_start(office: Office, given: dict[str, object], named: str) -> None:
    more = dict(given)
    issuer = more.pop("oidc_issuer", "https://sso.example")
    with pytest.raises(BadInputError, match=named):
        configured(settings(issuer, **more), office.identity, utc_now)


def test_the_client_secret_is_in_no_text_of_the_settings() -> None:
    given = settings("https://sso.example")
    assert "s3cret" not in f"{given} {given!r} {given.model_dump()} {given.model_dump_json()}"
