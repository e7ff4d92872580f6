"""Words of the Ledger on paper, English and Japanese side by side, and the small marks made of them."""

from html import escape

from dashboard.command.outputs import SYNTHETIC

__all__ = [
    "LEDGER_WORDS",
    "both",
    "drawn_table",
    "heading_row",
    "plain_both",
    "reason_both",
    "reason_in",
    "rule_in",
]

LEDGER_WORDS = {
    "title": ("Ledger of changes to the answers", "回答データの修正記録"),
    "study": ("Study", "調査"),
    "wave": ("Wave", "調査回"),
    "file": ("File as received", "受領ファイル"),
    "sha256": ("Checksum (SHA-256)", "チェックサム（SHA-256）"),
    "rows": ("Rows read", "読み込んだ行数"),
    "left": ("Rows after cleaning", "修正後の行数"),
    "cells": ("Cells changed", "修正したセル数"),
    "none": ("No answer was changed.", "回答の修正はありません。"),
    "steps": ("What was done", "実施した処理"),
    "step": ("Step", "順"),
    "rule": ("Rule", "規則"),
    "column": ("Column", "列"),
    "many": ("Cells", "件数"),
    "why": ("Reason", "理由"),
    "who": ("Decided by", "決定者"),
    "row": ("Row", "行"),
    "firm": ("Firm", "企業"),
    "before": ("Before", "修正前"),
    "after": ("After", "修正後"),
    "whole": ("whole row", "行全体"),
    "always": ("always runs", "常に実施"),
    "setting": ("settings of the study", "調査の設定"),
    "blank": ("blank", "空欄"),
    "missing": ("stands for", "区分"),
    "rest": (
        "more cells; all of them stand in the files .json and .csv",
        "件は省略（全件は .json と .csv に記載）",
    ),
    "checked": ("Checked by", "確認者"),
    "date": ("Date", "日付"),
    "page": ("page", "頁"),
    "synthetic": (SYNTHETIC, "合成データ（架空の回答）"),
    "meanings": ("What codes mean now", "コードの意味の変更"),
    "question": ("Question", "設問"),
    "part": ("Part", "項目"),
    "choices": ("choices", "選択肢"),
    "missing_codes": ("codes for no answer", "無回答コード"),
    "unit": ("unit", "単位"),
    "gone": ("no longer", "削除"),
    "new": ("new", "追加"),
    "weights": ("Weights", "ウエイト"),
    "margins": ("Margins and what the weights give", "母集団の合計とウエイト付き合計"),
    "method": ("Method", "方法"),
    "raking": ("raking", "レイキング"),
    "post-stratification": ("post-stratification", "事後層化"),
    "linear": ("GREG (linear)", "一般化回帰（線形）"),
    "bounded": ("bounded calibration", "範囲付きキャリブレーション"),
    "response": ("non-response only", "無回答調整のみ"),
    "smallest": ("Smallest and largest weight", "最小・最大ウエイト"),
    "total": ("Sum of the weights", "ウエイトの合計"),
    "effect": ("Design effect of the weights (Kish)", "ウエイトによるデザイン効果（Kish）"),
    "worth": ("Effective number of firms, of those with a weight", "有効企業数（ウエイトのある企業数）"),
    "unmatched": ("Firms that could not be matched", "照合できなかった企業数"),
    "missed": ("Largest miss of a margin", "合計との最大差"),
    "margin": ("Margin", "周辺分布"),
    "category": ("Category", "カテゴリー"),
    "firms": ("Firms", "企業数"),
    "wanted": ("Known", "既知の合計"),
    "weighted_before": ("Before", "調整前"),
    "weighted_after": ("After", "調整後"),
    "source": ("Source", "出典"),
    "each": (
        "The weight of each firm stands in the files .json and .csv.",
        "各企業のウエイトは .json と .csv に記載。",
    ),
    "trim_text": ("spaces taken off", "空白の除去"),
    "narrow_digits": ("full-width digits made half-width", "全角数字の半角化"),
    "thousands": ("commas in numbers taken out", "桁区切りの除去"),
    "recode": ("codes exchanged", "コードの置き換え"),
    "set_missing": ("set missing, with its reason", "欠損理由の設定"),
    "merge_duplicates": ("rows of one firm merged", "重複回答の統合"),
    "harmonise_country": ("countries brought to codes", "国名の統一"),
    "harmonise_sector": ("sectors brought to codes", "業種の統一"),
    "harmonise_currency": ("amounts brought to one currency", "通貨の統一"),
    "winsorise": ("put on the limit", "外れ値の丸め（ウィンザー化）"),
    "drop": ("rows dropped", "行の除外"),
    "correct": ("corrected by hand", "個別訂正"),
    "weights.base": ("base weights", "基本ウエイト"),
    "weights.response": ("raised for firms that did not answer", "無回答の調整"),
    "weights.margins": ("brought to the margins", "母集団合計への調整"),
    "weights.trim": ("trimmed", "ウエイトの上限・下限"),
    "no_answer": ("no answer", "無回答"),
    "do_not_know": ("do not know", "わからない"),
    "refused": ("refused", "回答拒否"),
    "not_asked": ("not asked", "非該当"),
    "withheld": ("withheld", "秘匿"),
}
"""Key to the words in English and Japanese; rules of cleaning and of weights, and reasons, among them."""

_REASONS = {
    "trim_text": "文字列の前後の空白（全角を含む）を取り除き、空白だけの文字列は空欄とする",
    "narrow_digits": "数値・コードの全角数字と記号を半角にする（１２は12）",
    "thousands": "数値の3桁区切りのコンマを取り除く（1,200は1200）",
    "each firm counts once": "各企業を1とする",
    "each firm approached counts once": "調査対象の各企業を1とする",
    "N/n of the design": "設計上の N/n",
    "stands for firms that did not answer": "無回答企業の分を含める",
    "inside the bounds of trim": "上限・下限（trim）の範囲内に収める",
}
"""Japanese of the reasons that the product itself gives, by rule or by wording."""


def both(key: str) -> str:
    """English, and Japanese marked as such."""
    english, japanese = LEDGER_WORDS[key]
    return f'{escape(english)} <span class="ja" lang="ja">{escape(japanese)}</span>'


def reason_both(rule: str, reason: str) -> str:
    """A reason as written; where the product itself gives it, with its Japanese."""
    japanese = _REASONS.get(rule, _REASONS.get(reason, ""))
    return escape(reason) + (f' <span class="ja" lang="ja">{japanese}</span>' if japanese else "")


def reason_in(lang: str, rule: str, reason: str) -> str:
    """A reason in one language where the product itself gives it, else as written."""
    return _REASONS.get(rule, _REASONS.get(reason, reason)) if lang == "ja" else reason


def rule_in(lang: str, rule: str) -> str:
    """A rule of cleaning in one language, else its name."""
    return LEDGER_WORDS.get(rule, (rule, rule))[lang == "ja"]


def plain_both(key: str) -> str:
    """Both languages as one text without marks."""
    return " / ".join(LEDGER_WORDS[key])


def drawn_table(head: str, rows: list[str]) -> str:
    """A table that may be wider than a small screen, and is whole on paper."""
    return f'<div class="wide"><table>{head}<tbody>{"".join(rows)}</tbody></table></div>'


def heading_row(*keys: str, numbers: tuple[str, ...] = ()) -> str:
    """The head of a table; columns in `numbers` stand to the right as their numbers do."""
    cells = "".join(
        f'<th scope="col"{" class=number" if key in numbers else ""}>{both(key)}</th>' for key in keys
    )
    return f"<thead><tr>{cells}</tr></thead>"
