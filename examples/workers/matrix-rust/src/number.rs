//! Doubles as JavaScript prints them. Rust's own shortest digits are the same, but for their arrangement and for values in
//! the middle between two shortest ones, where JavaScript takes the even one.

pub fn write(value: f64, to: &mut String) {
    if value == 0.0 {
        to.push('0');
        return;
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return };
    let digits = even(value, digits, exponent);
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-6..21).contains(&exponent) {
        to.push_str(&digits);
        to.push_str(if exponent < 0 { "e" } else { "e+" });
        to.push_str(&exponent.to_string());
        return;
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("-", rest));
    let digits = digits.replace('.', "");
    to.push_str(sign);
    if exponent < 0 {
        to.push_str("0.");
        (exponent..-1).for_each(|_| to.push('0'));
        to.push_str(&digits);
        return;
    }
    let whole = exponent as usize + 1;
    for at in 0..whole.max(digits.len()) {
        if at == whole {
            to.push('.');
        }
        to.push_str(digits.get(at..=at).unwrap_or("0"));
    }
}

/// The digits, or those one below where the value lies in the middle of both and these are odd.
fn even(value: f64, digits: &str, exponent: &str) -> String {
    let last = digits.as_bytes()[digits.len() - 1];
    let places = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if last % 2 == 1 && digits.len() > 14 {
        let below = format!("{}{}", &digits[..digits.len() - 1], (last - 1) as char);
        let middle = format!("{below}5e{exponent}");
        // one digit more tells most values apart; the whole of its digits tells the rest
        if format!("{value:.*e}", places + 1) == middle {
            let exact = format!("{value:.*e}", 770);
            let zeros = exact.split_once('e').is_some_and(|(all, _)| all[below.len() + 1..].bytes().all(|byte| byte == b'0'));
            if zeros && format!("{below}e{exponent}").parse() == Ok(value) {
                return below;
            }
        }
    }
    digits.to_string()
}
