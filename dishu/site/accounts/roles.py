"""What each role is for, in plain words, and what it may do. A role is always held at a place and reaches all below it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as lazy

#: Everything that can be done, in the words of the pages. A view names the one it needs; nothing else is checked.
MAY = {
    "figures.read": lazy("看数字和数字背后的名单"),
    "units.read": lazy("查看企业、个体工商户和市场"),
    "units.edit": lazy("修改登记资料"),
    "members.read": lazy("查看党员（号码打码）"),
    "members.edit": lazy("修改党员资料和组织关系"),
    "members.reveal": lazy("查看党员完整号码（须写理由，留痕）"),
    "intake.upload": lazy("上传名册"),
    "match.decide": lazy("裁定疑似相同的记录"),
    "territory.edit": lazy("变更区域"),
    "editions.seal": lazy("封存数据版次"),
    "export": lazy("导出名单"),
    "users.edit": lazy("开设账号、任免角色"),
    "users.secure": lazy("解锁账号、重置密码和二次验证"),
    "trail.read": lazy("查看操作记录"),
    "own.read": lazy("查看本人的登记"),
}


class Role:
    """One kind of job. `at`: the levels of place it can be held at, empty for any."""

    code = ""
    title = ""
    does = ""
    at: tuple[str, ...] = ()
    may: frozenset[str] = frozenset()
    #: Whether it is given by appointment; the member's own is not: it comes with the record the account belongs to.
    appointed = True


READS = frozenset({"figures.read", "units.read", "members.read"})
WORKS = READS | {"units.edit", "members.edit", "intake.upload", "match.decide", "export"}


class ProvinceOfficer(Role):
    """The province's office: sees all, keeps the borders, seals."""

    code, title = "province_officer", lazy("省级工作人员")
    does = lazy("看全省，维护区域，封存上报数据")
    at, may = ("province",), READS | {"territory.edit", "editions.seal", "export"}


class CityOfficer(Role):
    """A city's office."""

    code, title = "city_officer", lazy("市级工作人员")
    does = lazy("看全市，维护区域，封存上报数据")
    at, may = ("prefecture",), WORKS | {"territory.edit", "editions.seal", "members.reveal"}


class CountyOfficer(Role):
    """A county's office: rosters in, doubtful pairs decided, records mended."""

    code, title = "county_officer", lazy("县级工作人员")
    does = lazy("上传名册，裁定疑似相同，维护全县台账，封存上报数据")
    at, may = ("county",), WORKS | {"members.reveal", "editions.seal"}


class OfficeOfficer(Role):
    """A market-regulation office or an association branch: the ledger of its part."""

    code, title = "office_officer", lazy("市场监管所（协会分会）工作人员")
    does = lazy("维护本辖区台账，核实疑点")
    at, may = ("township", "market", "village"), WORKS | {"members.reveal"}


class Surveyor(Role):
    """Goes from door to door."""

    code, title = "surveyor", lazy("摸底员")
    does = lazy("上门、电话核实，登记走访")
    may = frozenset({"units.read", "units.edit"})


class BranchSecretary(Role):
    """Leads a branch: its members, its meetings."""

    code, title = "branch_secretary", lazy("党支部书记")
    does = lazy("管理本支部党员、活动和联系单位")
    may = READS | {"members.edit"}


class Instructor(Role):
    """Posted to units without an organization."""

    code, title = "instructor", lazy("党建工作指导员")
    does = lazy("联系所驻单位，登记走访和成效")
    may = frozenset({"units.read", "units.edit", "figures.read"})


class Leader(Role):
    """Reads, and asks why."""

    code, title = "leader", lazy("领导")
    does = lazy("看数字、看差距、点开名单")
    may = READS


class Auditor(Role):
    """Checks whether the numbers are true."""

    code, title = "auditor", lazy("抽查员")
    does = lazy("抽查核实，看数字和名单")
    may = READS | {"export"}


class SystemAdministrator(Role):
    """Keeps accounts; sees no member."""

    code, title = "system_administrator", lazy("系统管理员")
    does = lazy("开设账号、任免角色；看不到党员")
    may = frozenset({"users.edit"})


class SecurityAdministrator(Role):
    """Keeps locks; appoints nobody, sees no member."""

    code, title = "security_administrator", lazy("安全管理员")
    does = lazy("解锁账号、重置二次验证；不任免、看不到党员")
    may = frozenset({"users.secure"})


class AuditAdministrator(Role):
    """Reads the trail; does nothing else."""

    code, title = "audit_administrator", lazy("审计管理员")
    does = lazy("查看和校验操作记录；不做任何业务操作")
    may = frozenset({"trail.read"})


class Member(Role):
    """A Party member at their own record, and at nothing else: a wall of its own in the database."""

    code, title = "member", lazy("党员本人")
    does = lazy("看本人的登记和谁看过它，自己决定亮不亮身份，申请更正")
    may, appointed = frozenset({"own.read"}), False


ROLES: dict[str, type[Role]] = {role.code: role for role in Role.__subclasses__()}
#: Held by different people: who appoints does not unlock, and neither reads the trail of it.
APART = frozenset({"system_administrator", "security_administrator", "audit_administrator"})


def may(codes: Iterable[str]) -> frozenset[str]:
    """All that the holder of these roles may do."""
    return frozenset().union(*(ROLES[code].may for code in codes))
