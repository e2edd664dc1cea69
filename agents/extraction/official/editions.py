"""Which edition of each rule set this release speaks by: the SHA-256 of its stylesheet.

What the official rules find can hold a payment, so the rules are part of the release (app/release.py hashes this file).
A wheel with other rules is refused by the process that runs them until somebody has looked at what changes, and has
entered it here; the document is then not validated, which is never valid.
"""

from collections.abc import Mapping

from agents.extraction.official.submission import RuleSet

EDITIONS: Mapping[RuleSet, str] = {
    "en16931-ubl": "186501ee6048182b36e4bed78583efa828814184bad89843899df44522f6dc59",
    "en16931-cii": "979f7e0210c727f1049ff55a93498531ba83a8ed2207d0d5247cd2d80c9c3d1a",
    "en16931-cii-cen": "0911e927f13f9ae2cdc7f973643f27bf0ad3c5da02483c04a5b8a47eb4822199",
    "xrechnung-ubl": "e32d831668facbbd5136cc0119bf1dd6f92ac20738aa3b3f021586f5a305c738",
    "xrechnung-cii": "ec54f662803a87f527ec606d1320bc404f1657a848af6a76f37f32905e4aac40",
    "factur-x-minimum": "6230450582f2557819bff5afee572c7068d27773383c9f6e836517fbc88fcbe1",
    "factur-x-basic-wl": "0a95fc45ff4c93ad5375ff805a713eb14d61ecd502512d9064de6402370c1457",
    "factur-x-basic": "b5dfdb58bccbe04f533874ca8a069e4b1703940449adaf051c7302f9bda3128d",
    "factur-x-extended": "2ea639b354729d8c10be4300fcdfb967bb68c74ae88e12f7a587b33e399ed563",
    "ctc-fr-ubl": "04bdb89cc07b3cdc7a50f987ec7c8749a872da49aae7b66b79f47b6de219ac27",
    "ctc-fr-cii": "cbefb2f3983312508108ebf7323f2bb1a80bfe54fce5eb8774cf5358ce6336df",
    "ctc-fr-extended-ubl": "22587cdcf262a1ea1fd4ec79c7cb319d1d493190a9c7da0be7e9eeaaa4dcc840",
    "ctc-fr-extended-cii": "023775cdcc33e0553785108c1bd27a0a6edff6af123b0168d61adc3790af6fa1",
}
