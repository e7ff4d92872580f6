"""How the printed form looks: black ink on A4, two columns, nothing torn apart at the foot of a page."""

__all__ = ["FORM_STYLE"]

FORM_STYLE = """
@page { size: A4; margin: 14mm 14mm 16mm; @bottom-right { content: counter(page); font-size: 8pt; } }
* { box-sizing: border-box; }
html { font: 8.8pt/1.38 "Noto Sans", "Helvetica Neue", Arial, "Noto Sans CJK JP", "Noto Sans JP",
  "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; color: black; background: white; }
:lang(ja) { font-family: "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", Meiryo,
  sans-serif; line-break: strict; }
body { margin: 0 auto; max-width: 182mm; }
main { break-after: page; }
main:last-child { break-after: auto; }
h1 { font-size: 16pt; line-height: 1.25; margin: 0 0 2mm; }
h2 { font-size: 11pt; margin: 6mm 0 2.5mm; padding: 1.2mm 0 0; border-top: 0.6mm solid black;
  break-after: avoid; }
h3 { font-size: inherit; margin: 0 0 1mm; break-after: avoid; padding-left: 7mm; text-indent: -7mm; }
h3 b { display: inline-block; min-width: 7mm; text-indent: 0; }
p { margin: 0 0 2mm; }
.opening { border-bottom: 0.4mm solid black; padding-bottom: 3mm; margin-bottom: 2mm; }
.columns { columns: 2; column-gap: 8mm; }
.block { break-inside: avoid; margin: 0 0 4.5mm; }
.wide { margin: 3mm 0 4.5mm; break-inside: avoid; }
.wide h3 { margin: 0; }
th h3 { font-weight: 400; }
th .ask { font-weight: 400; margin-bottom: 0; }
.ask { font-size: 7.6pt; margin: 0 0 1mm 7mm; }
.only { font-size: 7.6pt; font-style: italic; margin: 0 0 1mm 7mm; }
:lang(ja) .only { font-style: normal; }
ul { list-style: none; margin: 0 0 0 7mm; padding: 0; }
li { display: flex; gap: 1.6mm; align-items: baseline; padding: 0.25mm 0; break-inside: avoid; }
.box, .dot { display: inline-block; flex: none; width: 3mm; height: 3mm; border: 0.25mm solid black;
  position: relative; top: 0.35mm; }
.dot { border-radius: 50%; }
.code { font-size: 6.4pt; display: inline-block; min-width: 3mm; text-align: right; flex: none; }
td .code { min-width: 0; }
.apart { border-top: 0.2mm dotted black; margin-top: 0.6mm; padding-top: 0.6mm; }
table { border-collapse: collapse; width: 100%; break-inside: avoid; }
th, td { border-bottom: 0.2mm solid silver; padding: 0.7mm 1mm; text-align: left; vertical-align: top; }
thead th { border-bottom: 0.35mm solid black; vertical-align: bottom; font-weight: 600; }
th.side, td.side { text-align: center; width: 16mm; }
.wide th.side, .wide td.side { width: 19mm; }
tr.apart th, tr.apart td { border-top: 0.2mm dotted black; }
th[scope=row] { font-weight: 400; }
.line { display: inline-block; border-bottom: 0.25mm solid black; width: 26mm; height: 5mm; }
.line.long { width: 100%; }
td.side { line-height: 1.15; }
.cell { display: inline-block; vertical-align: middle; border: 0.25mm solid black; width: 11mm;
  height: 5.4mm; }
.cell.small { width: 7.5mm; margin-right: 0.8mm; }
.fill { margin-left: 7mm; } .whole { white-space: nowrap; }
.office { border: 0.35mm solid black; padding: 2mm 3mm; margin-top: 6mm; break-inside: avoid; }
.office h2 { border: 0; margin: 0 0 1mm; padding: 0; }
.foot { font-size: 7pt; margin-top: 4mm; }
@media screen { body { padding: 10mm; } }
"""
"""The style sheet of `survey.formats.form_write`; it names no file and no font that must be fetched."""
