"""The few sentences that an answer says of itself, in the reader's language."""

_PHRASES = {
    "en": {
        "refusal": "The articles do not say.",
        "nearest": "The nearest that they do say:",
        "model-failed": "The chat model did not answer; this is quoted from the articles.",
        "model-stopped": "The chat model stopped early; what it had proved until then is shown.",
        "model-refused": "The chat model found no answer in the articles; this is quoted from them.",
        "model-unproved": "Nothing that the chat model said could be proved; this is quoted from the articles.",
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
        "model-refused": "Mô hình trò chuyện không thấy câu trả lời trong bài; đây là câu trích từ các bài báo.",
        "model-unproved": "Không có điều nào mô hình trò chuyện nói mà kiểm chứng được; đây là câu trích từ các bài báo.",
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
