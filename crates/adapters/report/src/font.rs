//! The sheet's own font, so that it looks the same on every machine.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use crate::SheetError;

/// What an SVG names: the sheet's font where the reader has it, and its like else.
const FAMILY: &str = "Roboto, Arial, sans-serif";

/// The rasteriser's size is ascent plus descent, 2400 of Roboto's 2048 units an em.
const RASTER_SIZE_PER_EM: f64 = 2400.0 / 2048.0;

/// plotters writes its size divided by this as an SVG's `font-size`.
const SVG_SIZE_PER_EM: f64 = 1.24;

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Medium,
}

/// Registers the font, once a process.
pub(crate) fn load() -> Result<(), SheetError> {
    static LOADED: OnceLock<bool> = OnceLock::new();
    let loaded = *LOADED.get_or_init(|| {
        let regular = include_bytes!("../fonts/Roboto-Regular.ttf");
        let medium = include_bytes!("../fonts/Roboto-Medium.ttf");
        // The style named bold is the medium weight: plotters knows no other.
        register_font(FAMILY, FontStyle::Normal, regular).is_ok()
            && register_font(FAMILY, FontStyle::Bold, medium).is_ok()
    });
    if loaded { Ok(()) } else { Err(SheetError::Drawing("its own font could not be read".to_owned())) }
}

/// The font with `em` pixels an em, for the rasteriser or for an SVG.
pub(crate) fn font(em: f64, weight: Weight, raster: bool) -> FontDesc<'static> {
    let style = match weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Medium => FontStyle::Bold,
    };
    let size = em * if raster { RASTER_SIZE_PER_EM } else { SVG_SIZE_PER_EM };
    FontDesc::new(FontFamily::Name(FAMILY), size, style)
}

/// How far below the point asked for to draw, in ems, so that capitals and digits stand centred on it.
pub(crate) const fn drop_em(raster: bool) -> f64 {
    // Capitals are 0.711 em high. The rasteriser puts the base line 0.097 of its size below the point, an SVG half an ex
    // (0.264 em).
    if raster { 0.711 / 2.0 - 0.097 * RASTER_SIZE_PER_EM } else { 0.711 / 2.0 - 0.264 }
}

/// Width of a text in pixels; 0 if it cannot be told.
pub(crate) fn width(text: &str, em: f64, weight: Weight) -> f64 {
    // Measured large, since the answer comes in whole pixels.
    const MAGNIFIED: f64 = 16.0;
    font(em * MAGNIFIED, weight, true).box_size(text).map_or(0.0, |(width, _)| f64::from(width) / MAGNIFIED)
}
