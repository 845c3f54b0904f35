"""What a transaction did, as each version of the service says it."""

from collections import Counter
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from ogc.editing import Act, Done, Outcome
from ogc.encode.gml import id_text
from ogc.services import Response
from ogc.wfs.editions import V1_0, V2_0, Edition
from ogc.wfs.names import DECLARATION, FES, OGC, XSI

XML = "text/xml; charset=utf-8"
TRANSACTION_1_0 = "http://schemas.opengis.net/wfs/1.0.0/WFS-transaction.xsd"
_TOTALS = {
    Act.CREATE: "totalInserted",
    Act.UPDATE: "totalUpdated",
    Act.REPLACE: "totalReplaced",
    Act.DELETE: "totalDeleted",
}
_RESULTS = {Act.CREATE: "InsertResults", Act.UPDATE: "UpdateResults", Act.REPLACE: "ReplaceResults"}


def transacted(outcome: Outcome, handles: Mapping[int, str], edition: Edition) -> Response:
    """The response of a transaction that went through; one that did not is an exception report."""
    write = {V1_0.number: _first, V2_0.number: _second}.get(edition.number, _middle)
    return Response(media_type=XML, body=write(outcome.done, handles, edition).encode())


def _opening(tag: str, edition: Edition, schema: str) -> str:
    return (
        f'{DECLARATION}<wfs:{tag} version="{edition.number}" xmlns:wfs="{edition.namespace}" xmlns:ogc="{OGC}"'
        f' xmlns:fes="{FES}" xmlns:xsi="{XSI}" xsi:schemaLocation="{edition.namespace} {schema}">'
    )


def _handle(one: Done, handles: Mapping[int, str]) -> str:
    return f" handle={quoteattr(handles[one.row])}" if one.row in handles else ""


def _fid(one: Done) -> str:
    return quoteattr(id_text(one.layer.id, one.key))


def _summary(done: tuple[Done, ...], edition: Edition) -> str:
    counts = Counter(one.act for one in done)
    told = [(act, name) for act, name in _TOTALS.items() if act is not Act.REPLACE or edition is V2_0]
    totals = "".join(f"<wfs:{name}>{counts[act]}</wfs:{name}>" for act, name in told)
    return f"<wfs:TransactionSummary>{totals}</wfs:TransactionSummary>"


def _second(done: tuple[Done, ...], handles: Mapping[int, str], edition: Edition) -> str:
    results = ""
    for act, name in _RESULTS.items():
        features = "".join(
            f"<wfs:Feature{_handle(one, handles)}><fes:ResourceId rid={_fid(one)}/></wfs:Feature>"
            for one in done
            if one.act is act
        )
        results += f"<wfs:{name}>{features}</wfs:{name}>" if features else ""
    tag = "TransactionResponse"
    return f"{_opening(tag, edition, edition.schema)}{_summary(done, edition)}{results}</wfs:{tag}>"


def _middle(done: tuple[Done, ...], handles: Mapping[int, str], edition: Edition) -> str:
    """1.1.0 wants one inserted feature at least, and says nothing of what else was done."""
    features = "".join(
        f"<wfs:Feature{_handle(one, handles)}><ogc:FeatureId fid={_fid(one)}/></wfs:Feature>"
        for one in done
        if one.act is Act.CREATE
    )
    none = '<wfs:Feature><ogc:FeatureId fid="none"/></wfs:Feature>'
    tag = "TransactionResponse"
    return (
        f"{_opening(tag, edition, edition.schema)}{_summary(done, edition)}"
        f"<wfs:InsertResults>{features or none}</wfs:InsertResults></wfs:{tag}>"
    )


def _first(done: tuple[Done, ...], handles: Mapping[int, str], edition: Edition) -> str:
    inserted = "".join(
        f"<wfs:InsertResult{_handle(one, handles)}><ogc:FeatureId fid={_fid(one)}/></wfs:InsertResult>"
        for one in done
        if one.act is Act.CREATE
    )
    tag = "WFS_TransactionResponse"
    return (
        f"{_opening(tag, edition, TRANSACTION_1_0)}{inserted}<wfs:TransactionResult><wfs:Status><wfs:SUCCESS/>"
        f"</wfs:Status></wfs:TransactionResult></wfs:{tag}>"
    )
