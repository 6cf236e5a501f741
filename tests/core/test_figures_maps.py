import warnings

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from bvae_core import kana
from bvae_core.errors import AnchorError, DataError
from bvae_core.figures import DARK, LIGHT, latent_map
from bvae_core.latent import two_axes

RNG = np.random.default_rng(0)
LABELS = np.arange(600) % 10
CENTRES = np.stack([np.cos(np.arange(10) * 0.628), np.sin(np.arange(10) * 0.628)], axis=1) * 5
CODES = (CENTRES[LABELS] + RNG.normal(size=(600, 2)) * 0.4).astype(np.float32)


def drawn(figure):
    """Return the pixels, (H, W, 3) uint8."""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


def texts(figure):
    """Return the words that are drawn: matplotlib keeps ticks beyond the view without drawing."""
    axes = figure.axes[0]
    beyond = [
        label
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    ]
    return [
        text
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible() and text not in beyond
    ]


def test_no_glyph_of_a_map_is_missing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn(latent_map(CODES[:9], LABELS[:9], kana.KMNIST, title="β-VAE · 14,011 images: 7 %"))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_map_has_every_class_in_its_colour_its_legend_and_its_name(theme):
    figure = latent_map(CODES, LABELS, kana.KMNIST, theme=theme, density=False, size=(5, 4))
    picture = drawn(figure)
    legend = figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()][:2] == ["お o", "き ki"]
    colours = [line.get_color() for line in legend.get_lines()]
    assert colours == list(theme.class_colours(10))
    for colour in colours:
        distance = np.abs(picture / 255 - to_rgb(colour)).max(axis=2)
        assert (distance < 0.02).sum() > 30
    words = [text.get_text() for text in texts(figure)]
    assert set(kana.KMNIST) <= set(words)
    assert {"z₁", "z₂"} <= set(words)


def test_a_map_puts_every_code_where_its_axes_say():
    figure = latent_map(CODES[:1] * 0 + 3, density=False, captions=False)
    picture = drawn(figure).astype(int)
    rows, columns = np.nonzero(np.abs(picture - picture[0, 0]).sum(axis=2) > 40)
    x, y = figure.axes[0].transData.transform((3, 3))
    assert columns.mean() == pytest.approx(x, abs=1)
    assert len(picture) - rows.mean() == pytest.approx(y, abs=1)


@pytest.mark.parametrize("size", [(3.0, 2.5), (8.0, 6.0), (16.0, 4.0)])
@pytest.mark.parametrize(
    "names",
    [kana.KMNIST, [f"{i} a name that is much too long for a legend" for i in range(10)]],
    ids=["kana", "long"],
)
def test_no_word_of_a_map_is_cut_off(names, size):
    figure = latent_map(
        CODES, LABELS, names, title="a title " * 40, size=size, path=CODES[:9], anchors=CODES[:3]
    )
    drawn(figure)
    for text in texts(figure):
        box = text.get_window_extent()
        assert box.x0 >= 0, text.get_text()
        assert box.y0 >= 0, text.get_text()
        assert box.x1 <= figure.bbox.width, text.get_text()
        assert box.y1 <= figure.bbox.height, text.get_text()


def test_both_dimensions_have_the_same_scale():
    axes = latent_map(CODES * [1, 5], LABELS, kana.KMNIST).axes[0]
    box = axes.get_window_extent()
    across = box.width / np.ptp(axes.get_xlim())
    assert across == pytest.approx(box.height / np.ptp(axes.get_ylim()))


@pytest.mark.parametrize("dimensions", [1, 2, 3, 10])
@pytest.mark.parametrize("labelled", [True, False])
def test_any_number_of_dimensions_with_or_without_classes(dimensions, labelled):
    codes = RNG.normal(size=(200, dimensions))
    figure = latent_map(
        codes,
        LABELS[:200] if labelled else None,
        kana.KMNIST if labelled else (),
        path=codes[:5],
        anchors=codes[:2],
    )
    words = [text.get_text() for text in texts(figure)]
    assert {"A", "B"} <= set(words)
    assert any(word.startswith("z₁" if dimensions < 3 else "PC 1 (") for word in words)
    assert bool(figure.legends) == labelled
    assert np.ptp(drawn(figure)) > 50


def test_two_dimensions_of_many_can_be_chosen():
    codes = RNG.normal(size=(50, 5))
    words = [text.get_text() for text in texts(latent_map(codes, projection=two_axes(5, (4, 1))))]
    assert {"z₅", "z₂"} <= set(words)


def test_without_captions_only_the_seals_have_letters():
    figure = latent_map(CODES, LABELS, kana.KMNIST, captions=False, anchors=CODES[:2], title="no")
    drawn(figure)
    assert [text.get_text() for text in texts(figure)] == ["A", "B"]


def test_codes_that_all_coincide_are_still_drawn():
    assert np.ptp(drawn(latent_map(np.zeros((20, 2)), LABELS[:20], kana.KMNIST))) > 50
    assert np.ptp(drawn(latent_map(np.zeros((20, 1))))) > 50
    assert np.ptp(drawn(latent_map(np.zeros((20, 4))))) > 50


def test_the_density_fades_before_the_edge():
    codes = RNG.normal(size=(60, 2))
    picture = drawn(latent_map(codes, captions=False, theme="light")).astype(int)
    assert np.ptp(picture[50], axis=0).max() <= 5  # just within the axes: a margin is 50 pixels
    assert np.ptp(picture[:, 50], axis=0).max() <= 5


@pytest.mark.filterwarnings("error")
def test_what_no_font_has_is_written_as_a_geta_mark():
    figure = latent_map(CODES[:2], [0, 1], ("🎉", "party 🎉🚀"), title="🐈 of mine")
    drawn(figure)
    words = {text.get_text() for text in texts(figure)}
    assert {"〓", "party 〓〓", "〓 of mine"} <= words


def test_a_map_refuses_what_it_can_not_draw():
    with pytest.raises(DataError, match="N ≥ 1"):
        latent_map(np.empty((0, 2)))
    with pytest.raises(DataError, match="labels"):
        latent_map(CODES, LABELS[:5], kana.KMNIST)
    with pytest.raises(DataError, match="one for each class name"):
        latent_map(CODES, LABELS, ("a",))
    with pytest.raises(AnchorError, match="finite"):
        latent_map(CODES * np.nan)
    with pytest.raises(AnchorError, match="2 dimensions"):
        latent_map(CODES, path=[[0, 0, 0], [1, 1, 1]])
