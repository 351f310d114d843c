"""A member's own part: a log-in from a code, the own record and nothing else, one's own acts, corrections, all of it to take."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from rosterdesk import SUN, UNIT, put

from dishu.site.accounts import actions as accounts
from dishu.site.accounts import scope as scopes
from dishu.site.accounts.models import User
from dishu.site.membership import actions as membership
from dishu.site.membership.models import Affiliation, Member, Organization, Shown
from dishu.site.mine import corrections, login
from dishu.site.mine.models import Activation, Correction
from dishu.site.registry.changing import Impossible, Stale
from dishu.site.registry.models import Unit
from dishu.site.territory.actions import Impossible as Refused
from dishu.site.trail.models import TrailLine

DAY, LATER, LAST = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)
STREET = "421381001"
ID, PHONE = SUN["身份证号码"], SUN["手机"]
PASSWORD = "qi-jing-zhen-89"


def added(cast, place, name, **more):
    return membership.add_member(
        by=cast.suo, name=name, place=place(STREET), standing="full", day=DAY, reason="上门登记", **more
    )


@pytest.fixture
def me(cast, place):
    unit = Unit.objects.create(kind="individual", name="老王修车铺", place=place(STREET))
    one = added(cast, place, "王小二", citizen_id=ID, phone=PHONE, unit=unit, role="owner")
    org = Organization.objects.create(name="汽配城党支部", plain="汽配城党支部", place=place(STREET))
    Affiliation.objects.create(member=one, org=org, since=DAY, source="党员名册")
    return one


@pytest.fixture
def neighbour(cast, place):
    return added(cast, place, "隔壁老李", phone="19477310001")


@pytest.fixture
def mine(me):
    return User.objects.create_user("wang", PASSWORD, name="王小二", member=me)


def opened(cast, me, **more):
    said = {"code": login.invite(by=cast.suo, member=me, reason="持身份证到所"), "name": "王小二", "username": "wang"}
    return login.activate(**{**said, **more}, password=PASSWORD)


# --- the log-in -------------------------------------------------------------------------------------------------------


def test_an_officer_hands_over_a_code_and_the_member_opens_the_log_in(client, cast, me):
    client.force_login(cast.suo)
    page = client.post(
        reverse("invite", args=[me.pk]), {"what": "invite", "reason": "本人持身份证到所"}
    ).content.decode()
    code = page.split('user-select-all text-break">')[1].split("<")[0]
    client.logout()
    said = {"name": "王小二", "code": code.upper(), "username": "wang", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("activate"), said).url == reverse("account_login")
    client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
    assert client.get(reverse("desk")).url == reverse("mine")
    page = client.get(reverse("mine")).content.decode()
    assert all(text in page for text in ("王小二", "汽配城党支部", "老王修车铺", "还没有确认", "个体经营"))
    assert ID not in page and PHONE not in page
    assert not Activation.objects.filter(code__contains=code).exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "aaaa-bbbb-cccc-dddd"}, "激活码不对"),
        ({"name": "别人"}, "激活码不对"),
        ({"username": "zeng"}, "已被使用"),
    ],
)
def test_what_opens_nothing(cast, me, change, says):
    with pytest.raises(Refused, match=says):
        opened(cast, me, **change)
    assert not me.users.exists()


def test_a_code_opens_once_for_a_week_and_a_new_one_ends_the_old(cast, me):
    first = login.invite(by=cast.suo, member=me, reason="到所")
    second = login.invite(by=cast.suo, member=me, reason="第一张丢了")
    with pytest.raises(Refused):
        login.asked(first)
    Activation.objects.filter(used_at=None).update(until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused):
        login.asked(second)


def test_a_forgotten_password_is_made_new_by_a_new_code_for_the_same_log_in(cast, me):
    first = opened(cast, me)
    assert opened(cast, me) == first and me.users.count() == 1


def test_a_closed_log_in_opens_nothing(client, cast, me):
    user = opened(cast, me)
    login.close(by=cast.suo, member=me, reason="手机遗失")
    client.post(reverse("account_login"), {"login": "wang", "password": PASSWORD})
    user.refresh_from_db()
    assert not user.is_active and client.get(reverse("mine")).status_code == 302


def test_a_members_log_in_holds_no_office_and_the_role_is_not_given_by_appointment(cast, mine, place):
    for user, role in ((mine, "leader"), (cast.zeng, "member")):
        with pytest.raises(Refused, match="工作请另开账号"):
            accounts.appoint(by=cast.system, user=user, role=role, place=place(STREET), since=DAY)


# --- the wall ---------------------------------------------------------------------------------------------------------


def test_with_every_filter_forgotten_the_database_shows_a_member_one_record(cast, me, neighbour, mine):
    with scopes.walled(scopes.of(mine)):
        assert list(Member.objects.values_list("name", flat=True)) == ["王小二"]
        assert list(Unit.objects.values_list("name", flat=True)) == ["老王修车铺"]
        assert {line.subject_id for line in TrailLine.objects.all()} == {me.pk}
        assert "suo" in User.objects.values_list("username", flat=True)  # who wrote the record
        assert not {"zeng", "lead"} & set(User.objects.values_list("username", flat=True))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM membership_judgement", "SELECT * FROM django_session", "SELECT * FROM accounts_appointment",
        "SELECT * FROM membership_organizationstate", "SELECT * FROM mine_activation",
        "UPDATE membership_member SET name = '改名'", "DELETE FROM membership_shown",
        "UPDATE membership_standing SET standing = 'full'", "INSERT INTO membership_affiliation DEFAULT VALUES",
        "UPDATE accounts_user SET member_id = NULL",
    ],
)  # fmt: skip
def test_what_a_member_may_not_even_ask(mine, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), scopes.walled(scopes.of(mine)):
        connection.cursor().execute(statement)


def test_nobody_shows_the_identity_of_another(mine, neighbour):
    with pytest.raises(DatabaseError), transaction.atomic(), scopes.walled(scopes.of(mine)):
        Shown.objects.create(member=neighbour, shown=True, since=DAY)


# --- one's own acts ---------------------------------------------------------------------------------------------------


def test_the_member_shows_the_identity_and_takes_it_back(client, me, mine):
    client.force_login(mine)
    assert "还没有决定" in client.get(reverse("mine")).content.decode()
    for said, shown in (("yes", True), ("yes", True), ("no", False)):
        client.post(reverse("mine_show"), {"shown": said})
        assert [s.shown for s in me.shown.filter(until=None)] == [shown]
    assert me.shown.count() == 1  # decided and taken back on one day
    assert TrailLine.objects.filter(subject_id=me.pk, by=mine, reason="本人决定").count() == 2


def test_an_officer_does_not_decide_for_a_member_who_has_a_log_in(client, cast, me, mine):
    how = {"member": me, "version": me.version, "shown": True, "day": DAY, "paper": "承诺书3号", "reason": "送来"}
    with pytest.raises(Impossible, match="只能由本人"):
        membership.show_identity(by=cast.suo, **how)
    page, button = reverse("member", args=[me.pk]), reverse("member_act", args=[me.pk, "show"])
    client.force_login(cast.suo)
    assert button not in client.get(page).content.decode()
    login.close(by=cast.suo, member=me, reason="本人要求")
    assert button in client.get(page).content.decode()
    membership.show_identity(by=cast.suo, **how)


def test_the_own_act_raises_the_version(me, mine):
    membership.show_oneself(by=mine, member=me, shown=True, day=DAY)
    assert Member.objects.get(pk=me.pk).version == me.version + 1


def test_the_member_sees_who_looked_and_why(client, cast, me, mine):
    client.force_login(cast.suo)
    client.get(reverse("member", args=[me.pk]))
    client.post(reverse("reveal", args=[me.pk]), {"reason": "核对补贴名单"})
    client.force_login(mine)
    page = client.get(reverse("mine_looks")).content.decode()
    assert all(text in page for text in ("suo", "查看完整号码", "核对补贴名单", "新增"))


def test_all_of_it_in_one_file_with_the_own_numbers_whole(client, me, neighbour, mine):
    client.force_login(mine)
    answer = client.post(reverse("mine_take"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    text = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert all(said in text for said in (ID, PHONE, "汽配城党支部", "老王修车铺", "上门登记"))
    assert "隔壁老李" not in text and answer["Cache-Control"] == "no-store"
    assert TrailLine.objects.filter(verb="exported", by=mine, subject_id=me.pk).exists()


@pytest.mark.parametrize(
    ("kind", "income", "says"),
    [
        ("wage", "8000", "120.00"),
        ("individual", "27000", "135.00"),
        ("wage", "很多", "text-danger"),
        ("wage", "-1", "text-danger"),
    ],
)
def test_dues_are_reckoned_and_nothing_is_kept(client, mine, kind, income, says):
    client.force_login(mine)
    assert says in client.post(reverse("mine_dues"), {"kind": kind, "income": income}).content.decode()


# --- corrections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "wish", "says"),
    [
        ("phone", "1947731904", "11"),
        ("citizen_id", "991558196811277653", "校验"),
        ("birth", "去年", "1980-01-31"),
        ("sex", "x", "列出"),
        ("name", " ", "应当是什么"),
        ("assets", "1", "哪一项"),
    ],
)
def test_what_nobody_could_write_is_said_at_once(me, mine, field, wish, says):
    with pytest.raises(Impossible, match=says):
        corrections.ask(by=mine, member=me, field=field, wish=wish)


@pytest.mark.parametrize(
    ("field", "wish", "holds"),
    [
        ("name", "王小儿", lambda m: m.name == "王小儿"),
        ("phone", "19477310002", lambda m: m.masked_phone == "194****0002"),
        ("birth", "1968-11-28", lambda m: m.birth == date(1968, 11, 28)),
        ("standing", "probationary", lambda m: m.standings.get(until=None).standing == "probationary"),
    ],
)
def test_an_officer_accepts_with_the_evidence_and_the_member_sees_the_answer(
    client, cast, me, mine, field, wish, holds
):
    client.force_login(mine)
    client.post(reverse("mine_correct"), {"field": field, "wish": wish, "note": "带了身份证"})
    one = Correction.objects.get()
    client.force_login(cast.suo)
    assert "件党员更正申请" in client.get(reverse("desk")).content.decode()
    assert "王小二" in client.get(reverse("corrections")).content.decode()
    said = {"what": "accept", "version": me.version, "day": "2021-01-01", "reason": "核对了本人身份证"}
    assert client.post(reverse("correction", args=[one.pk]), said).url == reverse("corrections")
    assert holds(Member.objects.get(pk=me.pk))
    assert TrailLine.objects.filter(verb="changed", subject_id=me.pk, by=cast.suo, reason="核对了本人身份证").exists()
    client.force_login(mine)
    page = client.get(reverse("mine")).content.decode()
    assert "已更正" in page and "核对了本人身份证" in page


def test_a_correction_is_declined_with_a_reason_only(cast, me, mine):
    one = corrections.ask(by=mine, member=me, field="birth", wish="1969-01-01")
    with pytest.raises(Impossible, match="理由"):
        corrections.decline(by=cast.suo, correction=one, reason=" ")
    corrections.decline(by=cast.suo, correction=one, reason="身份证上是 1968 年")
    with pytest.raises(Impossible, match="不用再答复"):
        corrections.accept(by=cast.suo, correction=one, version=me.version, day=DAY, reason="核对")
    assert Member.objects.get(pk=me.pk).birth == date(1968, 11, 27)


def test_what_one_word_does_not_settle_is_done_on_the_record_first(cast, me, mine, place):
    one = corrections.ask(by=mine, member=me, field="work", wish="去年转到新华书店")
    how = {"by": cast.suo, "correction": one, "version": me.version, "day": DAY, "reason": "看了合同"}
    with pytest.raises(Impossible, match="先在记录页办理"):
        corrections.accept(**how)
    shop = Unit.objects.create(kind="enterprise", name="新华书店", place=place(STREET))
    membership.employ(
        by=cast.suo, member=me, version=me.version, unit=shop, role="employee", day=DAY, reason="看了合同"
    )
    corrections.accept(**how)
    assert Correction.objects.get().state == "accepted"


def test_a_correction_does_not_write_over_what_changed_meanwhile(cast, me, mine):
    one = corrections.ask(by=mine, member=me, field="name", wish="王小儿")
    membership.set_standing(by=cast.suo, member=me, version=me.version, standing="probationary", day=date(2021, 1, 1),
                            reason="来函")  # fmt: skip
    with pytest.raises(Stale):
        corrections.accept(by=cast.suo, correction=one, version=me.version, day=DAY, reason="核对")
    assert Correction.objects.get().state == "open"


def test_one_question_per_field_and_it_can_be_taken_back(client, me, mine):
    one = corrections.ask(by=mine, member=me, field="name", wish="王小儿")
    with pytest.raises(Impossible, match="等待答复"):
        corrections.ask(by=mine, member=me, field="name", wish="王二")
    client.force_login(mine)
    client.post(reverse("mine_withdraw", args=[one.pk]))
    assert corrections.ask(by=mine, member=me, field="name", wish="王二").state == "open"


def test_the_wish_is_kept_encrypted(me, mine):
    corrections.ask(by=mine, member=me, field="phone", wish="19477310002")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(wish, 'escape'), encode(stood, 'escape') FROM mine_correction")
        assert not any("19477" in text for text in cursor.fetchone())


def test_a_roster_does_not_decide_for_a_member_who_has_a_log_in(cast):
    said = {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"]}
    put("党员.csv", {**said, "姓名": "孙志春"}, day=DAY)
    one = Member.objects.get()
    user = User.objects.create_user("sun", None, name="孙志春", member=one)
    membership.show_oneself(by=user, member=one, shown=True, day=LATER)
    put("党员.csv", {**said, "是否亮身份": "否", "党员类别": "预备党员"}, day=LAST)
    assert one.shown.get(until=None).shown is True and one.standings.get(until=None).standing == "probationary"
