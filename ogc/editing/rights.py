"""Who may write which layer at the doors of the services (decision 0014)."""

from core.caller import Caller, Right
from core.texts import Text
from layers.layer import Catalogue, Layer, Publish

NO_RIGHT = Text("您的岗位或密钥无权在服务中修改数据(edit)", "your role or key may not edit at the services (edit)")
NO_COOKIE = Text(
    "修改数据须用 HTTP Basic、Bearer 或路径中的密钥,不接受浏览器会话",
    "edits take HTTP Basic, Bearer or a key in the path, not a browser's session",
)


def refusal(layer: Layer, caller: Caller) -> Text | None:
    """Why this caller may not write this layer here; None where they may, inside their own areas."""
    scope = caller.scope
    if not caller.may(Right.EDIT):
        return NO_RIGHT
    if caller.session:
        return NO_COOKIE
    if layer.made_by is not None:
        made = layer.made_by
        return Text(
            f"图层“{layer.title.zh}”由{made.zh},不能直接修改", f"layer {layer.id} is {made.en}: not to be edited"
        )
    if not scope.may_write(layer.id):
        return Text(
            f"您的岗位或密钥无权修改图层“{layer.title.zh}”", f"your role or key may not change layer {layer.id}"
        )
    if layer.masked(scope):
        return Text(
            f"您只能看到图层“{layer.title.zh}”的概略位置,不能修改",
            f"you meet rounded places of layer {layer.id} only and may not change it",
        )
    if scope.enterprises is not None and layer.enterprise_field is None:
        return Text(
            f"图层“{layer.title.zh}”的记录不属于任何企业,您只能修改本企业的数据",
            f"rows of layer {layer.id} belong to no enterprise; you may change those of your own only",
        )
    return None


def editable(catalogue: Catalogue, caller: Caller) -> list[Layer]:
    """The layers this caller may write here; none for a reader."""
    if not caller.may(Right.EDIT):
        return []
    seen = catalogue.seen_by(caller.scope)
    return [layer for layer in seen if layer.publish is Publish.FEATURES and refusal(layer, caller) is None]
