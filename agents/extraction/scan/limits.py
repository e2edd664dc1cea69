"""Every bound of the scan lane, with its reason."""

# Five dense pages of 1.5 s, on a busy machine, stay under the processor time of the sandbox (10 s); a document with
# more pictures is doubtful.
PAGES_READ_MAX = 5
# Accuracy no longer rises above it and time does (docs/decisions/0016). Most scanners send 150 to 300.
DOTS_PER_INCH = 200
# An A3 drawing at 200 dpi has 7.7 million; larger pages are rendered coarser.
PAGE_PIXELS_MAX = 8_000_000
# An A4 page at 600 dpi has 35 million; in grey it takes as many bytes of the child's memory.
FILE_PIXELS_MAX = 40_000_000
# No side of an honest page is this many times the other; a strip would escape the bound on pixels.
SIDES_RATIO_MAX = 12
# Feeders pull a sheet askew by up to three degrees; beyond five it was photographed.
SKEW_DEGREES_MAX = 5.0
# A page with fewer words on top of a picture is a picture with a stamp or a fax header.
WORDS_ON_PICTURE_MAX = 20
# A picture that fills less than this part of the page is a logo or a photograph.
PICTURE_SHARE_MIN = 0.5
# Objects of a page that are looked at in search of its picture: a scan has one or, in strips, some hundred.
OBJECTS_MAX = 2_000
# Words of a page that are kept: the densest invoice page that we saw has 1,500.
WORDS_MAX = 5_000
# Lines that are looked at again in search of an account: more than these are a directory.
LINES_AGAIN_MAX = 6
# Lines of a page that are read once more where the engine is unsure of a word: a page with more is hopeless.
LINES_REREAD_MAX = 12
# Letters of those lines: on a page of long rows twelve took up to 0.4 s, which was half as much as the page itself.
LETTERS_REREAD_MAX = 300
# Characters of a text layer that stand for nothing, as a part of all: of a broken encoding nearly all, else hardly one.
GARBLED_SHARE_MAX = 0.2
