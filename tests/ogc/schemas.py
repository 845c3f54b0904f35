"""The official OGC schemas, where the test data has them; never fetched from the network."""

from io import BytesIO
from pathlib import Path

from lxml import etree

from tests.absent import absent

SCHEMAS = "http://schemas.opengis.net/"


class Offline(etree.Resolver):
    """Schema addresses answered from a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(self, system_url, public_id, context):  # type: ignore[no-untyped-def]
        """The file behind an address."""
        url = str(system_url)
        for prefix in (SCHEMAS, SCHEMAS.replace("http:", "https:")):
            if url.startswith(prefix):
                return self.resolve_filename(str(self.folder / url[len(prefix) :]), context)
        if url.startswith(("http://www.w3.org/", "https://www.w3.org/")):
            return self.resolve_filename(str(self.folder / "_w3c" / url.rsplit("/", 1)[-1]), context)
        return None


def schema_folder(test_data: Path) -> Path:
    """The folder of schemas beside the test data, or a skip that says why."""
    folder = test_data.parent / "check" / "ogc" / "xsd"
    if not folder.is_dir():
        absent(f"the OGC schemas at {folder}")
    return folder


def compiled(folder: Path, *imports: tuple[str, str]) -> etree.XMLSchema:
    """One schema importing these (namespace, file) pairs."""
    lines = "".join(f'<xs:import namespace="{name}" schemaLocation="{place}"/>' for name, place in imports)
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{lines}</xs:schema>'
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Offline(folder))
    return etree.XMLSchema(etree.parse(BytesIO(text.encode()), parser))
