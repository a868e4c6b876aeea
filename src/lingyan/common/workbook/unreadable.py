"""Why is a file not read at all, and what can its owner do about it?"""

from __future__ import annotations

# code: Chinese reason, Chinese mend, English reason, English mend
SENTENCES: dict[str, tuple[str, str, str, str]] = {
    "absent": (
        "没有这个文件",
        "请检查文件名和所在文件夹",
        "there is no such file",
        "check its name and folder",
    ),
    "folder": (
        "这是文件夹，不是表格文件",
        "请写出文件夹里那份表格的文件名",
        "this is a folder, not a workbook",
        "name the workbook inside it",
    ),
    "locked": (
        "没有权限读取这个文件，或文件正被占用",
        "请关闭正在使用它的程序，或请文件所有人开放读取权限",
        "the file may not be read, or another program holds it",
        "close that program, or ask the owner for the right to read",
    ),
    "empty": (
        "文件是空的（0 字节）",
        "请重新保存或重新发送文件",
        "the file is empty (0 bytes)",
        "save it or send it again",
    ),
    "too_large": (
        "文件超过 {limit}，没有读取",
        "请删去图片和无关的工作表，或分成几个文件",
        "the file is over {limit} and was not read",
        "remove pictures and other worksheets, or split the file",
    ),
    "program": (
        "这是程序文件，不是表格",
        "请选择 .xlsx、.xls 或 .csv 表格；这个文件请不要打开",
        "this is a program, not a workbook",
        "choose an .xlsx, .xls or .csv file and do not open this one",
    ),
    "not_a_workbook": (
        "不能读取这种文件（{found}）",
        "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入",
        "this kind of file cannot be read ({found})",
        "open it in Excel or WPS and save it as .xlsx",
    ),
    "other_file": (
        "文件内容不是表格（{found}）",
        "请选择 .xlsx、.xls 或 .csv 表格；压缩包请先解压",
        "the content is not a workbook ({found})",
        "choose an .xlsx, .xls or .csv file; unpack an archive first",
    ),
    "macros": (
        "表格里有宏，为安全起见没有读取",
        "请另存为不带宏的 .xlsx 后再导入",
        "the workbook holds macros and was not read",
        "save it as an .xlsx without macros",
    ),
    "password": (
        "表格设了打开密码，无法读取",
        "请取消密码后另存再导入",
        "the workbook is protected by a password",
        "remove the password and save it again",
    ),
    "zip_bomb": (
        "压缩内容异常（展开后过大），没有读取",
        "请用 Excel 或 WPS 打开，把需要的内容复制到新表格里再导入",
        "the compressed content expands beyond reason and was not read",
        "copy what is needed to a new workbook",
    ),
    "entities": (
        "文件含有不安全的 XML 声明，没有读取",
        "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入",
        "the file holds unsafe XML declarations and was not read",
        "open it in Excel or WPS and save it as .xlsx",
    ),
    "too_many_cells": (
        (
            "工作表占用的范围过大（行数乘列数超过 {limit} 个单元格，50 列的表即约 {rows} 行），"
            "多半是表格下方或右侧留有大量空白单元格"
        ),
        (
            "请删除数据下方的空行和右侧的空列，保存后再导入；数据确实多时请按行分成几个文件，"
            "如按乡镇，每个都带表头，逐个导入"
        ),
        (
            "the worksheets span more than {limit} cells, such as {rows} rows of 50 columns; "
            "most of them are probably blank"
        ),
        (
            "delete the blank rows below and the blank columns beside the data, or split the rows "
            "into several files, each with the headings"
        ),
    ),
    "damaged": (
        "文件已损坏，无法读取",
        "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入",
        "the file is damaged and cannot be read",
        "open it in Excel or WPS and save it as .xlsx",
    ),
    "encoding": (
        "文本编码无法识别",
        "请另存为 UTF-8 编码的 .csv，或另存为 .xlsx",
        "the text encoding is not known",
        "save it as .csv in UTF-8 or as .xlsx",
    ),
    "csv": (
        "第 {line} 行附近的引号没有配对，无法分列",
        "请检查这一行的双引号，或另存为 .xlsx",
        "the quotes near line {line} do not match",
        "check the double quotes of this line or save the file as .xlsx",
    ),
    "no_sheet": (
        "没有找到工作表“{title}”，文件里有：{names}",
        (
            "请核对是不是选错了文件；没有选错的，把工作表改名为“{title}”；"
            "模板可在“表格导入”页下载，或用 lingyan template {kind} 生成"
        ),
        'the worksheet "{title}" was not found; the file has: {names}',
        (
            'check that this is the right file; if so, rename the worksheet "{title}" '
            "or make a template: lingyan template {kind}"
        ),
    ),
    "which_sheet": (
        "有几张工作表都像“{title}”：{names}，不知道用哪一张",
        "请把各张的行合到一张工作表里，命名为“{title}”",
        'several worksheets look like "{title}": {names}',
        'put all rows into one worksheet and name it "{title}"',
    ),
    "nothing": (
        "表格里没有任何内容",
        "请填写后保存再导入",
        "the workbook holds nothing",
        "fill it in and save it",
    ),
}


class UnreadableFile(Exception):  # noqa: N818 - names what was found
    """A file could not be read; one clear sentence and its mend, in both languages."""

    def __init__(self, code: str, **words: object) -> None:
        """Words that differ between the languages come as a pair (Chinese, English)."""
        text, mend, english, english_mend = SENTENCES[code]
        chinese_words = {key: _word(each, 0) for key, each in words.items()}
        english_words = {key: _word(each, 1) for key, each in words.items()}
        self.code = code
        self.text = text.format(**chinese_words)
        self.mend = mend.format(**chinese_words)
        self.english = english.format(**english_words)
        self.english_mend = english_mend.format(**english_words)
        super().__init__(f"{self.text}。{self.mend}。")


def _word(word: object, language: int) -> object:
    return word[language] if isinstance(word, tuple) else word


def too_many_cells(most: int) -> UnreadableFile:
    """Says what the limit is in rows, which is what people split a file by."""
    return UnreadableFile("too_many_cells", limit=f"{most:,}", rows=f"{most // 50:,}")
