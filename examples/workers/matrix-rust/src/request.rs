//! The request {"A":[[...]],"B":[[...]]}, where A and B may also be strings that hold such arrays.

use crate::host::Refusal;
use crate::product::{Matrix, LONGEST_SIDE, MOST_VALUES};
use std::borrow::Cow;

/// A matrix, and its rows as they were written.
pub struct Operand<'a> {
    pub matrix: Matrix,
    /// What stands between the outer brackets.
    pub text: Cow<'a, [u8]>,
    /// Where each row starts in it, and its end.
    rows: Vec<(usize, usize)>,
}

impl Operand<'_> {
    /// The text of the rows in [from, to).
    pub fn rows(&self, from: usize, to: usize) -> &[u8] {
        &self.text[self.rows[from].0..self.rows[to - 1].1]
    }
}

pub struct Request<'a> {
    pub a: Operand<'a>,
    pub b: Operand<'a>,
}

pub fn read(text: &[u8]) -> Result<Request<'_>, Refusal> {
    let mut reader = Reader { text, at: 0, field: "content" };
    if !reader.next_is(b'{') {
        let kind = reader.kind();
        if kind == "no JSON value" || kind == "nothing" {
            return Err(reader.malformed("an object with A and B"));
        }
        return Err(Refusal::new("content", "type", format!("The content must be an object with A and B, but is {kind}.")));
    }
    reader.at += 1;
    let (mut a, mut b) = (None, None);
    if !reader.take(b'}') {
        loop {
            reader.member(&mut a, &mut b)?;
            if !reader.take(b',') {
                break;
            }
        }
        if !reader.take(b'}') {
            return Err(reader.malformed("',' or '}'"));
        }
    }
    reader.end()?;
    let missing = |name: &str| Refusal::new(name, "missing", format!("{name} is missing."));
    let a: Operand = a.ok_or_else(|| missing("A"))?;
    let b: Operand = b.ok_or_else(|| missing("B"))?;
    if b.matrix.rows != a.matrix.columns {
        return Err(Refusal::new("B", "shape", format!("B must have as many rows as A has columns ({}), but has {}.", a.matrix.columns, b.matrix.rows)));
    }
    if a.matrix.rows * b.matrix.columns > MOST_VALUES {
        return Err(Refusal::new("B", "size", format!("The product may have at most {MOST_VALUES} values.")));
    }
    Ok(Request { a, b })
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    field: &'static str,
}

impl<'a> Reader<'a> {
    fn skip_space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn next_is(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.text.get(self.at) == Some(&byte)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.next_is(byte);
        self.at += usize::from(found);
        found
    }

    fn end(&mut self) -> Result<(), Refusal> {
        self.skip_space();
        if self.at == self.text.len() {
            return Ok(());
        }
        Err(self.malformed("nothing more"))
    }

    fn malformed(&self, expected: &str) -> Refusal {
        let what = if self.field == "content" { "The content" } else { self.field };
        Refusal::new(self.field, "json", format!("{what} is not well-formed JSON: {expected} is expected at character {}.", self.at + 1))
    }

    fn starts_with(&self, word: &str) -> bool {
        self.text[self.at..].starts_with(word.as_bytes())
    }

    fn kind(&mut self) -> &'static str {
        self.skip_space();
        match self.text.get(self.at) {
            None => "nothing",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b'-' | b'0'..=b'9') => "a number",
            _ if self.starts_with("null") => "null",
            _ if self.starts_with("true") || self.starts_with("false") => "true or false",
            _ => "no JSON value",
        }
    }

    /// A string's characters; those above 127 become '?': no matrix and no name of one has any.
    fn string(&mut self) -> Result<Vec<u8>, Refusal> {
        if !self.take(b'"') {
            return Err(self.malformed("a string"));
        }
        let mut decoded = Vec::new();
        loop {
            let Some(&byte) = self.text.get(self.at) else { return Err(self.malformed("the end of the string")) };
            if byte < 32 {
                return Err(self.malformed("an escape for the control character"));
            }
            self.at += 1;
            match byte {
                b'"' => return Ok(decoded),
                b'\\' => decoded.push(self.escape()?),
                _ => decoded.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Result<u8, Refusal> {
        let name = self.text.get(self.at).copied().unwrap_or(0);
        let value = match name {
            b'"' | b'\\' | b'/' => name,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let digits = self.text.get(self.at + 1..self.at + 5).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
                let Some(digits) = digits.and_then(|digits| std::str::from_utf8(digits).ok()) else { return Err(self.malformed("an escape that JSON knows")) };
                self.at += 5;
                return Ok(u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii).unwrap_or(b'?'));
            }
            _ => return Err(self.malformed("an escape that JSON knows")),
        };
        self.at += 1;
        Ok(value)
    }

    fn member(&mut self, a: &mut Option<Operand<'a>>, b: &mut Option<Operand<'a>>) -> Result<(), Refusal> {
        let name = self.string()?;
        let (field, which) = match name.as_slice() {
            b"A" => ("A", a),
            b"B" => ("B", b),
            _ => {
                let shown: String = name.iter().take(40).map(|&byte| if (b' '..=b'~').contains(&byte) { byte as char } else { '?' }).collect();
                let message = format!("There is no field '{shown}': the matrices are A and B.");
                return Err(Refusal { field: shown, rule: "unknown", message });
            }
        };
        if which.is_some() {
            return Err(Refusal::new(field, "duplicate", format!("{field} is given twice.")));
        }
        if !self.take(b':') {
            return Err(self.malformed("':'"));
        }
        let mut value = Reader { text: self.text, at: self.at, field };
        *which = Some(value.operand()?);
        self.at = value.at;
        Ok(())
    }

    fn operand(&mut self) -> Result<Operand<'a>, Refusal> {
        if !self.next_is(b'"') {
            let (matrix, rows) = self.rows()?;
            return Ok(Operand { matrix, text: Cow::Borrowed(self.text), rows });
        }
        let text = self.string()?;
        let mut inner = Reader { text: &text, at: 0, field: self.field };
        let (matrix, rows) = inner.rows()?;
        inner.end()?;
        Ok(Operand { matrix, text: Cow::Owned(text), rows })
    }

    fn rows(&mut self) -> Result<(Matrix, Vec<(usize, usize)>), Refusal> {
        if !self.next_is(b'[') {
            let kind = self.kind();
            if kind == "no JSON value" || kind == "nothing" {
                return Err(self.malformed("an array of rows"));
            }
            return Err(Refusal::new(self.field, "type", format!("{} must be an array of rows, or a string that holds one, but is {kind}.", self.field)));
        }
        self.at += 1;
        let (mut matrix, mut places) = (Matrix { rows: 0, columns: 0, values: Vec::new() }, Vec::new());
        if self.take(b']') {
            return Err(self.empty());
        }
        loop {
            self.row(&mut matrix, &mut places)?;
            if !self.take(b',') {
                break;
            }
        }
        if !self.take(b']') {
            return Err(self.malformed("',' or ']'"));
        }
        Ok((matrix, places))
    }

    fn empty(&self) -> Refusal {
        Refusal::new(self.field, "shape", format!("{} must have at least one row and one column.", self.field))
    }

    fn too_large(&self) -> Refusal {
        Refusal::new(self.field, "size", format!("{} may have at most {LONGEST_SIDE} rows, {LONGEST_SIDE} columns and {MOST_VALUES} values.", self.field))
    }

    fn row(&mut self, m: &mut Matrix, places: &mut Vec<(usize, usize)>) -> Result<(), Refusal> {
        if !self.next_is(b'[') {
            let kind = self.kind();
            if kind == "no JSON value" || kind == "nothing" {
                return Err(self.malformed("a row"));
            }
            return Err(Refusal::new(self.field, "type", format!("{}[{}] must be an array of numbers, but is {kind}.", self.field, m.rows)));
        }
        if m.rows == LONGEST_SIDE {
            return Err(self.too_large());
        }
        let start = self.at;
        self.at += 1;
        let (mut count, mut more) = (0, false);
        if !self.take(b']') {
            loop {
                if m.rows > 0 && count == m.columns {
                    more = true;
                    break;
                }
                if count == LONGEST_SIDE || m.values.len() == MOST_VALUES {
                    return Err(self.too_large());
                }
                let value = self.value(m.rows, count)?;
                m.values.push(value);
                count += 1;
                if !self.take(b',') {
                    break;
                }
            }
            if !more && !self.take(b']') {
                return Err(self.malformed("',' or ']'"));
            }
        }
        if m.rows == 0 {
            m.columns = count;
        }
        if count == 0 {
            return Err(self.empty());
        }
        if more || count != m.columns {
            let (field, has) = (self.field, if more { "more".to_string() } else { count.to_string() });
            return Err(Refusal::new(field, "shape", format!("The rows of {field} must be of one length: {field}[0] has {} values, {field}[{}] has {has}.", m.columns, m.rows)));
        }
        m.rows += 1;
        places.push((start, self.at));
        Ok(())
    }

    fn value(&mut self, row: usize, column: usize) -> Result<f64, Refusal> {
        self.skip_space();
        let start = self.at;
        if let Some(length) = number_length(&self.text[start..]) {
            let text = std::str::from_utf8(&self.text[start..start + length]).unwrap_or("");
            self.at += length;
            if let Some(value) = text.parse::<f64>().ok().filter(|value| value.is_finite()) {
                return Ok(value);
            }
            self.at = start;
        } else if !self.starts_with("NaN") && !self.starts_with("Infinity") && !self.starts_with("-Infinity") {
            return Err(match self.kind() {
                "nothing" | "no JSON value" => self.malformed("a number"),
                "a number" => self.malformed("a number as JSON writes it"),
                kind => Refusal::new(self.field, "type", format!("{}[{row}][{column}] must be a number, but is {kind}.", self.field)),
            });
        }
        Err(Refusal::new(self.field, "number", format!("{}[{row}][{column}] must be a finite number of double precision.", self.field)))
    }
}

/// How long the JSON number at the start of the text is.
fn number_length(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && text[at] == b'0') {
        return None;
    }
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == 0 {
            return None;
        }
        at += 1 + sign + exponent;
    }
    Some(at)
}
