//! Doubles as JavaScript prints them. Rust's own shortest digits are the same; only their arrangement differs.

pub fn write(value: f64, to: &mut String) {
    if value == 0.0 {
        to.push('0');
        return;
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-6..21).contains(&exponent) {
        to.push_str(&value.to_string());
    } else {
        to.push_str(digits);
        to.push_str(if exponent < 0 { "e" } else { "e+" });
        to.push_str(&exponent.to_string());
    }
}
