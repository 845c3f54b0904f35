"""The papers of what is done at once: things sealed or seized, supply cut off and given back."""

from docx.document import Document as Made

from scripts.forms.layout import line, listed, only_if, say, signed, started
from scripts.forms.penalties import SUIT, addressed

SIGN = ("执法人员（签名）：{{ officers }}", "被检查单位负责人（签名）：{{ head }}")
SUPPLIER = "本文书一式三份：一份由{{ organ }}备案，一份交供应单位，一份交有关生产经营单位"


def seizure() -> Made:
    """查封扣押决定书."""
    form = addressed("查封扣押决定书")
    say(
        form,
        "经查，你单位有下列情形：{{ seize_why }}",
        "依据{{ law }}的规定，决定对下列物品、场所予以{{ seize_kind }}，期限至{{ seize_until }}：",
    )
    listed(form, "things")
    say(
        form,
        "存放地点：{{ seize_place }}。查封、扣押期间，任何单位和个人不得擅自启封、使用、转移或者损毁。",
        "你单位有权陈述和申辩。" + SUIT,
    )
    signed(form, *SIGN)
    return form


def seizure_list() -> Made:
    """查封扣押物品清单."""
    form = addressed("查封扣押物品清单")
    say(form, "本机关对你单位下列物品、场所予以{{ seize_kind }}（检查编号 {{ case_no }}）：")
    listed(form, "things")
    say(form, "存放地点：{{ seize_place }}。以上清单经当场核对。")
    signed(form, *SIGN, "经办人（签名）：{{ handled_by }}")
    return form


def seizure_handling() -> Made:
    """查封扣押处理决定书."""
    form = addressed("查封扣押处理决定书")
    say(
        form,
        "本机关于{{ seized_on }}作出查封扣押决定{% if seizure_number %}（{{ seizure_number }}）{% endif %}，对下列物品、场所予以"
        "{{ seize_kind }}：",
    )
    listed(form, "things")
    say(form, "依据{{ law }}的规定，现决定作如下处理：{{ seize_outcome }}", SUIT)
    signed(form, *SIGN)
    return form


def power_cut() -> Made:
    """停止供电(供应民用爆炸物品)决定书."""
    form = addressed("停止供电（供应民用爆炸物品）决定书")
    say(
        form,
        "你单位存在重大事故隐患（隐患编号 {{ case_no }}），本机关依法责令停产停业、停止使用相关设施或者设备"
        "{% if stop_number %}（{{ stop_number }}）{% endif %}，你单位拒不执行，有发生生产安全事故的现实危险：{{ cut_why }}",
        "依据{{ law }}的规定，在保证安全的前提下，经本机关主要负责人批准，决定自{{ cut_from }}起通知{{ cut_supplier }}对你单位停止"
        "{{ supply }}。",
    )
    only_if(form, "emergency", "因有危及生产安全的紧急情形，未提前二十四小时通知。")
    say(form, "你单位依法履行行政决定、采取相应措施消除事故隐患的，本机关及时解除上述措施。", SUIT)
    signed(form, "经办人：{{ officers }}", "被检查单位负责人（签名）：{{ head }}")
    return form


def power_cut_notice() -> Made:
    """停止供电(供应民用爆炸物品)通知书."""
    form = started("停止供电（供应民用爆炸物品）通知书")
    line(form, "{{ addressee }}：", after=4)
    say(
        form,
        "{{ party }}（统一社会信用代码 {{ party_code }}，地址：{{ address }}）存在重大事故隐患，拒不执行本机关停产停业、停止使用相关设施"
        "或者设备的决定，有发生生产安全事故的现实危险。",
        "依据{{ law }}的规定，请你单位自{{ cut_from }}起对该单位停止{{ supply }}，并予以配合，保证安全。恢复供应以本机关书面通知为准。",
    )
    signed(form, "经办人：{{ officers }}", kept=True)
    form.sections[0].footer.paragraphs[0].text = "本文书一式两份：一份由{{ organ }}备案，一份交供应单位"
    return form


def power_back() -> Made:
    """恢复供电(供应民用爆炸物品)通知书."""
    form = started("恢复供电（供应民用爆炸物品）通知书")
    line(form, "{{ cut_supplier }}：", after=4)
    say(
        form,
        "本机关于{{ cut_on }}通知你单位对{{ party }}停止{{ supply }}。{{ back_why }}",
        "依据{{ law }}的规定，现解除上述措施，请你单位恢复对该单位{{ supply }}。",
    )
    signed(form, "经办人：{{ officers }}")
    form.sections[0].footer.paragraphs[0].text = SUPPLIER
    return form


COERCION = {
    "seizure": seizure,
    "seizure-list": seizure_list,
    "seizure-handling": seizure_handling,
    "power-cut": power_cut,
    "power-cut-notice": power_cut_notice,
    "power-back": power_back,
}
