# SPDX-License-Identifier: Apache-2.0
from panels import BAD, GOOD, WARN, bars, lines, row, stat, steps, table

UID = 'gander-people'
TITLE = 'Gander: people and identifiers'
DESCRIPTION = 'How many people, by what kind of data, in clear text or not, and how sure the identifiers are.'
FROM = 'now-24h'
PEOPLE = ' An upper bound: a person in two pairs of ends counts twice; fewer than 10 show as 0.'


def panels():
    return [
        row('People'),
        stat('People whose data moved', 'All verdicts.' + PEOPLE, 'sum(gander_transfer_subjects{@}) or vector(0)'),
        stat('... in clear text', 'Anyone on the way can read it. Ask for TLS at the sender.' + PEOPLE,
             'sum(gander_sensitivity_subjects{@,transport="clear"}) or vector(0)', thresholds=steps(GOOD, 1, WARN)),
        stat('... sensitive or critical, in clear text',
             'Health, faith, secrets, registers of the State. Act on this first.' + PEOPLE,
             'sum(gander_sensitivity_subjects{@,transport="clear",sensitivity=~"sensitive|critical"}) or vector(0)',
             thresholds=steps(GOOD, 1, BAD)),
        stat('Kinds of identifiers seen', 'Rules with at least one counted value since the start, of those loaded.',
             [('count(sum by (rule) (gander_findings_total{@,result="counted"}) > 0) or vector(0)', 'seen'),
              ('max(gander_rules_loaded{@})', 'loaded')]),
        bars('People by class of data', 'The class is what the register permits by.' + PEOPLE,
             'topk(15, sum by (class) (gander_transfer_subjects{@}))', '{{class}}', size=(8, 9)),
        bars('People by identifier', 'Distinct values of each kind.' + PEOPLE,
             'topk(20, sum by (rule) (gander_type_subjects{@}))', '{{rule}}', size=(8, 9)),
        table('Sensitivity, transport, verdict',
              'Sensitive data in clear text without a permission stands above all else.' + PEOPLE,
              [('sum by (sensitivity, transport, verdict) (gander_sensitivity_subjects{@})', 'People')], size=(8, 9)),
        lines('People by class', 'Since the start of each sensor; a step is a new movement, a fall a restart without a '
              'saved state.', [('topk(12, sum by (class) (gander_transfer_subjects{@}))', '{{class}}')]),
        lines('People by identifier', 'The twelve largest.', [('topk(12, sum by (rule) (gander_type_subjects{@}))',
              '{{rule}}')]),

        row('Identifiers'),
        lines('Found, by rule', 'Counted values a second, repeats of the same person included.',
              [('topk(12, sum by (rule) (rate(gander_findings_total{@,result="counted"}[$__rate_interval])))',
               '{{rule}}')], 'cps'),
        lines('Found, by result',
              'unproven: as likely chance as not; test: a published test number. Much of either says '
              'that a rule is too wide for this network.',
              [('sum by (result) (rate(gander_findings_total{@}[$__rate_interval]))', '{{result}}')], 'cps',
               stacked=True,
              colors={'counted': 'blue', 'unproven': 'orange', 'test': 'purple'}),
        table('Rules by what they found', 'Since the start.',
              [('sum by (rule) (gander_findings_total{@,result="counted"})', 'Counted'),
               ('sum by (rule) (gander_findings_total{@,result="unproven"})', 'Unproven'),
               ('sum by (rule) (gander_findings_total{@,result="test"})', 'Test values')], size=(12, 9)),
        bars('Unproven share by rule',
             'Of what a rule found. Near 100 %: it fires on chance here; narrow it in an override '
             'or ask for context words (rules/README.md).',
             'topk(12, sum by (rule) (gander_findings_total{@,result="unproven"}) / '
             'sum by (rule) (gander_findings_total{@}))',
             '{{rule}}', 'percentunit', steps(GOOD, 0.5, WARN, 0.9, BAD), size=(12, 9)),
    ]
