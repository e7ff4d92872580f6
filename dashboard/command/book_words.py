"""Words of a banner book, English and Japanese side by side."""

from dashboard.command.outputs import SYNTHETIC

__all__ = ["said", "said_list"]

_WORDS = {
    "contents": ("Contents", "目次"),
    "notes": ("Notes", "注記"),
    "question": ("Question", "設問"),
    "wording": ("Wording", "設問文"),
    "total": ("All firms", "全体"),
    "n": ("Firms (n)", "回答企業数（n）"),
    "base": ("Weighted base", "ウエイト付き基数"),
    "note": ("Note", "注"),
    "mean": ("Mean", "平均"),
    "share": ("Share", "割合"),
    "net": ("net", "計"),
    "top": ("top {} of the scale", "上位{}段階"),
    "bottom": ("bottom {} of the scale", "下位{}段階"),
    "nothing": ("under 10: not shown", "10社未満：非表示"),
    "counts": ("under 30: counts", "30社未満：社数"),
    "in firms": (" firms", "社"),
    "indicative": ("indicative", "参考値"),
    "hidden": ("not shown: confidentiality", "非表示（秘匿のため）"),
    "synthetic": (SYNTHETIC, "合成データ（架空の回答）"),
    "study": ("Study", "調査"),
    "study text": ("{study}, wave {wave}, {n} firms", "{study}、調査回 {wave}、{n}社"),
    "file": ("File", "ファイル"),
    "bases": ("Base", "集計基数"),
    "linked": ("firms whose purchases are linked", "購入の取引データがある企業"),
    "answered": ("firms that answered the question", "設問に回答した企業"),
    "routed": ("firms known to have been asked or routed away", "設問の対象か否かが判明している企業"),
    "returned": (
        "all returned questionnaires; silence counts as not ticked",
        "回収した全調査票（無回答は非選択とみなす）",
    ),
    "responses": ("all answers given, several a firm", "全回答数（複数回答の延べ数）"),
    "weight": ("Weight", "ウエイト"),
    "no weight": ("none: all firms count alike", "なし（全企業を同じ重みで集計）"),
    "target": ("Target", "推定の対象"),
    "firms": ("these firms, a known number of them", "これらの企業（有限母集団）"),
    "mechanism": (
        "firms like these, or other years; no finite population",
        "同種の企業や他の年（有限母集団を仮定しない）",
    ),
    "interval": ("Interval", "区間"),
    "interval text": (
        "{level:.4g}%, under each number; made by: {methods}",
        "{level:.4g}％、各値の下段。方法：{methods}",
    ),
    "census": ("none where all firms are known", "全数把握のため区間なし"),
    "answer": ("Answer", "回答"),
    "hypergeometric": ("hypergeometric", "超幾何分布"),
    "bounds": ("bounds without assumptions", "仮定なしの上下限"),
    "counts changed": ("over all that changed counts may stand for", "加工した件数が表し得る範囲"),
    "korn-graubard": ("Korn-Graubard", "Korn-Graubard法"),
    "korn-graubard truncated": ("Korn-Graubard, truncated", "Korn-Graubard法（打切り）"),
    "clopper-pearson": ("Clopper-Pearson", "Clopper-Pearson法"),
    "t": ("Student t", "t分布"),
    "remarks": ("Remarks", "留意点"),
    "fixed by design": ("a share fixed by the design has no doubt", "設計で固定された割合には誤差がない"),
    "leak": (
        "firms that were not routed to a question but answered it are counted",
        "対象外でも回答した企業を含む",
    ),
    "if silence were random": (
        "intervals hold if firms that stayed silent are like those that answered",
        "区間は無回答が無作為と仮定した場合のもの",
    ),
    "silent omitted": ("silent firms are left out of totals", "合計値は無回答企業を含まない"),
    "no df": ("too few units for an interval", "区間を求めるには単位数が不足"),
    "letters": ("Letters", "有意差の文字"),
    "letters text": (
        "A letter names a column of the same span that the cell exceeds: {test}, {adjust}, below {alpha:g}. "
        "Columns under {fewest} firms have none. Tests ask whether a difference is more than chance, so no "
        "finite population enters.",
        "文字は、同じ区分内でその値を有意に下回る列を示す（{test}、{adjust}、"
        "有意水準{alpha:g}）。"
        "{fewest}社未満の列には付けない。検定は差が偶然を超えるかを問うもので、有限母集団修正は用いない。",
    ),
    "arrows text": (
        "Arrows: the cell lies above or below the other firms of its span: {test}, {adjust}, below "
        "{alpha:g}. Columns under {fewest} firms have none.",
        "矢印は、同じ区分の他の企業全体に比べ有意に高い・低い値を示す（{test}、{adjust}、"
        "有意水準{alpha:g}）。"
        "{fewest}社未満の列には付けない。",
    ),
    "design": (
        "design-based tests (Rao-Scott for shares, t for means)",
        "標本設計に基づく検定（割合はRao-Scott、平均はt検定）",
    ),
    "spss": (
        "as SPSS tests columns (pooled z of shares, pooled t of means)",
        "SPSS方式の検定（割合は併合z検定、平均は併合t検定）",
    ),
    "displayr_exceptions": (
        "as Displayr marks exceptions, with design-based tests",
        "Displayrの例外表示方式（検定は標本設計に基づく）",
    ),
    "holm": ("Holm's correction in each row and span", "行・区分ごとのHolm補正"),
    "bh": ("Benjamini-Hochberg correction in each row and span", "行・区分ごとのBenjamini-Hochberg補正"),
    "bonferroni": ("Bonferroni's correction in each row and span", "行・区分ごとのBonferroni補正"),
    "none": ("no correction", "補正なし"),
    "printing": ("Printing", "表示規則"),
    "printing text": (
        "Nothing under 10 firms; under 30 counts of firms stand for percents, also in intervals; under 200 "
        "whole percents. A CSV of the same tables holds every number in full.",
        "10社未満は非表示、30社未満は割合の代わりに社数（区間も社数）、200社未満は整数％で表示。全桁の数値は同じ集計のCSVにある。",
    ),
}


def said(key: str, lang: str, **parts: object) -> str:
    """The words of a key in Japanese, else in English; a key without words is said as it is."""
    pair = _WORDS.get(key)
    if pair is None:
        return key
    text = pair[1 if lang == "ja" else 0]
    return text.format(**parts) if parts else text


def said_list(keys: list[str], lang: str) -> str:
    """Several keys, with commas."""
    return ("、" if lang == "ja" else ", ").join(said(key, lang) for key in keys)
