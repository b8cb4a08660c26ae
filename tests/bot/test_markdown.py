"""The little Markdown of guides: what is known is read, all else stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markdown import Grid, Heading, Items, Paragraph, Run, read_line, read_markdown


def line(text):
    return (Run(text),)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("", ()),
        ("# 标题 #", (Heading(1, line("标题")),)),
        ("###标题", (Paragraph((line("###标题"),)),)),
        ("一\n二\n\n三", (Paragraph((line("一"), line("二"))), Paragraph((line("三"),)))),
        ("- 一\n  接着\n- 二", (Items((line("一接着"), line("二"))),)),
        ("* 一\n\n* 二", (Items((line("一"),)), Items((line("二"),)))),
        ("3. 三\n4、 四", (Items((line("三"), line("四")), 3),)),
        ("一：\n- 二\n三", (Paragraph((line("一："),)), Items((line("二"),)), Paragraph((line("三"),)))),
        ("|甲|乙|\n|--|:-:|\n|1|2|\n|3|", (Grid((line("甲"), line("乙")), ((line("1"), line("2")), (line("3"), ()))),)),
        ("| 不是表 |", (Paragraph((line("| 不是表 |"),)),)),
        ("> 引\n> 用", (Paragraph((line("引"), line("用"))),)),
        ("一\n---\n二\n***", (Paragraph((line("一"),)), Paragraph((line("二"),)))),
        ("```\n代码\n```", (Paragraph((line("代码"),)),)),
        ("一\r\n二\r三", (Paragraph((line("一"), line("二"), line("三"))),)),
        ("<b>不是</b>", (Paragraph((line("<b>不是</b>"),)),)),
    ],
)
def test_a_text_is_read_into_parts(source, parts):
    assert read_markdown(source) == parts


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("先**看证**再买", (Run("先"), Run("看证", bold=True), Run("再买"))),
        ("__看证__", (Run("看证", bold=True),)),
        ("`CGP-1`", (Run("CGP-1"),)),
        ("[云](https://a.cn/x?y=1)", (Run("云", url="https://a.cn/x?y=1"),)),
        ("[点](javascript:alert(1))", (Run("[点](javascript:alert(1))"),)),
        ("[点](javascript:x)", (Run("点"),)),
        ("[点](data:text/html,x)", (Run("点"),)),
        ('[点](https://a"onx)', (Run("点"),)),
        ("![图](https://a.cn/p.png)", (Run("图"),)),
        ("**没有完", (Run("没有完"),)),
        ("2*3*4 = 24", (Run("2*3*4 = 24"),)),
    ],
)
def test_a_line_is_read_into_runs(text, runs):
    assert read_line(text) == runs


@given(st.text(alphabet=st.sampled_from("#*`[]()|-> \n1.甲:/_!"), max_size=80))
def test_any_text_is_read_and_links_are_web_links(source):
    for part in read_markdown(source):
        if isinstance(part, Items):
            assert part.items
        if isinstance(part, Grid):
            assert all(len(row) == len(part.head) for row in part.rows)
