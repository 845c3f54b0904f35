"""Investigation of accidents: from an incident to report, reply, transfer, evaluation and the archive.

Decree 493 of the State Council (2007) articles 19 to 34; Work Safety Law (2021) article 86.
"""

from casework.accident_papers import (
    appraisal_told,
    course_told,
    happened_at,
    level_found,
    losses_told,
    members,
    prevention_told,
    responsibility_told,
)
from casework.accident_telling import (
    STUDIED,
    not_studied_yet,
    notes_the_publishing,
    notes_the_study,
    outcome_names_nobody,
    outcome_not_published_yet,
    study_names_nobody,
)
from casework.accidents import (
    State,
    adds_the_transfer,
    all_losses_are_told,
    counts_the_level,
    extends_the_reply,
    extension_is_later_and_within_the_rule,
    is_evaluated,
    is_investigated_high_enough,
    is_of_the_gravest,
    keeps_what_was_due,
    named_after_the_incident,
    not_investigated_yet,
    notes_a_late_reply,
    office_investigates,
    replied_by_today,
    reply_not_extended_yet,
    report_not_extended_yet,
    the_unit_investigates_what_hurt_nobody,
    time_to_reply,
    time_to_report,
    when_it_happened_is_known,
)
from casework.casetype import CaseType, Clock, Copied, Document, Role, Step
from casework.reminders import ladders
from core.texts import Text
from layers.catalogue.incidents import INCIDENTS
from layers.catalogue.investigations import INVESTIGATIONS

OFFICER = (Role.OFFICER,)
GROUP = ("group_by", "group_organ", "group_head", "group_members")
FOUND = ("course", "direct_cause", "indirect_cause", "nature", "responsibility", "prevention", "accident_kind")
STUDY = ("study_course", "study_cause", "study_lessons")
LOSSES = ("deaths", "serious_injuries", "minor_injuries", "direct_loss")


def _decree(article: str, number: str) -> Text:
    return Text(f"《生产安全事故报告和调查处理条例》{article}", f"Decree 493, art. {number}")


ACCIDENT = CaseType(
    id="accident-investigation",
    title=Text("事故调查处理", "Accident investigations"),
    about=Text(
        "由突发事件立项,成立调查组,60 日内提交报告,批复、移送、一年内评估整改落实",
        "Opened of an incident: group, report within sixty days, reply, transfer, evaluation within a year",
    ),
    register=INVESTIGATIONS, states=State, start=State.FILED, numbering="SG", turn=office_investigates,
    final=(State.ARCHIVED, State.HANDED_UP, State.DISMISSED), named=named_after_the_incident,
    law=Text("《生产安全事故报告和调查处理条例》(国务院令第493号)", "Decree 493 of the State Council (2007)"),
    reminders=ladders()["investigation"],
    copied=Copied(
        field="incident", layer=INCIDENTS, told=("title", "occurred_at"),
        into=(
            ("title", "incident_title"), ("occurred_at", "occurred_at"), ("address", "address"),
            ("enterprise_name", "unit_name"), ("chemical_name", "chemical_name"), ("level", "known_level"),
            ("deaths", "known_deaths"), ("serious_injuries", "known_serious"), ("minor_injuries", "known_minor"),
            ("area", "area"), ("geometry", "geometry"),
        ),
    ),
    documents=(
        Document(
            id="accident-report", title=Text("生产安全事故调查报告", "Report of an accident investigation"),
            form="accident-report", ends=("accident-report",),
            fills=(losses_told, level_found, members, course_told, responsibility_told, prevention_told, appraisal_told,
                   happened_at),
        ),
    ),
    steps=(
        Step(name="file_investigation", title=Text("立项", "Open"), opens=True, source=(), target=State.FILED,
             by=OFFICER, asks=("incident", "title", "unit"), needs=("incident",), deadline=time_to_report,
             guards=(when_it_happened_is_known, not_investigated_yet), law=_decree("第十九条", "19")),
        Step(name="form_group", title=Text("成立调查组", "Form the group"), source=(State.FILED,),
             target=State.INVESTIGATING, by=OFFICER, asks=GROUP, needs=GROUP, clock=Clock.KEEPS,
             guards=(is_investigated_high_enough, the_unit_investigates_what_hurt_nobody),
             law=_decree("第十九条、第二十二条", "19 and 22")),
        Step(name="hand_up", title=Text("移交上级调查", "Hand up"), source=(State.FILED, State.INVESTIGATING),
             target=State.HANDED_UP, by=OFFICER, asks=("transferred_to", "transfer_list"), needs=("transferred_to",),
             reason=True, sets=adds_the_transfer, law=_decree("第二十条", "20")),
        Step(name="dismiss_investigation", title=Text("撤销立项", "Dismiss"), source=(State.FILED,),
             target=State.DISMISSED, by=OFFICER, reason=True),
        Step(name="add_evidence", title=Text("补充证据材料", "Add evidence"),
             source=(State.FILED, State.INVESTIGATING, State.APPRAISING, State.REPORTED), target=None, by=OFFICER,
             reason=True, files=1),
        Step(name="send_to_appraisal", title=Text("委托技术鉴定", "Send to appraisal"), source=(State.INVESTIGATING,),
             target=State.APPRAISING, by=OFFICER, asks=("appraiser",), needs=("appraiser",), clock=Clock.STOPS,
             law=_decree("第二十七条", "27")),
        Step(name="take_appraisal", title=Text("收到鉴定结论", "Appraisal received"), source=(State.APPRAISING,),
             target=State.INVESTIGATING, by=OFFICER, asks=("appraisal",), needs=("appraisal",), files=1,
             clock=Clock.RESUMES, law=_decree("第二十七条", "27")),
        Step(name="extend_report", title=Text("延长提交期限", "Extend the report"), source=(State.INVESTIGATING,),
             target=State.INVESTIGATING, by=OFFICER, asks=("report_by", "extended_by"),
             needs=("report_by", "extended_by"), reason=True, until="report_by", sets=keeps_what_was_due,
             guards=(report_not_extended_yet, extension_is_later_and_within_the_rule), law=_decree("第二十九条", "29")),
        Step(name="submit_report", title=Text("提交调查报告", "Submit the report"), source=(State.INVESTIGATING,),
             target=State.REPORTED, by=OFFICER, asks=(*FOUND, *LOSSES), needs=FOUND, files=1,
             guards=(all_losses_are_told,), sets=counts_the_level, deadline=time_to_reply,
             documents=("accident-report",), law=_decree("第二十九条、第三十条", "29 and 30")),
        Step(name="extend_reply", title=Text("延长批复期限", "Extend the reply"), source=(State.REPORTED,), target=None,
             by=OFFICER, reason=True, limit="accident-reply-extend", sets=extends_the_reply,
             guards=(is_of_the_gravest, reply_not_extended_yet), law=_decree("第三十二条", "32")),
        Step(name="send_back", title=Text("退回补充调查", "Send back"), source=(State.REPORTED,),
             target=State.INVESTIGATING, by=OFFICER, reason=True, deadline=time_to_report),
        Step(name="reply_report", title=Text("批复结案", "Reply"), source=(State.REPORTED,), target=State.MENDING,
             by=OFFICER, asks=("reply_no", "reply_organ", "reply_on", "reply_text"),
             needs=("reply_no", "reply_organ", "reply_on"), guards=(replied_by_today,), sets=notes_a_late_reply,
             limit="accident-evaluate", law=_decree("第三十二条", "32")),
        Step(name="transfer_matters", title=Text("移送处理", "Hand over"),
             source=(State.INVESTIGATING, State.REPORTED, State.MENDING), target=None, by=OFFICER,
             asks=("transferred_to", "transfer_list"), needs=("transferred_to", "transfer_list"),
             sets=adds_the_transfer, law=_decree("第二十六条、第三十二条", "26 and 32")),
        Step(name="publish_outcome", title=Text("公布处理情况", "Publish the outcome"), source=STUDIED, target=None,
             by=OFFICER, asks=("public_summary",), needs=("public_summary",), afterwards=True,
             guards=(outcome_not_published_yet, outcome_names_nobody), sets=notes_the_publishing,
             law=_decree("第三十四条", "34")),
        Step(name="make_case_study", title=Text("编为案例", "Make a case study"), source=STUDIED, target=None,
             by=OFFICER, asks=STUDY, needs=("study_cause", "study_lessons"), afterwards=True,
             guards=(not_studied_yet, study_names_nobody), sets=notes_the_study),
        Step(name="evaluate_mending", title=Text("评估整改落实", "Evaluate"), source=(State.MENDING,),
             target=State.EVALUATED, by=OFFICER, asks=("evaluation", "evaluated_by"),
             needs=("evaluation", "evaluated_by"), sets=is_evaluated,
             law=Text("《安全生产法》第八十六条", "Work Safety Law, art. 86")),
        Step(name="archive_investigation", title=Text("归档", "Archive"), source=(State.EVALUATED,),
             target=State.ARCHIVED, by=OFFICER, asks=("archive_no",)),
    ),
)  # fmt: skip
