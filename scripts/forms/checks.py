"""The papers of on-site checks and of hidden dangers."""

from docx.document import Document as Made

from scripts.forms.layout import REMEDY, line, listed, say, signed, started, table


def rectify_order() -> Made:
    """责令限期整改指令书."""
    form = started("责令限期整改指令书")
    line(form, "{{ party }}：", after=4)
    say(form, "经查，你单位存在下列问题：")
    listed(form, "problems")
    line(form, "{%p if requirements %}")
    say(form, "整改要求：")
    listed(form, "requirements")
    line(form, "{%p endif %}")
    say(
        form,
        "现责令你单位对上述问题于{{ ordered_until }}前整改完毕，达到有关法律、法规、规章和标准规定的要求。由此造成事故的，依法追究有关人员的责任。",
        "整改期间，你单位应当采取措施，确保安全生产。对安全生产违法行为，将依法予以行政处罚。",
        REMEDY,
    )
    signed(form, "执法人员（签名）：{{ officers }}", "被检查单位负责人（签名）：{{ head }}")
    return form


def recheck_opinion() -> Made:
    """整改复查意见书."""
    form = started("整改复查意见书")
    line(form, "{{ party }}：", after=4)
    say(
        form,
        "{% if order_number %}本机关于{{ ordered_on }}作出了{{ order }}的决定（{{ order_number }}），{% endif %}"
        "经对你单位整改情况进行复查，提出如下意见：",
    )
    listed(form, "findings")
    signed(form, "被复查单位负责人（签名）：{{ head }}", "执法人员（签名）：{{ officers }}")
    return form


def site_measures() -> Made:
    """现场处理措施决定书."""
    form = started("现场处理措施决定书")
    line(form, "{{ party }}：", after=4)
    say(form, "经查，你单位存在下列{{ found }}：")
    listed(form, "problems")
    say(form, "{{ reason }}", "依据{{ law }}的规定，现作出以下现场处理措施决定：")
    listed(form, "measures_taken")
    say(
        form,
        "因重大事故隐患责令停产停业或者停止使用的，排除后经本机关审查同意，方可恢复生产经营和使用。",
        REMEDY.replace("本指令", "本决定"),
    )
    signed(form, "执法人员（签名）：{{ officers }}", "被检查单位负责人（签名）：{{ head }}")
    return form


def site_record() -> Made:
    """现场检查记录."""
    form = started("现场检查记录")
    table(
        form,
        [
            ["被检查单位", "{{ party }}"],
            ["地址", "{{ address }}"],
            ["法定代表人（负责人）", "{{ head }}"],
            ["检查场所", "{{ place }}"],
            ["检查时间", "{{ began }} 至 {{ ended }}"],
            ["执法人员", "{{ officers }}"],
        ],
        (45, 113),
    )
    say(
        form,
        "我们是{{ organ }}执法人员，现依法对你单位进行现场检查，已出示执法证件，请予以配合。",
        "检查情况：",
    )
    listed(form, "record_lines")
    signed(form, "执法人员（签名）：{{ officers }}", "被检查单位现场负责人（签名）：{{ present }}")
    return form


def inspection_plan() -> Made:
    """现场检查方案."""
    form = started("现场检查方案")
    table(
        form,
        [
            ["检查编号", "{{ case_no }}"],
            ["被检查单位", "{{ party }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["地址", "{{ address }}"],
            ["检查类别", "{{ kind }}"],
            ["检查依据", "{{ law }}"],
            ["检查内容", "{{ scope }}"],
            ["检查期限", "{{ check_by }}前"],
            ["执法人员", "{{ officers }}"],
            ["安排人", "{{ arranged_by }}"],
        ],
        (45, 113),
    )
    signed(form, kept=True)
    return form


def danger_listing() -> Made:
    """重大事故隐患挂牌督办通知书."""
    form = started("重大事故隐患挂牌督办通知书")
    line(form, "{{ party }}：", after=4)
    say(form, "经核查，你单位存在下列重大事故隐患：")
    listed(form, "problems")
    table(
        form,
        [
            ["隐患编号", "{{ case_no }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["危害程度和整改难易程度", "{{ harm }}"],
            ["督办单位", "{{ listed_by }}"],
        ],
        (50, 108),
    )
    line(form, "")
    say(
        form,
        "依据{{ law }}的规定，决定对上述重大事故隐患挂牌督办并予以公示。请于{{ until }}前制定整改方案，落实整改措施、资金、责任人、"
        "时限和应急预案，整改完成后申报复查。",
        "整改期间，你单位应当采取措施，确保安全生产；无法保证安全的，应当停产停业、撤出作业人员。",
    )
    signed(form, "经办人（签名）：{{ officers }}")
    return form


def danger_closing() -> Made:
    """重大事故隐患治理销号通知书."""
    form = started("重大事故隐患治理销号通知书")
    line(form, "{{ party }}：", after=4)
    say(form, "本机关于{{ listed_on }}对你单位下列重大事故隐患挂牌督办（隐患编号 {{ case_no }}）：")
    listed(form, "problems")
    say(
        form,
        "整改情况：{{ outcome }}",
        "复查意见：{{ recheck }}",
        "经复查，该重大事故隐患已整改完毕，现予销号，解除挂牌督办。请举一反三，防止同类隐患再次发生。",
    )
    signed(form, "复查人员（签名）：{{ officers }}")
    return form


CHECKS = {
    "inspection-plan": inspection_plan,
    "site-record": site_record,
    "site-measures": site_measures,
    "rectify-order": rectify_order,
    "recheck-opinion": recheck_opinion,
    "danger-listing": danger_listing,
    "danger-closing": danger_closing,
}
