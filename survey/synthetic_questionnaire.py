"""The words of the demonstration questionnaire: gists of the published survey, in English and Japanese."""

from collections.abc import Mapping
from types import MappingProxyType

from survey.codebook import Choice, Codebook, MissingCode, Question

__all__ = ["INVENTED", "demo_codebook"]

INVENTED = ("sector", "active_us", "active_cn")
"""Questions that no source reports on: made up so that routing and groups have something to stand on."""

Words = Mapping[str, str]

_DO_NOT_KNOW = MissingCode(98, 98, "do_not_know", {"en": "Do not know", "ja": "わからない"})
_NO_ANSWER = MissingCode(99, 99, "no_answer", {"en": "No answer", "ja": "無回答"})
_NOT_ASKED = MissingCode(97, 97, "not_asked", {"en": "Not asked (routing)", "ja": "非該当"})
_MISSING = (_NOT_ASKED, _DO_NOT_KNOW, _NO_ANSWER)

_YES_NO = (("1", "Yes", "はい"), ("2", "No", "いいえ"))

_BANDS = (
    ("1", "None", "なし", 0.0, 0.0),
    ("2", "Under 10%", "10％未満", 0.0, 0.1),
    ("3", "10% to under 20%", "10％以上20％未満", 0.1, 0.2),
    ("4", "20% to under 30%", "20％以上30％未満", 0.2, 0.3),
    ("5", "30% to under 50%", "30％以上50％未満", 0.3, 0.5),
    ("6", "50% or more", "50％以上", 0.5, 1.0),
)

_OTHER = ("other", "Other", "その他")
_NONE = ("none", "None of these", "この中にはない")

_CHALLENGES = (
    ("us_china_uncertainty", "Unclear course of US-China relations", "米中関係の先行きが不透明"),
    ("getting_information", "Obtaining reliable information", "信頼できる情報の入手"),
    ("risk_assessment", "Assessing risk", "リスクの評価"),
    ("intl_intelligence", "Collecting information on world affairs", "国際情勢の情報収集"),
    ("staff", "Finding people with the knowledge", "知識のある人材の確保"),
    ("cost", "Cost of measures", "対応にかかる費用"),
    _OTHER,
)

_MEASURES = (
    ("information_control", "Tighter information management", "情報管理の強化"),
    ("supplier_change", "Change or spread suppliers", "サプライヤーの変更・分散"),
    ("new_unit", "New unit or person in charge", "担当部署・担当者の新設"),
    ("investment_plan_change", "Investment plan changed", "投資計画の変更"),
    ("relocate_production", "Production moved", "生産拠点の移転"),
    _OTHER,
)

_IMPACTS = (
    ("us_regulation_cost", "Extra cost from tighter US rules", "米国の規制強化によるコスト増"),
    ("supplier_change", "Suppliers changed", "サプライヤーの変更"),
    ("cn_regulation_cost", "Extra cost from tighter Chinese rules", "中国の規制強化によるコスト増"),
    ("sales_drop", "Lower sales", "売上高の減少"),
    _OTHER,
)

_US_CONCERNS = (
    ("supply_chain_disruption", "Supply chain disruption", "サプライチェーンの混乱"),
    ("exclusion_of_cn_firms", "Harder US exclusion of Chinese firms", "中国企業排除の強化"),
    ("cn_policy_outlook", "US China policy hard to foresee", "中期的な対中政策の見通しにくさ"),
    ("geopolitical", "Geopolitical risk", "地政学リスク"),
    ("relocation_cost", "Cost of moving supply chains or plants", "供給網・生産拠点の移転コスト"),
    _OTHER,
    _NONE,
)

_CN_CONCERNS = (
    (
        "policy_change_survival",
        "Chinese policy shift threatens the business",
        "中国の政策変更による事業存続リスク",
    ),
    ("leak", "Leak of information and technology", "技術を含む情報の漏えい"),
    ("geopolitical", "Geopolitical risk", "地政学リスク"),
    ("local_rivals", "Rise of Chinese competitors", "中国の競合企業の台頭"),
    ("fdi_rules", "Tighter rules on foreign capital", "外資規制の強化"),
    ("cyber", "Cyber attack", "サイバー攻撃"),
    _OTHER,
    _NONE,
)


def _both(en: str, ja: str) -> Words:
    return MappingProxyType({"en": en, "ja": ja})


def _single(
    name: str,
    en: str,
    ja: str,
    options: tuple[tuple[str, str, str], ...] = _YES_NO,
    *,
    asked_if: str = "",
    nets: Mapping[str, tuple[str, ...]] | None = None,
    net_labels: Mapping[str, Words] | None = None,
) -> Question:
    return Question(
        id=name,
        kind="single",
        columns=(name,),
        label=_both(en, ja),
        choices=tuple(Choice(code, _both(text, text_ja)) for code, text, text_ja in options),
        missing=_MISSING if asked_if else _MISSING[1:],
        asked_if=asked_if,
        nets=nets or {},
        net_labels=net_labels or {},
    )


def _band(name: str, side: str, en: str, ja: str) -> Question:
    return Question(
        id=name,
        kind="single",
        columns=(name,),
        label=_both(en, ja),
        choices=tuple(
            Choice(code, _both(text, text_ja), low=low, high=high)
            for code, text, text_ja, low, high in _BANDS
        ),
        missing=_MISSING[1:],
        nets={f"{side}_ge10": ("3", "4", "5", "6")},
        net_labels={f"{side}_ge10": _both("A tenth or more", "1割以上")},
        unit="share of sales",
    )


def _several(
    name: str, en: str, ja: str, options: tuple[tuple[str, str, str], ...], *, asked_if: str = ""
) -> Question:
    choices = tuple(Choice(code, _both(text, text_ja), f"{name}_{code}") for code, text, text_ja in options)
    return Question(
        id=name,
        kind="multiple",
        columns=tuple(choice.column for choice in choices),
        label=_both(en, ja),
        choices=choices,
        missing=_MISSING if asked_if else _MISSING[1:],
        counted="1",
        asked_if=asked_if,
    )


def demo_codebook() -> Codebook:
    """Every question of the demonstration wave, in the order of the questionnaire.

    Returns
    -------
    Codebook
        Languages `en` and `ja`. Options of multiple-response sets carry the option ids of the
        published figures; each tick stands in the column `<question>_<option>`, 1 ticked, 0 not.
    """
    questions = (
        Question("firm_id", "text", ("firm_id",), _both("Firm", "企業番号"), role="id"),
        Question("firm_name", "text", ("firm_name",), _both("Name of the firm", "企業名"), role="set_aside"),
        _single(
            "sector",
            "Sector",
            "業種",
            (
                ("1", "Electronics and telecommunications", "電機・通信"),
                ("2", "Machinery and vehicles", "機械・輸送機器"),
                ("3", "Materials and chemicals", "素材・化学"),
                ("4", "Trading, transport and energy", "商社・運輸・エネルギー"),
                ("5", "Finance, property and services", "金融・不動産・サービス"),
            ),
        ),
        _band("sales_share_us", "us", "Share of sales made in the United States", "売上高に占める米国の割合"),
        _band("sales_share_cn", "cn", "Share of sales made in China", "売上高に占める中国の割合"),
        _single("active_us", "Does business in the United States", "米国で事業を行っている"),
        _single("active_cn", "Does business in China", "中国で事業を行っている"),
        _single(
            "awareness",
            "Keeps economic security in mind",
            "経済安全保障を意識しているか",
            (
                ("1", "Strongly", "強く意識している"),
                ("2", "To some degree", "ある程度意識している"),
                ("3", "Not much", "あまり意識していない"),
                ("4", "Not at all", "まったく意識していない"),
            ),
            nets={"aware": ("1", "2")},
            net_labels={"aware": _both("Aware, to some degree or more", "意識している（計）")},
        ),
        _single(
            "measures_started", "Already acts on economic security", "経済安全保障の取り組みを始めている"
        ),
        _several(
            "measures_taken",
            "Measures taken",
            "実施している取り組み（複数回答）",
            _MEASURES,
            asked_if="measures_started == 1",
        ),
        _several(
            "main_challenge",
            "Greatest difficulties in dealing with economic security",
            "経済安全保障に対応するうえでの課題（複数回答）",
            _CHALLENGES,
        ),
        _single(
            "us_china_impact",
            "US-China confrontation affects the business now",
            "米中対立の事業への影響が出ている",
        ),
        _several(
            "impact_type",
            "In what form the confrontation affects the business",
            "米中対立の影響の内容（複数回答）",
            _IMPACTS,
            asked_if="us_china_impact == 1",
        ),
        _single(
            "had_to_choose",
            "Was ever forced to choose between the United States and China",
            "米中の板挟みとなり、選択を迫られたことがある",
        ),
        _several(
            "us_concerns",
            "Worries about business in the United States",
            "米国での事業の懸念（複数回答）",
            _US_CONCERNS,
            asked_if="active_us == 1",
        ),
        _several(
            "cn_concerns",
            "Worries about business in China",
            "中国での事業の懸念（複数回答）",
            _CN_CONCERNS,
            asked_if="active_cn == 1",
        ),
        _single(
            "tech_transfer_demand",
            "Was ever asked by the Chinese side to transfer technology",
            "中国側から技術移転を求められたことがある",
            asked_if="active_cn == 1",
        ),
        _single(
            "tech_transfer_complied",
            "What the firm did after the demand",
            "技術移転の要求への対応",
            (("1", "Complied", "応じた"), ("2", "Refused", "応じなかった"), ("3", "Other", "その他")),
            asked_if="tech_transfer_demand == 1",
        ),
        _single(
            "gov_request",
            "Wanted most from the Japanese government",
            "日本政府に最も求めること（単一回答）",
            (
                ("1", "Clear direction on US and Chinese rules", "米中の規制への明確な方針"),
                ("2", "Weigh corporate interests in policy", "企業の利益に配慮した政策"),
                ("3", "Share information with firms", "企業への情報提供"),
                ("4", "Financial support", "財政面の支援"),
                ("5", "Rules made together with partner countries", "友好国とのルール形成"),
                ("6", "Other", "その他"),
            ),
        ),
    )
    return Codebook(questions=questions, languages=("en", "ja"))
