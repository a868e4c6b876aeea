"""In which words is a plan spoken of: people who go to posts, or units that are paired?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one kind of plan; {0} is the person or unit, {1} the post or village."""

    joined: str
    apart: str
    pair: str
    insist: str
    flip_in: str
    flip_out: str
    if_not: str
    kept: str
    tie_in: str
    tie_out: str
    rule: str
    no_room: str
    points: str
    standing: str
    wish_rank: str
    wanted_rank: str
    next_person: str
    next_post: str
    pool: str


POSTING = Words(
    joined="{0}派到{1}",
    apart="{0}没有派到{1}",
    pair="{0}到{1}",
    insist="若坚持派{0}到{1}",
    flip_in="方案就会改派{0}到{1}",
    flip_out="方案就不再派{0}到{1}",
    if_not="不派则",
    kept="也不改派",
    tie_in="另有一个同样好的方案派{0}到{1}",
    tie_out="另有一个同样好的方案不作此安排",
    rule="{0}不符合{1}的资格条件，须先解决不符合的条件。",
    no_room="{0}到{1}没有名额：岗位、人选、派出单位或总量的上限不允许，须先放宽。",
    points="匹配度",
    standing="该岗位有 {0} 名合格人选，其匹配度排第 {1}；本人可到 {2} 个岗位，此岗排第 {3}",
    wish_rank="，本人志愿第 {0}",
    wanted_rank="，村（镇）意向第 {0}",
    next_person="此岗的次优人选是{0}，若坚持改派：{1}。",
    next_post="本人的次优去处是{0}，若坚持改派：{1}。",
    pool="人才库",
)
PAIRING = Words(
    joined="{0}与{1}结对",
    apart="{0}没有与{1}结对",
    pair="{0}与{1}结对",
    insist="若坚持让{0}与{1}结对",
    flip_in="方案就会让{0}与{1}结对",
    flip_out="方案就不再让{0}与{1}结对",
    if_not="不结这一对则",
    kept="也不改变",
    tie_in="另有一个同样好的方案让{0}与{1}结对",
    tie_out="另有一个同样好的方案不结这一对",
    rule="{0}与{1}不能结对：有一方不愿意，或按规定不能结对。",
    no_room="{0}与{1}没有名额：单位或村的结对上限为 0，须先放宽。",
    points="结对分",
    standing="该村有 {0} 个单位可以结对，其结对分排第 {1}；该单位可与 {2} 个村结对，此村排第 {3}",
    wish_rank="，单位志愿第 {0}",
    wanted_rank="，村意向第 {0}",
    next_person="该村的次优单位是{0}，若坚持与其结对：{1}。",
    next_post="该单位的次优村是{0}，若坚持与其结对：{1}。",
    pool="无",
)


def words_of(mode: str) -> Words:
    """The words of a mode."""
    return PAIRING if mode == "pairing" else POSTING
