"""A small bundle of our own: a digest, a Vietnamese and an English text of one story."""

ENGLISH = """Harbour Bridge Opens in Vinh Hoa
City hopes for an end to morning queues
By Mai Tran
Updated March 2, 2025 9:30 am
VINH HOA — The harbour bridge in Vinh Hoa will open to traffic on March 3, the city council said on Monday. It replaces a ferry that has run since 1954.
Engineer Lan Pham said the bridge cost 1.8 billion dollars and took six years to build. "We lost two winters to storms," she said.
Fishermen fear that the pylons will drive away the squid on which their villages live. They have asked a court in Da Nang for compensation.
Ferries that carried 12,000 people a day will stop at the end of April.
"""
VIETNAMESE = """Cầu cảng Vĩnh Hòa thông xe
Thành phố mong hết cảnh xếp hàng buổi sáng
Tác giả: Mai Trần
Cập nhật ngày 2 tháng 3 năm 2025, 9:30 sáng
VĨNH HÒA — Cầu cảng ở Vĩnh Hòa sẽ thông xe ngày 3/3, hội đồng thành phố cho biết hôm thứ Hai. Cây cầu thay cho chuyến phà chạy từ năm 1954.
Kỹ sư Phạm Lan nói cây cầu tốn 1,8 tỷ USD và mất sáu năm xây dựng. “Chúng tôi mất hai mùa đông vì bão”, bà nói.
Ngư dân sợ các trụ cầu sẽ xua mất loài mực mà làng của họ sống nhờ. Họ đã yêu cầu một tòa án ở Đà Nẵng cho bồi thường.
Những chuyến phà chở 12.000 người mỗi ngày sẽ ngừng vào cuối tháng 4.
"""
DIGEST = """Cầu cảng Vĩnh Hòa thông xe ngày 3/3, sau sáu năm xây dựng và 1,8 tỷ USD.
Ngư dân lo mất mực và đã kiện ra tòa.
https://news.example/vinh-hoa
#VinhHoa
"""
BUNDLE = DIGEST + VIETNAMESE + ENGLISH
