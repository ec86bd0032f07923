//! The sheet's own font, so that it looks the same on every machine.

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale, ScaleFont as _, point};

use crate::{Rgb, SheetError};

/// What an SVG names: the sheet's font where the reader has it, and its like else.
const FAMILY: &str = "Roboto, Arial, sans-serif";

/// The rasteriser's size is ascent plus descent, 2400 of Roboto's 2048 units an em.
const RASTER_SIZE_PER_EM: f64 = 2400.0 / 2048.0;

/// Height of capitals and digits, in ems: 1456 of 2048 units.
const CAPITAL_EM: f64 = 1456.0 / 2048.0;

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Medium,
}

impl Weight {
    fn face(self) -> Result<FontRef<'static>, SheetError> {
        let bytes: &'static [u8] = match self {
            Self::Regular => include_bytes!("../fonts/Roboto-Regular.ttf"),
            Self::Medium => include_bytes!("../fonts/Roboto-Medium.ttf"),
        };
        FontRef::try_from_slice(bytes).map_err(|error| SheetError::Drawing(error.to_string()))
    }
}

/// Width of a text in pixels; 0 if it cannot be told.
pub(crate) fn width(text: &str, em: f64, weight: Weight) -> f64 {
    weight.face().map_or(0.0, |face| advances(&face, text, em).1)
}

/// Each character's glyph with where it begins, and the width of them all.
fn advances(face: &FontRef<'static>, text: &str, em: f64) -> (Vec<(GlyphId, f64)>, f64) {
    let scaled = face.as_scaled(PxScale::from((em * RASTER_SIZE_PER_EM) as f32));
    let mut at = 0.0;
    let mut glyphs = Vec::with_capacity(text.len());
    for c in text.chars() {
        let glyph = face.glyph_id(c);
        glyphs.push((glyph, at));
        at += f64::from(scaled.h_advance(glyph));
    }
    (glyphs, at)
}

/// Which way a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Across,
    Upwards,
}

/// A text and the pixel position of its beginning, halfway up its capitals.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) text: String,
    pub(crate) at: (f64, f64),
    pub(crate) em: f64,
    pub(crate) weight: Weight,
    pub(crate) color: Rgb,
    pub(crate) way: Way,
}

/// Draws a text; calls `blend` with each pixel it touches, how much of it is covered (0 to 1) and the text's colour.
pub(crate) fn draw(placed: &Placed, blend: &mut dyn FnMut((i64, i64), f64, Rgb)) -> Result<(), SheetError> {
    let face = placed.weight.face()?;
    let scale = PxScale::from((placed.em * RASTER_SIZE_PER_EM) as f32);
    let (along, across) = match placed.way {
        Way::Across => placed.at,
        Way::Upwards => (-placed.at.1, placed.at.0),
    };
    // On whole pixels, so that the foot of every letter is sharp; along the line fractions keep the spacing even.
    let base = (across + CAPITAL_EM * placed.em / 2.0).round();
    for (glyph, offset) in advances(&face, &placed.text, placed.em).0 {
        let glyph = glyph.with_scale_and_position(scale, point((along + offset) as f32, base as f32));
        let Some(outline) = face.outline_glyph(glyph) else { continue };
        let bounds = outline.px_bounds();
        // Saturates; whoever blends checks the picture's edges.
        let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
        outline.draw(|x, y, coverage| {
            let (x, y) = (left + i64::from(x), top + i64::from(y));
            let pixel = match placed.way {
                Way::Across => (x, y),
                Way::Upwards => (y, -x - 1),
            };
            blend(pixel, f64::from(coverage.clamp(0.0, 1.0)), placed.color);
        });
    }
    Ok(())
}

/// A text as an element of an SVG in logical pixels. Its length is given, so that another font takes the same room.
pub(crate) fn svg_element(placed: &Placed) -> String {
    let Placed { text, at: (x, y), em, weight, color: (red, green, blue), way } = placed;
    let weight_css = match weight {
        Weight::Regular => 400,
        Weight::Medium => 500,
    };
    let drop = CAPITAL_EM * em / 2.0;
    let place = match way {
        Way::Across => format!("x=\"{x:.2}\" y=\"{:.2}\"", y + drop),
        Way::Upwards => format!("transform=\"translate({:.2} {y:.2}) rotate(-90)\"", x + drop),
    };
    let length = width(text, *em, *weight);
    let escaped = escaped(text);
    format!(
        "<text {place} font-family=\"{FAMILY}\" font-size=\"{em}\" font-weight=\"{weight_css}\" \
         fill=\"#{red:02X}{green:02X}{blue:02X}\" textLength=\"{length:.2}\" \
         lengthAdjust=\"spacingAndGlyphs\">{escaped}</text>\n"
    )
}

/// A text as it stands between the tags of an SVG.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_equally_wide_so_that_numbers_stand_still() {
        let one = width("1", 100.0, Weight::Regular);
        assert!(one > 0.0);
        for digit in "0123456789".chars() {
            assert!((width(&digit.to_string(), 100.0, Weight::Regular) - one).abs() < 1e-6);
        }
    }

    #[test]
    fn the_signs_of_the_trade_have_glyphs() {
        for weight in [Weight::Regular, Weight::Medium] {
            let face = weight.face().expect("a font");
            for sign in "°µ–—…−×±≤≥→←↑↓ΔσäñçőЖ".chars() {
                assert!(face.glyph_id(sign).0 != 0, "{sign}");
            }
        }
    }
}
