# SPDX-License-Identifier: Apache-2.0
"""Manuals and test pages with the numbers that everybody prints."""
import talks
from scenario import Scenario

SCENARIO = Scenario('Published test cards and sample documents')
MANUAL = b'''<h1>Testing payments</h1><table>
<tr><td>Visa</td><td>4111 1111 1111 1111</td></tr><tr><td>Visa</td><td>4242424242424242</td></tr>
<tr><td>MasterCard</td><td>5555 5555 5555 4444</td></tr><tr><td>Amex</td><td>378282246310005</td></tr></table>
<p>The social security number 078-05-1120 was on a card in a wallet; 000-12-3456 and 123-45-6789 are not issued.</p>
<p>Call 202-555-0143 or +1 202 555 0199, write to user@example.com, john.doe@example.com or jane@example.org.</p>
<p>IBAN: DE89 3704 0044 0532 0130 00, GB82 WEST 1234 5698 7654 32.</p>
'''


def make(script):
    for number in range(30):
        talks.get(script, f'10.20.7.{number + 20}', '192.0.2.32', script.start + 60 * number, 'docs.example.org',
                  MANUAL, path='/testing')
        talks.post(script, f'10.20.7.{number + 20}', '198.18.12.14', script.start + 60 * number + 9,
                   'sandbox.example.net', b'card=4242424242424242&exp=12%2F30&amount=100', path='/v1/charges')
