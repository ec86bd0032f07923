//! Pixels: drawn twice as large and averaged, which makes every edge smooth; then PNG.

use crate::SheetError;

/// How much larger than the picture it is drawn.
pub(crate) const OVERSAMPLING: u32 = 2;

/// Bytes a pixel: red, green, blue.
pub(crate) const CHANNELS: usize = 3;

/// Averages blocks of [`OVERSAMPLING`] × [`OVERSAMPLING`] pixels; `width` and `height` are the result's.
pub(crate) fn shrink(large: &[u8], width: u32, height: u32) -> Vec<u8> {
    let factor = OVERSAMPLING as usize;
    let (width, height) = (width as usize, height as usize);
    let stride = width * factor * CHANNELS;
    let mut small = Vec::with_capacity(width * height * CHANNELS);
    for rows in large.chunks_exact(stride * factor).take(height) {
        for x in 0..width {
            for channel in 0..CHANNELS {
                let block = (0..factor * factor).map(|n| {
                    let (dx, dy) = (n % factor, n / factor);
                    let index = dy * stride + (x * factor + dx) * CHANNELS + channel;
                    u32::from(rows.get(index).copied().unwrap_or_default())
                });
                let count = OVERSAMPLING * OVERSAMPLING;
                // A mean of bytes is a byte.
                small.push(u8::try_from((block.sum::<u32>() + count / 2) / count).unwrap_or(u8::MAX));
            }
        }
    }
    small
}

/// Encodes RGB pixels.
pub(crate) fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, SheetError> {
    let failed = |error: png::EncodingError| SheetError::Drawing(error.to_string());
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_pixels_become_their_mean() {
        let large = [0, 0, 0, 100, 0, 10, 100, 0, 10, 200, 0, 21];
        assert_eq!(shrink(&large, 1, 1), [100, 0, 10]);
    }
}
