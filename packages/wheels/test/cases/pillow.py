# wheels: pillow matplotlib
import io

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageMath, ImageMorph, ImageOps, features

# The fonts of matplotlib; Pillow brings one of its own, too.
FONT = "/lib/python3.14/site-packages/matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf"


def test_what_is_in():
    assert features.check("freetype2") and features.check("zlib") and features.check("jpg")
    assert not features.check("webp")


def test_shapes():
    image = Image.new("RGB", (100, 80), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((10, 10, 40, 40), fill="red")
    draw.ellipse((50, 10, 90, 50), outline="blue", width=3)
    draw.line((0, 79, 99, 60), fill=(0, 128, 0), width=2)
    draw.polygon([(10, 60), (30, 50), (40, 70)], fill="black")
    assert image.getpixel((20, 20)) == (255, 0, 0) and image.getpixel((70, 30)) == (255, 255, 255)
    keep_picture(png(image))


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_text():
    image = Image.new("L", (300, 60), 255)
    font = ImageFont.truetype(FONT, 32)
    ImageDraw.Draw(image).text((5, 5), "Grüße 12", font=font, fill=0)
    dark = sum(count for value, count in enumerate(image.histogram()) if value < 128)
    assert dark > 500
    left, top, right, bottom = font.getbbox("Grüße 12")
    assert 120 < right - left < 250 and bottom > top
    bold = ImageFont.load_default(20)
    assert bold.getlength("W") > bold.getlength("i")
    keep_picture(png(image))


def test_formats_go_there_and_back():
    image = Image.effect_mandelbrot((64, 48), (-2, -1.5, 1, 1.5), 50)
    for kind in ("PNG", "GIF", "BMP", "TIFF", "PPM", "TGA", "ICO", "PCX"):
        buffer = io.BytesIO()
        image.save(buffer, kind)
        again = Image.open(io.BytesIO(buffer.getvalue()))
        again.load()
        if kind in ("PNG", "BMP", "PPM", "TIFF", "PCX"):
            assert ImageChops.difference(again.convert("L"), image).getbbox() is None, kind


def test_jpeg():
    image = Image.effect_mandelbrot((64, 48), (-2, -1.5, 1, 1.5), 50).convert("RGB")
    for options in ({"quality": 95}, {"quality": 95, "progressive": True}, {"quality": 95, "optimize": True}):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0", **options)
        again = Image.open(io.BytesIO(buffer.getvalue()))
        worst = max(high for low, high in ImageChops.difference(again.convert("RGB"), image).getextrema())
        assert again.format == "JPEG" and worst < 25
    buffer = io.BytesIO()
    image.convert("CMYK").save(buffer, "JPEG")
    assert Image.open(buffer).mode == "CMYK"


def test_a_broken_jpeg_is_an_error_and_not_the_end():
    # libjpeg leaves by longjmp, which has to work across the compiled code.
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 60).save(buffer, "JPEG")
    for broken in (buffer.getvalue()[:900], buffer.getvalue()[:300] + b"\xff\xc4\0\x05abc" * 50):
        try:
            Image.open(io.BytesIO(broken)).load()
        except OSError:
            pass
        else:
            raise AssertionError("a broken file was read")


def test_what_is_not_in_is_refused_in_words():
    try:
        Image.new("RGB", (4, 4)).save(io.BytesIO(), "WEBP")
    except (OSError, KeyError) as error:
        assert "WEBP" in str(error).upper()
    else:
        raise AssertionError("WebP is not built in")


def test_change():
    image = Image.linear_gradient("L").resize((64, 64), Image.Resampling.LANCZOS)
    assert image.getpixel((0, 0)) < 10 and image.getpixel((0, 63)) > 245
    assert image.rotate(90, expand=True).getpixel((0, 5)) < 10
    blurred = ImageOps.invert(image).filter(ImageFilter.GaussianBlur(4))
    assert blurred.size == (64, 64)
    assert image.convert("RGB").convert("HSV").mode == "HSV" and image.convert("1").mode == "1"
    assert len(image.quantize(8).getcolors()) <= 8
    assert image.transform((32, 32), Image.Transform.AFFINE, (2, 0, 0, 0, 2, 0)).size == (32, 32)


def test_mathematics_and_morphology():
    a = Image.new("L", (4, 4), 3)
    result = ImageMath.lambda_eval(lambda args: args["convert"](args["a"] * 2 + 1, "L"), a=a)
    assert result.getpixel((1, 1)) == 7
    spot = Image.new("L", (9, 9))
    spot.putpixel((4, 4), 255)
    count, grown = ImageMorph.MorphOp(op_name="dilation8").apply(spot)
    assert count == 8 and grown.getpixel((3, 3)) == 255
