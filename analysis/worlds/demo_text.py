"""What the demonstration says of itself: the text of its `study.toml` and of its README."""

__all__ = ["README", "STUDY"]

STUDY = """\
# The demonstration: 100 synthetic firms. Remade by: crosspressure demo --remake DIR
schema = 1
id = "demo"
title = {{ en = "Economic security survey, 2021 (synthetic)", ja = "経済安全保障調査2021（合成データ）" }}
languages = ["en", "ja"]
synthetic = true
as_of = {as_of}
calibrated_at = {calibrated_at}

[[waves]]
name = "2021"
file = "demo_2021.sav"
codebook = "codebook.toml"

[design]
id = "firm_id"
population = [100]
selection = "list"
target = "firms"

[[clean]]
rule = "correct"
reason = "full-width digits in a made-up name, so that the Ledger has something to show"
who = "maker of the demonstration"
firm = "S023"
question = "firm_name"
before = "Synthetic Firm 023 / 合成企業０２３"
value = "Synthetic Firm 023 / 合成企業023"

[supply]
links = "links.csv"
parties = "parties.csv"
items = "items.csv"

[rules]
catalogue = "builtin"
listings = "listings.csv"
materials = "bom.csv"
ownership = "ownership.csv"
lists_taken = 2026-01-10
dormant = 0.25

[pressure]
outcome = "had_to_choose"
event = ["1"]
by = ["sector"]

[pressure.selfreport]
us = {{ question = "impact_type", option = "us_regulation_cost" }}
cn = {{ question = "impact_type", option = "cn_regulation_cost" }}
squeeze = {{ question = "us_china_impact", codes = ["1"] }}

[scenarios]
ready = "all"

[readiness]
exposed = 0.05
ready = 0.5

[[readiness.controls]]
control = "unit"
question = "measures_taken"
option = "new_unit"

[[readiness.controls]]
control = "information"
question = "measures_taken"
option = "information_control"

[[readiness.controls]]
control = "suppliers"
question = "measures_taken"
option = "supplier_change"

[published]
figures = "builtin"

[published.questions]
main_challenge = "main_challenge"
measures_taken = "measures_taken"
us_concerns = "us_concerns"
cn_concerns = "cn_concerns"
gov_request = "gov_request"
awareness = {{ series = "awareness", options = {{ aware = "aware", not_at_all = "4" }} }}
measures_started = {{ series = "measures_started", options = {{ yes = "1" }} }}
us_china_impact = {{ series = "us_china_impact", options = {{ yes = "1" }} }}
impact_type = {{ series = "impact_type", options = {{ us_regulation_cost_sales = "us_regulation_cost" }} }}
had_to_choose = {{ series = "had_to_choose", options = {{ yes = "1" }} }}
tech_transfer_demand = {{ series = "tech_transfer_demand", options = {{ yes = "1" }} }}
tech_transfer_complied = {{ series = "tech_transfer_complied", options = {{ complied = "1" }} }}

[release]
audiences = ["internal", "members", "public"]
minimum_frequency = 5
by = ["sector"]
headline = ["us_china_impact", "impact_type", "had_to_choose"]

[release.public]
floor = 5
reason = "figures of this wave were printed for everybody in 2021, so its readers learn no less from those"
"""
"""Settings of the study; `str.format` with `as_of` and `calibrated_at`."""

README = """\
# The demonstration study is synthetic

合成データ（架空の回答）です。実在の企業の回答は一つも含みません。

No row here is the answer of a real firm, no party is a real party, and no link or listing is real.
What is real is a set of printed counts, and the instruments of law that the rules of the product know.

| file | what it holds |
|---|---|
| `demo_2021.sav` | answers of 100 synthetic firms; seed {firm_seed} |
| `codebook.toml` | questions and options in English and Japanese, routing, bands, nets |
| `links.csv` | {links} synthetic links: customers, and suppliers over three tiers; seed {world_seed} |
| `parties.csv` | the 100 firms and 2,000 synthetic customers and suppliers; sales in millions of yen |
| `items.csv` | {items} goods as sold by a party: HS and ECCN codes, content, origin (assigned at random) |
| `listings.csv` | {listings} synthetic listings: which made-up party stands on which list, from which day |
| `bom.csv` | bills of materials of a few goods: {bom} components, from which their content is worked out |
| `ownership.csv` | {ownership} synthetic holdings of listed customers, for the 50 per cent rules |
| `study.toml` | settings |

`crosspressure demo --remake DIR` writes all of it again, byte for byte.

## Published facts

The counts below are those printed for the survey of 2021 (`data/reference/published`, with
sources), and the synthetic firms reproduce each of them exactly: greatest difficulties 75, 65, 62,
57 of 100; aware 98; acting 86 of 99; measures 56 and 44 of 87 (one more answered than said they
act); affected 59 of 97; kinds of impact 44, 27, 25, 22 of 74 (the 59 affected firms and 15 that had
said no); had to choose 12 of 96; worries about China 67, 58, 56, 55, 46, 46 of 88 and about the
United States 42, 41, 40, 34, 25 of 88; wanted from government 46 and 18 of 97; a tenth of sales or
more made in the United States 64 and in China 49; asked for technology 8, complied 3. Three bases
are not printed and are our choice among those that fit: awareness and shares of sales 100, demand
for technology 73.

## Invented

- Which firm gave which answer. Each firm has three latent traits (exposure to the United States,
  exposure to China, readiness) that differ by sector; a score for each answer adds the traits, with
  fixed loadings, to noise, and the firms with the highest scores give the answer, as many as were
  printed.
- All counts that no source prints: other options, finer bands, sectors, who does business where,
  who is silent.
- Words of questions and options: gists in our own words.
- All parties, links, goods, contents, components, holdings and listings. The share of a firm's sales
  that goes, in items subject to US export rules, to Chinese buyers listed on 15 December 2021 was
  made to go with having had to choose at a stated strength: area under the curve {strength} over
  the 96 firms that answered. A real survey need not show this; a finding of the product on these
  data is a finding
  about our pen. The four firms that did not answer stand where the model puts them, on average, at
  the observed rate. Listings after that day are drawn without a look at the outcome. Links are of
  one year (2021) and are held to be the same in 2026. Sales to China and the United States carry
  confidence 1 (a firm screens the buyers of its exports); all other links are less sure.
"""
"""Text of the README; `str.format` with seeds, strength and row counts."""
