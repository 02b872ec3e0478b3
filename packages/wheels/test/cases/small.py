# wheels: kiwisolver contourpy markupsafe cycler pyparsing packaging python-dateutil tzdata fonttools
import datetime


def test_kiwisolver():
    from kiwisolver import Constraint, Solver, UnsatisfiableConstraint, Variable
    left, width, right = Variable("left"), Variable("width"), Variable("right")
    solver = Solver()
    for constraint in (right == left + width, left >= 10, width == 30, (right <= 100) | "weak"):
        solver.addConstraint(constraint)
    solver.addEditVariable(left, "strong")
    solver.suggestValue(left, 25)
    solver.updateVariables()
    assert (left.value(), right.value()) == (25, 55)
    try:
        solver.addConstraint(width == 31)
    except UnsatisfiableConstraint as error:
        assert isinstance(error.args[0], Constraint)
    else:
        raise AssertionError("a C++ exception should have come through")


def test_contourpy():
    import contourpy
    import numpy as np
    x = np.linspace(-2, 2, 81)
    z = np.add.outer(x**2, x**2)
    for name, kind in (("serial", "Separate"), ("mpl2014", "SeparateCode"), ("mpl2005", "SeparateCode")):
        lines = contourpy.contour_generator(x, x, z, name=name, line_type=kind).lines(1.0)
        lines = lines[0] if kind == "SeparateCode" else lines
        assert len(lines) == 1
        assert np.abs(np.hypot(*lines[0].T) - 1).max() < 0.01


def test_markupsafe_has_its_compiled_part():
    import markupsafe
    from markupsafe import Markup, escape
    assert markupsafe._escape_inner.__module__ == "markupsafe._speedups"
    assert escape("<a href='x'>&\"ä€😀") == "&lt;a href=&#39;x&#39;&gt;&amp;&#34;ä€😀"
    assert Markup("<b>%s</b>") % "<i>" == "<b>&lt;i&gt;</b>"


def test_cycler():
    from cycler import cycler
    assert len(cycler(color="rgb") * cycler(width=[1, 2])) == 6


def test_pyparsing():
    import pyparsing as pp
    number = pp.Word(pp.nums).set_parse_action(lambda t: int(t[0]))
    sum_ = pp.infix_notation(number, [("*", 2, pp.OpAssoc.LEFT), ("+", 2, pp.OpAssoc.LEFT)])
    assert sum_.parse_string("1+2*3").as_list() == [[1, "+", [2, "*", 3]]]


def test_packaging():
    from packaging.requirements import Requirement
    from packaging.tags import sys_tags
    assert Requirement("numpy>=2,<3").specifier.contains("2.4.6")
    assert "cp314-cp314-pyemscripten_2026_0_wasm32" in {str(tag) for tag in sys_tags()}


def test_dateutil_and_tzdata():
    from dateutil import parser, relativedelta, rrule
    from zoneinfo import ZoneInfo
    assert parser.parse("3 Feb 2024 14:05").isoformat() == "2024-02-03T14:05:00"
    assert datetime.date(2024, 1, 31) + relativedelta.relativedelta(months=1) == datetime.date(2024, 2, 29)
    days = rrule.rrule(rrule.WEEKLY, count=3, dtstart=datetime.datetime(2024, 1, 1))
    assert [d.day for d in days] == [1, 8, 15]
    assert datetime.datetime(2024, 7, 1, tzinfo=ZoneInfo("America/New_York")).utcoffset().total_seconds() == -14400


def test_fonttools():
    import io
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0)), pen.lineTo((0, 500)), pen.lineTo((500, 500)), pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "A": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Test"})
    builder.setupOS2(), builder.setupPost()
    buffer = io.BytesIO()
    builder.save(buffer)
    assert TTFont(io.BytesIO(buffer.getvalue())).getBestCmap() == {65: "A"}
