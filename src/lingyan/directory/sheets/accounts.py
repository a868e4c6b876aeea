"""Which columns has the sheet of accounts?"""

from __future__ import annotations

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory.roles import Role

ACCOUNTS = Sheet(
    kind="accounts",
    title="账号",
    columns=(
        Column(
            "username",
            "账号",
            required=True,
            hint="3 到 40 个小写字母、数字或 . _ -，以字母开头；不要用身份证号和电话",
            example="gaobeishan",
            aliases=("登录名", "用户名"),
            max_length=40,
        ),
        Column("name", "姓名", required=True, example="高乙六", max_length=60),
        Column(
            "person",
            "人员编号",
            hint="本人在人员名录中的编号；身份为“人选”时必须填",
            example="R0001",
            aliases=("编号",),
            max_length=20,
        ),
        Column(
            "role",
            "身份",
            Kind.CHOICE,
            choices=Role.choices(),
            hint="不填则只建账号；一人有几个身份的写几行",
            example="乡镇组织委员",
            aliases=("角色",),
        ),
        Column(
            "where",
            "管辖区划或单位",
            Kind.REFERENCE,
            hint="县级身份写县名，乡镇写乡镇名，村写村名，单位身份写单位全称",
            example="龙泉土家族乡",
            aliases=("管辖范围", "区划", "单位"),
        ),
        Column("town", "乡镇", Kind.REFERENCE, hint="村有同名的，写明乡镇", example=""),
        Column("since", "起始日期", Kind.DATE, hint="不填为导入当天", example="2026-03-01"),
        Column(
            "until", "终止日期", Kind.DATE, hint="从这一天起不再有此身份；不填为长期", example=""
        ),
    ),
    key=("username", "role", "where", "town"),
    guidance=(
        "密码不写在表里：导入后由导入的管理员取一次初始密码单，分发给本人，第一次登录时须修改。",
        "已设安全管理员的，系统管理员只导入账号（身份留空），身份由安全管理员导入。",
    ),
)

# What the administrator takes once, to hand out; it is never imported.
HANDOUT = Sheet(
    kind="handout",
    title="初始密码单",
    columns=(
        Column("name", "姓名"),
        Column("username", "账号"),
        Column("password", "初始密码（第一次登录时修改）"),
    ),
    key=("username",),
)
