"""The codes that no rule function raises: they are said where files are read, shaped and checked, and where photos are made.

Here they are only explained, in the form of a rule's docstring; `tests/test_explaining.py` finds a code without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exemplars.model import Level

ELSEWHERE: tuple[tuple[str, Level, str], ...] = (
    ("CT003", "error", """Ngày viết năm-tháng-ngày, và là một ngày có thật.

    Sai:
        date: 09/6/2020
    Đúng:
        date: 2020-06-09

    Trên trang, ngày vẫn hiện như trong văn bản hành chính: 09/6/2020.
    """),
    ("CT006", "error", """Chỉ dùng những mục mà phần khai báo có.

    Sai:
        tilte: Người sắp lại sổ trực đêm
    Đúng:
        title: Người sắp lại sổ trực đêm

    Danh sách các mục ở tệp CONTRIBUTING.md. Máy gợi ý mục có tên gần nhất.
    """),
    ("CT007", "error", """Tệp phải đọc được: phần khai báo nằm giữa hai dòng `---`, mỗi mục một dòng `tên: giá trị`.

    Sai:
        title: Gương sáng: người giữ lửa
    Đúng:
        title: "Gương sáng: người giữ lửa"

    Giá trị có dấu hai chấm, dấu thăng, hoặc bắt đầu bằng ký tự đặc biệt thì đặt trong dấu nháy kép. Thụt dòng bằng dấu cách, không bằng phím Tab.
    """),
    ("CT008", "error", """Mỗi mục chỉ ghi một lần.

    Sai:
        unit: van-phong-so
        unit: phong-bao-tro-xa-hoi
    Đúng:
        unit: phong-bao-tro-xa-hoi

    Ghi hai lần thì không biết lấy giá trị nào.
    """),
    ("CT009", "error", """Viết thẳng giá trị, không dùng neo, thẻ hay gộp khóa của YAML.

    Sai:
        summary: *tom-tat
    Đúng:
        summary: "*Ba mươi phút* với cuốn sổ trực."

    Giá trị bắt đầu bằng *, & hoặc ! thì đặt trong dấu nháy kép.
    """),
    ("CT010", "error", """Mỗi mục nhận một loại giá trị: chữ, ngày, số thứ tự, có hay không, danh sách.

    Sai:
        draft: có
    Đúng:
        draft: true

    Lời nhắn nói rõ mục ấy nhận gì.
    """),
    ("CT015", "error", """Mỗi thư mục chỉ chứa những tệp thuộc về nó, và là tệp thường.

    Sai:
        stories/2020/sap-lai-so-truc-dem/ghi-chu.docx
    Đúng:
        stories/2020/sap-lai-so-truc-dem/index.md

    Cạnh bài chỉ đặt approval.yml, ảnh JPG, PNG, WebP và tệp PDF. Liên kết (symlink) và tệp đặc biệt không được nhận.
    """),
    ("CT016", "error", """Tệp, phần khai báo, mỗi dòng có độ dài vừa phải; danh sách không lồng nhau quá 20 bậc, một đoạn không dày đặc dấu Markdown.

    Sai:
        (ảnh 20 MB chép thẳng từ máy ảnh)
    Đúng:
        (ảnh dưới 8 MB; bài dưới 256 kB, mỗi đoạn cách nhau một dòng trống, danh sách hai ba bậc)
    """),
    ("CT017", "error", """Không còn dấu xung đột của git trong tệp.

    Sai:
        <<<<<<< HEAD
        title: Người giữ lửa
        =======
        title: Người giữ lửa ở mái ấm
        >>>>>>> nhanh-khac
    Đúng:
        title: Người giữ lửa ở mái ấm

    Hai người cùng sửa một chỗ: hãy chọn một bản, rồi xóa ba dòng dấu.
    """),
    ("CT020", "warning", """Lời miễn đã hết hạn, hoặc không còn điều gì để miễn, thì bỏ đi.

    Sai:
        waive: [{rule: TC003, reason: Câu gốc trong biên bản ngắn, until: 2019-12-31}]
    Đúng:
        (bỏ dòng miễn; nếu quy tắc vẫn nhắc thì sửa bài, hoặc xin miễn lại với thời hạn mới)
    """),
    ("CT022", "error", """Một quy tắc của chương trình gặp lỗi. Đây không phải lỗi của bài.

    Sai:
        (không có gì trong bài phải sửa)
    Đúng:
        (gửi lời nhắn này cho người phụ trách kỹ thuật)

    Các quy tắc khác vẫn chạy và vẫn báo đủ.
    """),
    ("CT023", "warning", """Chữ trong giá trị không bị dấu # cắt mất: sau một dấu cách, dấu # mở đầu lời chú.

    Sai:
        title: Góc đọc sách số #1 của khu trọ
    Đúng:
        title: "Góc đọc sách số #1 của khu trọ"

    Lời chú thật thì viết có dấu cách sau dấu #: `# còn chờ số quyết định`.
    """),
    ("VT001", "error", """Tệp lưu theo bảng mã UTF-8.

    Sai:
        (lưu bằng Notepad với bảng mã ANSI, TCVN3 hay UTF-16)
    Đúng:
        (trong hộp lưu tệp, chọn Encoding: UTF-8)

    Căn cứ: Nghị định 30/2020/NĐ-CP, Phụ lục I: bộ mã ký tự Unicode theo TCVN 6909:2001.
    """),
    ("VT002", "error", """Chữ trong tệp là Unicode, không phải TCVN3, VNI hay chữ bị đổi bảng mã hai lần.

    Sai:
        Ng­êi gi÷ löa ë m¸i Êm
    Đúng:
        Người giữ lửa ở mái ấm

    Thường gặp khi chép từ văn bản cũ dùng phông .VnTime hay VNI-Times. Lời nhắn gợi ý cách đọc; hãy chuyển mã rồi dán lại.

    Căn cứ: Nghị định 30/2020/NĐ-CP, Phụ lục I: bộ mã ký tự Unicode theo TCVN 6909:2001.
    """),
    ("VT003", "error", """Chữ Đ, đ là chữ của tiếng Việt, không phải chữ Ð, ð trông giống nó.

    Sai:
        title: Tổ Ðiện          # Ð của tiếng Iceland
    Đúng:
        title: Tổ Điện

    Hai chữ trông như nhau nhưng máy tìm và xếp tên khác nhau. Hãy gõ lại chữ Đ bằng bộ gõ tiếng Việt.
    """),
    ("VT004", "error", """Không có ký tự điều khiển hay ký tự đảo chiều chữ.

    Sai:
        title: Người giữ lửa[U+202E] ở mái ấm
    Đúng:
        title: Người giữ lửa ở mái ấm

    Những ký tự này không nhìn thấy được, thường lẫn vào khi chép từ nơi khác. Hãy xóa cả từ rồi gõ lại.
    """),
)  # fmt: skip
