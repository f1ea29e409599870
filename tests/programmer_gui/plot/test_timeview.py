"""The stretch of time in view."""

import pytest

from programmer_gui.plot.timeview import LONGEST_S, SHORTEST_S, TimeView


def following(now: float, span_s: float = 60.0) -> TimeView:
    view = TimeView(span_s)
    view.advance(0.0, now)
    return view


def test_following_keeps_the_latest_moment_just_inside_the_right_end() -> None:
    for now in (100.0, 100.3, 1_000.0):
        view = following(now)
        assert view.window(1_000).begin < now < view.window(1_000).end < now + 3


def test_at_first_the_curve_grows_from_the_left() -> None:
    view = TimeView(60.0)
    view.advance(500.0, 501.0)
    assert view.window(600).begin == pytest.approx(500.0)


def test_columns_stay_on_whole_pixels_of_time_while_it_scrolls() -> None:
    view = following(100.0)
    for step in range(50):
        view.advance(0.0, 100.0 + step * 0.013)
        window = view.window(700)
        assert window.begin / window.per_px == pytest.approx(round(window.begin / window.per_px), abs=1e-6)
        assert window.end >= view.now


def test_pan_and_zoom_end_following_and_a_longer_stretch_does_not() -> None:
    view = following(100.0)
    view.set_span(120.0)
    assert view.following
    view.pan(-10.0)
    assert not view.following
    end = view.end
    view.advance(0.0, 500.0)
    assert view.end == end
    view.follow()
    assert view.end > 500.0
    view.zoom(0.5, 480.0)
    assert not view.following


def test_zoom_keeps_the_moment_under_the_pointer() -> None:
    view = following(100.0)
    before = view.window(1_000)
    at = before.begin + 0.25 * before.span
    view.zoom(0.5, at)
    after = view.window(1_000)
    assert after.span == pytest.approx(before.span / 2)
    assert (at - after.begin) / after.span == pytest.approx(0.25, abs=0.002)


def test_it_neither_vanishes_nor_outgrows_a_pump() -> None:
    view = following(100.0)
    for _ in range(200):
        view.zoom(0.5, 90.0)
    assert view.span_s == SHORTEST_S
    for _ in range(200):
        view.zoom(2.0, 90.0)
    assert view.span_s == LONGEST_S


def test_a_pause_freezes_and_afterwards_it_catches_up() -> None:
    view = following(100.0)
    view.pause(True)
    end = view.end
    view.advance(0.0, 130.0)
    assert view.end == end
    view.pause(False)
    assert view.end > 130.0


def test_fit_shows_everything() -> None:
    view = TimeView(60.0)
    view.advance(20.0, 5_000.0)
    view.fit()
    window = view.window(800)
    assert window.begin < 20.0
    assert window.end > 5_000.0
    assert window.span < 5_300.0
    assert not view.following
