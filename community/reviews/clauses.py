"""The standard that every house starts with: what we promise, and what does not stand here."""

from __future__ import annotations

from dataclasses import dataclass

from commons.i18n import Words


@dataclass(frozen=True)
class UsualClause:
    """A clause before it is kept. Promises bind us; `grounds` bind everybody and may be cited against somebody's words."""

    number: str
    title: Words
    text: Words
    grounds: bool = True


FIRST_NOTE = Words("第一版。", "The first version.")

CLAUSES = (
    UsualClause(
        "1.1",
        Words("批评照登", "Criticism stays"),
        Words(
            "说我们不好，从来不是驳回或移除的理由。差评和好评走同一条路、守同一套条款；要驳回一条批评，必须两个人分别看过并都同意。",
            "That something speaks badly of us is never a reason to refuse or remove it. Bad and good reviews take the same way"
            " under the same clauses; to refuse a criticism, two people must look at it separately and agree.",
        ),
        grounds=False,
    ),
    UsualClause(
        "1.2",
        Words("由人决定，说明条款", "People decide, and name the clause"),
        Words(
            "规则只负责排队和提示，驳回与移除一定由人决定，并写明依据哪一条。我们会告诉作者。",
            "Rules only sort and point out. A person decides every refusal and removal, names the clause, and the author is told.",
        ),
        grounds=False,
    ),
    UsualClause(
        "1.3",
        Words("可以申诉", "You may appeal"),
        Words(
            "每次驳回或移除都可以申诉一次，由另一个人重新看。申诉成立，一切恢复原状。",
            "Every refusal and removal can be appealed once. Somebody else looks at it anew; if you are right, everything is as before.",
        ),
        grounds=False,
    ),
    UsualClause(
        "1.4",
        Words("公开计数", "Counted in public"),
        Words(
            "依据每一条驳回和移除了多少内容，在这一页公开，任何人都能看到。",
            "How much was refused and removed under each clause is counted on this page for everybody to see.",
        ),
        grounds=False,
    ),
    UsualClause(
        "2.1",
        Words("不辱骂他人", "No insults"),
        Words(
            "可以尖锐地说产品、说我们，不可以辱骂、嘲弄或纠缠任何一个人。",
            "Be as sharp as you like about products and about us, but do not insult, mock or pester any person.",
        ),
    ),
    UsualClause(
        "2.2",
        Words("不威胁、不歧视", "No threats, no hatred"),
        Words(
            "不威胁任何人，不因地域、民族、性别、年龄、疾病、信仰等贬低任何一群人。",
            "Threaten nobody, and run down no group of people for their origin, gender, age, illness, faith or the like.",
        ),
    ),
    UsualClause(
        "3.1",
        Words("不公开个人信息", "No personal details"),
        Words(
            "电话、住址、证件号、订单号、聊天记录里别人的名字和头像，都不要公开，包括你自己的。",
            "Phone numbers, addresses, identity and order numbers, names and faces out of private chats: do not show them, not even"
            " your own.",
        ),
    ),
    UsualClause(
        "4.1",
        Words("说真实的经历", "Tell what you lived through"),
        Words(
            "不写没有买过、没有用过的评价，不替人写评价，不收钱写评价。",
            "Do not review what you neither bought nor used, do not write reviews for others or for money.",
        ),
    ),
    UsualClause(
        "4.2",
        Words("不刷屏", "No flooding"),
        Words(
            "同样的话不反复发，也不约人一起发。",
            "Do not post the same words over and over, nor get others to post them.",
        ),
    ),
    UsualClause(
        "4.3",
        Words("不做广告、不引流", "No advertising"),
        Words(
            "不推销与圈子无关的东西，不留联系方式把人带去别处交易。",
            "Do not sell what has nothing to do with the circle, and leave no contact to take people elsewhere for trade.",
        ),
    ),
    UsualClause(
        "5.1",
        Words("不违法", "Nothing unlawful"),
        Words(
            "法律法规禁止发布的内容，以及教人伤害自己或他人的内容。",
            "Nothing that the law forbids to publish, and nothing that teaches how to harm oneself or others.",
        ),
    ),
    UsualClause(
        "5.2",
        Words("尊重他人的作品", "Respect the works of others"),
        Words(
            "不发没有得到许可的他人照片、文字和作品；引用请写明出处。",
            "Do not post pictures, texts or works of others without leave; name the source of what you quote.",
        ),
    ),
    UsualClause(
        "6.1",
        Words("看得懂、对得上", "Readable and about something here"),
        Words(
            "内容要能看懂，并且和所说的商品、订单或话题有关。",
            "It can be read, and it is about the product, the order or the topic that it names.",
        ),
    ),
    UsualClause(
        "6.2",
        Words("不惊吓别人", "Nothing that shocks"),
        Words(
            "血腥、裸露或令人不适的画面不适合在这里出现。",
            "Pictures of blood, nakedness or the like have no place here.",
        ),
    ),
)
