//! Saturation of water by IAPWS-IF97, region 4 (Wagner et al. 2000, J. Eng. Gas Turbines Power 122:150, eqs. 29–31).
//!
//! Our own because it is two closed formulas; the crates that offer IF97 bring the whole standard with them.

/// Coefficients n1 to n10 of region 4 (IF97, table 34).
const N: [f64; 10] = [
    0.116_705_214_527_67e4,
    -0.724_213_167_032_06e6,
    -0.170_738_469_400_92e2,
    0.120_208_247_024_70e5,
    -0.323_255_503_223_33e7,
    0.149_151_086_135_30e2,
    -0.482_326_573_615_91e4,
    0.405_113_405_420_57e6,
    -0.238_555_575_678_49,
    0.650_175_348_447_98e3,
];

/// Absolute zero, °C.
const KELVIN_OFFSET: f64 = 273.15;
/// mbar in one MPa.
const MBAR_PER_MPA: f64 = 10_000.0;

/// Temperature at which water boils at `pressure_mbar` (absolute), in °C: IF97 eq. 31.
///
/// Valid from 6.11213 to 220 640 mbar; outside, and for NaN, `None`.
#[must_use]
pub fn saturation_temperature_celsius(pressure_mbar: f64) -> Option<f64> {
    if !(6.112_13..=220_640.0).contains(&pressure_mbar) {
        return None;
    }
    let beta = (pressure_mbar / MBAR_PER_MPA).powf(0.25);
    let e = beta * beta + N[2] * beta + N[5];
    let f = N[0] * beta * beta + N[3] * beta + N[6];
    let g = N[1] * beta * beta + N[4] * beta + N[7];
    let d = 2.0 * g / (-f - (f * f - 4.0 * e * g).sqrt());
    let kelvin = (N[9] + d - ((N[9] + d).powi(2) - 4.0 * (N[8] + N[9] * d)).sqrt()) / 2.0;
    Some(kelvin - KELVIN_OFFSET)
}

/// Pressure (mbar absolute) at which water boils at `temperature_celsius`: IF97 eq. 30.
///
/// Valid from 0 to 373.946 °C; outside, and for NaN, `None`.
#[must_use]
pub fn saturation_pressure_mbar(temperature_celsius: f64) -> Option<f64> {
    if !(0.0..=373.946).contains(&temperature_celsius) {
        return None;
    }
    let kelvin = temperature_celsius + KELVIN_OFFSET;
    let theta = kelvin + N[8] / (kelvin - N[9]);
    let a = theta * theta + N[0] * theta + N[1];
    let b = N[2] * theta * theta + N[3] * theta + N[4];
    let c = N[5] * theta * theta + N[6] * theta + N[7];
    let mpa = (2.0 * c / (-b + (b * b - 4.0 * a * c).sqrt())).powi(4);
    Some(mpa * MBAR_PER_MPA)
}

#[cfg(test)]
mod tests {
    use super::{saturation_pressure_mbar, saturation_temperature_celsius};

    /// IF97, table 36: p in MPa → T in K.
    #[test]
    fn matches_the_standards_check_values() {
        for (mpa, kelvin) in [(0.1, 372.755_919), (1.0, 453.035_632), (10.0, 584.149_488)] {
            let celsius = saturation_temperature_celsius(mpa * 10_000.0).unwrap();
            assert!((celsius + 273.15 - kelvin).abs() < 1e-6, "{mpa} MPa gave {celsius} °C");
        }
    }

    #[test]
    fn pressure_is_the_inverse_of_temperature() {
        for mbar in [20.0, 65.0, 150.0, 400.0, 1013.25] {
            let back = saturation_pressure_mbar(saturation_temperature_celsius(mbar).unwrap()).unwrap();
            assert!((back - mbar).abs() < 1e-6 * mbar, "{mbar} came back as {back}");
        }
    }

    #[test]
    fn outside_the_range_there_is_no_answer() {
        for mbar in [f64::NAN, -1.0, 0.0, 6.0, 300_000.0] {
            assert_eq!(saturation_temperature_celsius(mbar), None);
        }
        assert_eq!(saturation_pressure_mbar(f64::NAN), None);
        assert_eq!(saturation_pressure_mbar(-0.1), None);
    }
}
