//! Pixels: drawn twice as large and averaged, which makes every edge smooth; then PNG.

use crate::{Rgb, SheetError};

/// How much larger than the picture it is drawn.
pub(crate) const OVERSAMPLING: u32 = 2;

/// Bytes a pixel: red, green, blue.
pub(crate) const CHANNELS: usize = 3;

/// A finished picture but for its texts.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// Averages blocks of [`OVERSAMPLING`] × [`OVERSAMPLING`] pixels; `width` and `height` are the result's.
    pub(crate) fn shrunk(large: &[u8], width: u32, height: u32) -> Self {
        let factor = OVERSAMPLING as usize;
        let stride = width as usize * factor * CHANNELS;
        let mut pixels = Vec::with_capacity(width as usize * height as usize * CHANNELS);
        for rows in large.chunks_exact(stride * factor).take(height as usize) {
            for x in 0..width as usize {
                for channel in 0..CHANNELS {
                    let block = (0..factor * factor).map(|n| {
                        let (dx, dy) = (n % factor, n / factor);
                        let index = dy * stride + (x * factor + dx) * CHANNELS + channel;
                        u32::from(rows.get(index).copied().unwrap_or_default())
                    });
                    let count = OVERSAMPLING * OVERSAMPLING;
                    // A mean of bytes is a byte.
                    pixels.push(u8::try_from((block.sum::<u32>() + count / 2) / count).unwrap_or(u8::MAX));
                }
            }
        }
        Self { width, height, pixels }
    }

    /// Mixes a colour into a pixel; one outside the picture is left out.
    pub(crate) fn blend(&mut self, (x, y): (i64, i64), coverage: f64, color: Rgb) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x >= self.width || y >= self.height {
            return;
        }
        let index = (y as usize * self.width as usize + x as usize) * CHANNELS;
        for (under, over) in self.pixels.iter_mut().skip(index).zip([color.0, color.1, color.2]) {
            let mixed = f64::from(*under) + (f64::from(over) - f64::from(*under)) * coverage;
            // Between two bytes, so it is one.
            *under = mixed.round() as u8;
        }
    }

    /// As PNG.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, SheetError> {
        let failed = |error: png::EncodingError| SheetError::Drawing(error.to_string());
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&self.pixels).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_pixels_become_their_mean() {
        let large = [0, 0, 0, 100, 0, 10, 100, 0, 10, 200, 0, 21];
        assert_eq!(Picture::shrunk(&large, 1, 1).pixels, [100, 0, 10]);
    }

    #[test]
    fn blending_mixes_and_stops_at_the_edges() {
        let mut picture = Picture::shrunk(&[0; 12], 1, 1);
        picture.blend((0, 0), 0.5, (200, 100, 0));
        for outside in [(-1, 0), (1, 0), (0, 1), (i64::MIN, i64::MAX)] {
            picture.blend(outside, 1.0, (255, 255, 255));
        }
        assert_eq!(picture.pixels, [100, 50, 0]);
    }
}
