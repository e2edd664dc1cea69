"""What the engine left unread: pale print, and columns that it took for no text.

Everything that was read is painted over, the rest is made darker, and read again as print that stands scattered. A page
that was read whole costs a twentieth of a second, for there is nothing left on it.
"""

from PIL import Image, ImageDraw

from agents.extraction.scan.limits import DOTS_PER_INCH
from agents.extraction.scan.port import Picture, Recognizer, Token
from agents.extraction.scan.rereading import lines, sureness
from agents.extraction.scan.turning import PAPER

# Greys that are counted as paper when its shade is looked for: it is the most frequent one of the lighter half, and
# pure white is what turning added.
PAPER_GREYS = range(128, 255)
# So much darker than the paper a grey is still paper, and from there on it is ink: labels in pale grey differ by 60.
PALE, INK = 20, 60
# Ink that a box leaves out at the ends of a word, in pixels.
MARGIN_PIXELS = 3
# Less sure lines are stains, rules and signatures, and so are less sure words of the others; fewer letters are parts of
# those.
LINE_CONFIDENCE_MIN, CONFIDENCE_MIN = 0.75, 0.3
LETTERS_MIN = 2
# What stands closer to a word that was read is a piece of it, in heights of the print.
PIECE_HEIGHTS = 0.25


def with_remainder(image: Image.Image, tokens: tuple[Token, ...], recognizer: Recognizer) -> tuple[Token, ...]:
    """Return the tokens of an upright page (mode L), and after them those of what they leave unread."""
    if not tokens:
        return ()
    rest = _darkened(_painted_over(image, tokens))
    picture = Picture(rest.tobytes(), rest.width, rest.height, DOTS_PER_INCH)
    after = max(token.line for token in tokens) + 1
    print_lines = (line for line in lines(recognizer.scattered(picture)) if sureness(line) >= LINE_CONFIDENCE_MIN)
    found = (token._replace(line=token.line + after) for line in print_lines for token in line)
    return (*tokens, *(token for token in found if _is_word(token) and not _is_piece(token, tokens)))


def _painted_over(image: Image.Image, tokens: tuple[Token, ...]) -> Image.Image:
    rest = image.copy()
    draw = ImageDraw.Draw(rest)
    for token in tokens:
        draw.rectangle((token.left - MARGIN_PIXELS, token.top, token.right + MARGIN_PIXELS, token.bottom), fill=PAPER)
    return rest


def _darkened(image: Image.Image) -> Image.Image:
    counts = image.histogram()
    paper = max(PAPER_GREYS, key=counts.__getitem__)
    shades = [(grey - (paper - INK)) * PAPER // (INK - PALE) for grey in range(PAPER + 1)]
    return image.point([min(max(shade, 0), PAPER) for shade in shades])


def _is_word(token: Token) -> bool:
    return token.confidence >= CONFIDENCE_MIN and sum(map(str.isalnum, token.text)) >= LETTERS_MIN


def _is_piece(token: Token, tokens: tuple[Token, ...]) -> bool:
    reach = PIECE_HEIGHTS * (token.bottom - token.top)
    middle = (token.top + token.bottom) / 2
    return any(
        token.left < other.right + reach and other.left < token.right + reach and other.top < middle < other.bottom
        for other in tokens
    )
