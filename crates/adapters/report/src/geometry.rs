//! Plane geometry of the plot: rectangles, clipping, dashes, round numbers for an axis.

/// A point, in logical pixels.
pub(crate) type Point = (f64, f64);

/// A rectangle in logical pixels, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The part of the line from `from` to `to` that lies inside (Liang–Barsky).
    pub(crate) fn clip(&self, from: Point, to: Point) -> Option<(Point, Point)> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        let edges = [
            (-dx, from.0 - self.left),
            (dx, self.right - from.0),
            (-dy, from.1 - self.top),
            (dy, self.bottom - from.1),
        ];
        for (way, distance) in edges {
            if way == 0.0 {
                if distance < 0.0 {
                    return None;
                }
            } else if way < 0.0 {
                enter = enter.max(distance / way);
            } else {
                leave = leave.min(distance / way);
            }
        }
        (enter <= leave)
            .then_some(((from.0 + dx * enter, from.1 + dy * enter), (from.0 + dx * leave, from.1 + dy * leave)))
    }

    /// The pieces of a polyline that lie inside; cut also where a point is not finite.
    pub(crate) fn clip_line(&self, points: impl IntoIterator<Item = Point>) -> Vec<Vec<Point>> {
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        let mut last: Option<Point> = None;
        for point in points {
            if !(point.0.is_finite() && point.1.is_finite()) {
                last = None;
                continue;
            }
            if let Some((from, to)) = last.and_then(|last| self.clip(last, point)) {
                match pieces.last_mut() {
                    Some(piece) if piece.last() == Some(&from) => piece.push(to),
                    Some(_) | None => pieces.push(vec![from, to]),
                }
            }
            last = Some(point);
        }
        pieces
    }
}

/// Cuts a polyline into dashes: lengths of dash, gap, dash, … repeated. Whole if there is no pattern.
pub(crate) fn dashes(line: &[Point], pattern: &[u32]) -> Vec<Vec<Point>> {
    if pattern.iter().all(|length| *length == 0) {
        return vec![line.to_vec()];
    }
    let mut lengths = pattern.iter().map(|length| f64::from(*length)).cycle().enumerate();
    let mut next = move || lengths.next().unwrap_or((0, 1.0));
    let (mut index, mut left) = next();
    // A pattern of odd length is taken twice, as in SVG, so that dash and gap keep changing.
    let mut done = Vec::new();
    let mut dash: Vec<Point> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let [from, to] = *pair else { continue };
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let mut at = 0.0;
        while length - at > left {
            at += left;
            let point = (from.0 + (to.0 - from.0) * at / length, from.1 + (to.1 - from.1) * at / length);
            if index % 2 == 0 {
                dash.push(point);
                done.push(std::mem::take(&mut dash));
            }
            (index, left) = next();
            dash = vec![point];
        }
        left -= length - at;
        if index % 2 == 0 {
            dash.push(to);
        }
    }
    if index % 2 == 0 && dash.len() > 1 {
        done.push(dash);
    }
    done
}

/// Round values within `low` to `high`, about `count` of them, and the digits after the point that they need.
pub(crate) fn ticks(low: f64, high: f64, count: f64) -> (Vec<f64>, usize) {
    let raw = (high - low) / count.max(1.0);
    let power = raw.log10().floor();
    let base = 10_f64.powf(power);
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|m| m * base).find(|step| *step >= raw).unwrap_or(base * 10.0);
    let first = (low / step).ceil();
    // A range far from zero and narrower than a float's steps has no round values.
    let values = (0..TICKS_MAX).map(|n| (first + f64::from(n)) * step).take_while(|value| *value <= high + step * 1e-9);
    let digits = -step.log10().floor();
    // 0 to 12, so the cast is exact; a float has no more than that to show.
    let decimals = digits.clamp(0.0, 12.0) as usize;
    (values.collect(), decimals)
}

/// Most ticks of an axis.
const TICKS_MAX: u32 = 50;

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn a_line_is_cut_at_the_edges_and_dropped_outside() {
        assert_eq!(RECT.clip((-5.0, 5.0), (15.0, 5.0)), Some(((0.0, 5.0), (10.0, 5.0))));
        assert_eq!(RECT.clip((-5.0, 20.0), (15.0, 20.0)), None);
        assert_eq!(RECT.clip((2.0, 2.0), (3.0, 3.0)), Some(((2.0, 2.0), (3.0, 3.0))));
    }

    #[test]
    fn a_polyline_breaks_where_it_leaves_and_where_a_value_is_missing() {
        let inside = RECT.clip_line([(1.0, 1.0), (2.0, 1.0), (3.0, f64::NAN), (4.0, 1.0), (5.0, 1.0)]);
        assert_eq!(inside, [vec![(1.0, 1.0), (2.0, 1.0)], vec![(4.0, 1.0), (5.0, 1.0)]]);
        let outside = RECT.clip_line([(1.0, 5.0), (2.0, 15.0), (3.0, 5.0)]);
        assert_eq!(outside, [vec![(1.0, 5.0), (1.5, 10.0)], vec![(2.5, 10.0), (3.0, 5.0)]]);
    }

    #[test]
    fn dashes_run_on_over_corners() {
        let line = [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0)];
        assert_eq!(dashes(&line, &[4, 1]), [vec![(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)], vec![(3.0, 2.0), (3.0, 3.0)]]);
        assert_eq!(dashes(&line, &[]), [line.to_vec()]);
        assert_eq!(dashes(&line, &[0, 0]), [line.to_vec()]);
    }

    #[test]
    fn ticks_are_round_and_say_their_digits() {
        assert_eq!(ticks(55.0, 77.0, 6.0), (vec![55.0, 60.0, 65.0, 70.0, 75.0], 0));
        let (values, decimals) = ticks(46.0, 46.5, 5.0);
        assert_eq!((values.len(), decimals), (6, 1));
    }

    proptest::proptest! {
        #[test]
        fn ticks_are_few_and_inside(low in -1e9_f64..1e9, span in 1e-9_f64..1e9, count in 1.0_f64..20.0) {
            let high = low + span;
            proptest::prop_assume!(high > low);
            let (values, _) = ticks(low, high, count);
            proptest::prop_assert!(values.len() <= TICKS_MAX as usize);
            proptest::prop_assert!(values.iter().all(|value| *value >= low - span && *value <= high + span));
        }

        #[test]
        fn what_is_clipped_lies_inside(x0 in -50.0_f64..50.0, y0 in -50.0_f64..50.0, x1 in -50.0_f64..50.0, y1 in -50.0_f64..50.0) {
            if let Some((from, to)) = RECT.clip((x0, y0), (x1, y1)) {
                for (x, y) in [from, to] {
                    proptest::prop_assert!((-1e-6..=10.0 + 1e-6).contains(&x) && (-1e-6..=10.0 + 1e-6).contains(&y));
                }
            }
        }
    }
}
