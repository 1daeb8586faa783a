"""The few sentences that an answer says of itself, in the reader's language."""

_PHRASES = {
    "en": {
        "refusal": "The articles do not say.",
        "nearest": "The nearest that they do say:",
        "model-failed": "The chat model did not answer; this is quoted from the articles.",
        "model-stopped": "The chat model stopped early; what it had proved until then is shown.",
        "model-unproved": "Nothing that the chat model said could be proved; this is quoted from the articles.",
        "unknown-key": "it names a passage that there is not",
        "no-such-quote": "its quote is not in the passage",
        "not-word-for-word": "the quote was not word for word; this is what the article says",
        "wrong-language": "it is not in the language of the answer",
        "foreign-link": "it brings a link that is not in the passage",
        "number-not-there": "the number {} is not in the quote",
        "date-not-there": "the date {} is not in the quote",
        "name-not-there": "the name {} is not in the quote",
        "denies": "one denies what the other affirms",
        "opposes": "one rises where the other falls",
        "other-language": "Only a version in another language says this; the quote is from there.",
        "no-articles": "There are no articles here that could answer.",
        "nothing-left-out": "The digest covers every paragraph of the full text.",
        "no-digest": "This article has no digest to set against its full text.",
        "no-differences": "No numbers, dates, names or negations were found in which the versions differ.",
        "one-version": "This article has only one version.",
        "left-out": "The digest leaves out:",
        "differences": "The versions differ here:",
    },
    "vi": {
        "refusal": "Bài báo không nói đến điều này.",
        "nearest": "Phần gần nhất mà bài có nói:",
        "model-failed": "Mô hình trò chuyện không trả lời; đây là câu trích từ các bài báo.",
        "model-stopped": "Mô hình trò chuyện dừng giữa chừng; dưới đây là phần đã kiểm chứng được.",
        "model-unproved": "Không có điều nào mô hình trò chuyện nói mà kiểm chứng được; đây là câu trích từ các bài báo.",
        "unknown-key": "dẫn một đoạn không có",
        "no-such-quote": "đoạn được dẫn không có câu trích này",
        "not-word-for-word": "câu trích không nguyên văn; đây là điều bài báo viết",
        "wrong-language": "không viết bằng ngôn ngữ của câu trả lời",
        "foreign-link": "có liên kết không nằm trong đoạn được dẫn",
        "number-not-there": "câu trích không có con số {}",
        "date-not-there": "câu trích không có ngày {}",
        "name-not-there": "câu trích không có tên {}",
        "denies": "bên khẳng định, bên phủ định",
        "opposes": "bên tăng, bên giảm",
        "other-language": "Chỉ bản tiếng khác có nói điều này; câu trích lấy từ bản đó.",
        "no-articles": "Ở đây không có bài báo nào có thể trả lời.",
        "nothing-left-out": "Bản tóm tắt nhắc đến mọi đoạn của bản đầy đủ.",
        "no-digest": "Bài này không có bản tóm tắt để đối chiếu với bản đầy đủ.",
        "no-differences": "Không thấy số liệu, ngày tháng, tên riêng hay ý phủ định nào khác nhau giữa các bản.",
        "one-version": "Bài này chỉ có một bản.",
        "left-out": "Bản tóm tắt bỏ qua:",
        "differences": "Các bản khác nhau ở chỗ:",
    },
}


def phrase(name: str, language: str) -> str:
    """A phrase; in English where there is none in the language."""
    return _PHRASES.get(language, _PHRASES["en"])[name]
