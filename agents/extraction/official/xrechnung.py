"""XRechnung's own rules in plain words: their publishers' are German.

Named as KoSIT names them: DE are the rules of the German core invoice, DEX those of its extension, CVD those of clean
vehicles, TMP those that await a version. What each asks for is told by the terms of EN 16931.
"""

from collections.abc import Mapping

_CORE: Mapping[str, str] = {
    "1": "no payment instructions are given (BG-16)",
    "2": "no contact of the seller is given (BG-6)",
    "3": "the seller's city is missing (BT-37)",
    "4": "the seller's post code is missing (BT-38)",
    "5": "the name of the seller's contact is missing (BT-41)",
    "6": "the telephone number of the seller's contact is missing (BT-42)",
    "7": "the e-mail address of the seller's contact is missing (BT-43)",
    "8": "the buyer's city is missing (BT-52)",
    "9": "the buyer's post code is missing (BT-53)",
    "10": "the city of the delivery address is missing (BT-77)",
    "11": "the post code of the delivery address is missing (BT-78)",
    "14": "a VAT breakdown has no rate (BT-119)",
    "15": "the buyer's reference, or Leitweg-ID, is missing (BT-10)",
    "16": "VAT is stated, but no VAT or tax number of the seller nor a tax representative",
    "17": "the type of invoice is none that XRechnung knows (BT-3)",
    "18": "a discount for early payment is not written in the form that XRechnung sets (BT-20)",
    "19": "a SEPA transfer is asked for, but the account is no IBAN with right check digits (BT-84)",
    "20": "a SEPA direct debit is announced, but the debited account is no IBAN with right check digits (BT-91)",
    "21": "the guideline is not the one of XRechnung 3.0 (BT-24)",
    "22": "two attached files have the same name (BT-125)",
    "23-a": "a transfer is asked for, but no account to transfer to is given (BG-17)",
    "23-b": "a transfer is asked for, and card or direct debit details are given as well",
    "24-a": "a card payment is named, but no card is given (BG-18)",
    "24-b": "a card payment is named, and transfer or direct debit details are given as well",
    "25-a": "a direct debit is named, but no mandate is given (BG-19)",
    "25-b": "a direct debit is named, and transfer or card details are given as well",
    "26": "a corrected invoice does not name the one that it corrects (BG-3)",
    "27": "the telephone number of the seller's contact has fewer than three digits (BT-42)",
    "28": "the e-mail address of the seller's contact is not written as one (BT-43)",
    "30": "a direct debit does not name the creditor's identifier (BT-90)",
    "31": "a direct debit does not name the account that is debited (BT-91)",
    "TMP-32": "neither a delivery date nor an invoicing period is given",
    "CVD-01": "the contract of a purchase of vehicles is missing (BT-12)",
    "CVD-02": "the tender of a purchase of vehicles is missing (BT-17)",
    "CVD-03": "no line says what vehicle is bought (BT-158, BT-160)",
    "CVD-04": "a vehicle's category is none of the list (BT-158)",
    "CVD-05": "how clean a vehicle is, is none of the values allowed (BT-161)",
    "CVD-06-a": "a line with a vehicle's category does not say once how clean it is (BT-160)",
    "CVD-06-b": "a line that says how clean a vehicle is does not give one category (BT-158)",
}
_EXTENSION: Mapping[str, str] = {
    "01": "an attached file has a type that is not allowed (BT-125)",
    "02": "a line's amount is not the sum of the lines below it (BT-131)",
    "03": "a line below a line does not say its VAT once",
    "04": "an identifier's scheme is none of ISO 6523",
    "05": "an identifier's scheme is none of ISO 6523",
    "06": "an identifier's scheme is none of ISO 6523",
    "07": "an electronic address's scheme is none of the European list",
    "08": "a delivery location's scheme is none of ISO 6523",
    "10": "a payment collected for others has no type",
    "11": "a payment collected for others has no amount",
    "12": "a payment collected for others has no description",
    "13": "a payment collected for others has more than two decimals",
    "14": "a payment collected for others is in another currency than the invoice",
    "15": "lines below lines are used, which XRechnung does not know in this syntax",
}
_PASSING: Mapping[str, str] = {
    "2": "the address of an external document is no absolute URL (BT-124)",
    "3": "the gross and the net price are for different quantities (BT-149, BT-150)",
    "4": "a supporting document is described more than once (BT-123)",
    "5": "a supporting document has more than one attached file (BT-125)",
    "6": "a date is not written as year-month-day",
    "7": "a date is not written in the format 102 (YYYYMMDD)",
    "CVD-01": "an item's classification has a scheme that is none of UNTDID 7143 (BT-158)",
}
GERMAN: Mapping[str, str] = {
    **{f"BR-DE-{number}": words for number, words in _CORE.items()},
    **{f"BR-DEX-{number}": words for number, words in _EXTENSION.items()},
    **{f"BR-TMP-{number}": words for number, words in _PASSING.items()},
}
