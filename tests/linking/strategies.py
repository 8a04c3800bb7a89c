"""Texts of any Unicode, with much of what makes folding hard."""

from __future__ import annotations

from hypothesis import strategies as st

# Marks, joiners, direction marks, ligatures, presentation forms, half and full widths, letters that change length.
HARD = (
    "\u0301", "\u0308", "\u0327", "\u0345", "\u064b", "\u0651", "\u0670", "\u05b4", "\u3099", "\u309a", "\u20dd",
    "\u0640", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202b", "\u202c", "\u2066", "\u2069",
    "\ufe0f", "\ufeff", "\U000e0101", "\U0001f3fd", "ß", "ẞ", "ﬁ", "ﬃ", "ĳ", "Æ", "œ", "İ", "ı", "I", "Σ", "ς", "ʼn",
    "ǰ", "ΐ", "ᾳ", "ᾼ", "ﻼ", "ﷲ", "ﷺ", "ﺍ", "ﻻ", "ﭖ", "أ", "إ", "آ", "ٱ", "ة", "ى", "ؤ", "ئ", "گ", "٣", "۴", "３", "Ａ",
    "ｶ", "ﾞ", "ﾟ", "ﾊ", "か", "が", "カ", "パ", "ー", "ᄒ", "ᅡ", "ᆫ", "한", "가", "각", "㈱", "㌔", "½", "①", "™", "’", "«",
    "–", "\n", "\r\n", "\t", " ", "  ", "\u00a0", "\u3000", "\u2028", "😀", "𝔸", "𐐀", "𠮷", "丽", "ก", "ั", "า", "ำ",
    "ड", "़", "é", "e\u0301", "ö", "ñ", "Å", "Ω", "ﾡ", "ᇂ", "ꦀ", "·", "ŀ", "ŉ", "ſ", "K", "٪", "،",
)  # fmt: skip

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.lists(
    st.sampled_from(HARD) | st.characters(exclude_categories=["Cs"]), max_size=30
).map("".join)


def _letters(*ranges: tuple[int, int]) -> st.SearchStrategy[str]:
    return st.one_of(*(st.characters(min_codepoint=low, max_codepoint=high) for low, high in ranges))


# The scripts whose letters with marks are one with the bare letters and marks apart.
SCRIPTS = {
    "Latin": _letters((0x41, 0x7A), (0xC0, 0x24F), (0x1E00, 0x1EFF), (0x300, 0x36F)),
    "Greek": _letters((0x370, 0x3FF), (0x1F00, 0x1FFF), (0x300, 0x345)),
    "Cyrillic": _letters((0x400, 0x52F), (0x300, 0x345)),
    "Arabic": _letters((0x621, 0x669), (0x670, 0x6D3)),
    "Hebrew": _letters((0x591, 0x5C7), (0x5D0, 0x5EA), (0xFB1D, 0xFB4F)),
    "kana": _letters((0x3041, 0x3096), (0x3099, 0x309A), (0x30A1, 0x30FE)),
    "Hangul": _letters((0xAC00, 0xD7A3), (0x1100, 0x1112), (0x1161, 0x1175), (0x11A8, 0x11C2)),
}
