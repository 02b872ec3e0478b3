//! The matrix worker in Rust: the same functions, answers and errors as the one in C.

mod host;
mod number;
mod product;
mod request;

use host::Refusal;
use product::{Matrix, LONGEST_SIDE, MOST_VALUES};

#[no_mangle]
pub extern "C" fn multiply() -> i32 {
    host::end(multiply_json(&host::input()))
}

#[no_mangle]
pub extern "C" fn multiply_split() -> i32 {
    host::end(split_json(&host::input()))
}

#[no_mangle]
pub extern "C" fn multiply_join() -> i32 {
    host::end(join_json(&host::input()))
}

#[no_mangle]
pub extern "C" fn multiply_f64() -> i32 {
    host::end(read_binary(&host::input()).and_then(|(a, b)| product::multiply(&a, &b)).map(|product| binary(&product)))
}

#[no_mangle]
pub extern "C" fn multiply_f64_split() -> i32 {
    host::end(split_binary(&host::input()))
}

#[no_mangle]
pub extern "C" fn multiply_f64_join() -> i32 {
    host::end(join_binary(&host::input()))
}

// ---- JSON ----

fn multiply_json(input: &[u8]) -> Result<Vec<u8>, Refusal> {
    let asked = request::read(input)?;
    let product = product::multiply(&asked.a.matrix, &asked.b.matrix)?;
    let mut text = String::with_capacity(product.values.len() * 12);
    for (index, row) in product.values.chunks_exact(product.columns).enumerate() {
        text.push_str(if index == 0 { "[[" } else { ",[" });
        for (column, value) in row.iter().enumerate() {
            if column > 0 {
                text.push(',');
            }
            number::write(*value, &mut text);
        }
        text.push(']');
    }
    text.push(']');
    Ok(text.into_bytes())
}

/// Each part has some of A's rows, as they were written, and the whole of B.
fn split_json(input: &[u8]) -> Result<Vec<u8>, Refusal> {
    let (parts, rest) = parts_asked(input)?;
    let asked = request::read(rest)?;
    let rows = asked.a.matrix.rows;
    let parts = parts_of(parts, rows)?;
    let right = asked.b.rows(0, asked.b.matrix.rows);
    let tail = tail_of_rows(&asked.b);
    Ok(list((0..parts).map(|part| {
        let (from, to) = (rows * part / parts, rows * (part + 1) / parts);
        let mut text = b"{\"A\":[".to_vec();
        text.extend_from_slice(asked.a.rows(from, to));
        if to == rows {
            text.extend_from_slice(tail_of_rows(&asked.a));
        }
        text.extend_from_slice(b"],\"B\":[");
        text.extend_from_slice(right);
        text.extend_from_slice(tail);
        text.extend_from_slice(b"]}");
        text
    })))
}

/// The spaces between the last row and the bracket that ends the matrix.
fn tail_of_rows<'a>(operand: &'a request::Operand) -> &'a [u8] {
    let rows = operand.rows(0, operand.matrix.rows);
    let end = rows.as_ptr() as usize + rows.len() - operand.text.as_ptr() as usize;
    let spaces = operand.text[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    &operand.text[end..end + spaces]
}

fn join_json(input: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut text = Vec::with_capacity(input.len());
    for (index, part) in read_list(input)?.into_iter().enumerate() {
        if part.len() < 4 || part[0] != b'[' || part[part.len() - 1] != b']' {
            return Err(bad_list());
        }
        text.push(if index == 0 { b'[' } else { b',' });
        text.extend_from_slice(&part[1..part.len() - 1]);
    }
    text.push(b']');
    Ok(text)
}

// ---- lists of parts: a count, then for each its length and its bytes, all numbers 32 bits, little-endian ----

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn parts_asked(input: &[u8]) -> Result<(u32, &[u8]), Refusal> {
    let missing = || Refusal::new("parts", "missing", "The input must begin with the number of parts, 4 bytes.".to_string());
    Ok((u32_at(input, 0).ok_or_else(missing)?, &input[4..]))
}

fn parts_of(parts: u32, rows: usize) -> Result<usize, Refusal> {
    if parts == 0 {
        return Err(Refusal::new("parts", "range", "The number of parts must be at least 1.".to_string()));
    }
    Ok(rows.min(parts as usize))
}

fn list(parts: impl ExactSizeIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut bytes = (parts.len() as u32).to_le_bytes().to_vec();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&part);
    }
    bytes
}

fn bad_list() -> Refusal {
    Refusal::new("parts", "list", "The input must be a list of results: their number, then for each its length and its bytes.".to_string())
}

fn read_list(input: &[u8]) -> Result<Vec<&[u8]>, Refusal> {
    let count = u32_at(input, 0).filter(|count| *count > 0).ok_or_else(bad_list)?;
    let (mut parts, mut at) = (Vec::new(), 4);
    for _ in 0..count {
        let length = u32_at(input, at).ok_or_else(bad_list)? as usize;
        parts.push(input.get(at + 4..at + 4 + length).ok_or_else(bad_list)?);
        at += 4 + length;
    }
    if at == input.len() { Ok(parts) } else { Err(bad_list()) }
}

// ---- doubles as they lie in memory ----

const REQUEST_HEAD: usize = 16;
const PRODUCT_HEAD: usize = 8;

fn doubles(bytes: &[u8]) -> Vec<f64> {
    bytes.chunks_exact(8).map(|b| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])).collect()
}

fn read_binary(input: &[u8]) -> Result<(Matrix, Matrix), Refusal> {
    let head = [0, 4, 8, 12].map(|at| u32_at(input, at));
    let [Some(rows), Some(inner), Some(columns), Some(zero)] = head else {
        return Err(Refusal::new("content", "missing", "The input must begin with rows, inner, columns and zero, 4 bytes each.".to_string()));
    };
    for (field, value) in [("rows", rows), ("inner", inner), ("columns", columns)] {
        if value == 0 || value as usize > LONGEST_SIDE {
            let rule = if value == 0 { "shape" } else { "size" };
            return Err(Refusal::new(field, rule, format!("The number of {field} must be from 1 to {LONGEST_SIDE}, but is {value}.")));
        }
    }
    if zero != 0 {
        return Err(Refusal::new("zero", "range", "The fourth number must be 0.".to_string()));
    }
    let (rows, inner, columns) = (rows as usize, inner as usize, columns as usize);
    let (left, right) = (rows * inner, inner * columns);
    if left > MOST_VALUES || right > MOST_VALUES || rows * columns > MOST_VALUES {
        return Err(Refusal::new("content", "size", format!("A matrix and the product may have at most {MOST_VALUES} values.")));
    }
    let expected = REQUEST_HEAD + 8 * (left + right);
    if input.len() != expected {
        return Err(Refusal::new("content", "shape", format!("The matrices need {expected} bytes with their head, but the input has {}.", input.len())));
    }
    let border = REQUEST_HEAD + 8 * left;
    let a = Matrix { rows, columns: inner, values: doubles(&input[REQUEST_HEAD..border]) };
    let b = Matrix { rows: inner, columns, values: doubles(&input[border..]) };
    for (field, m) in [("A", &a), ("B", &b)] {
        if let Some(at) = m.values.iter().position(|value| !value.is_finite()) {
            let message = format!("{field}[{}][{}] must be a finite number of double precision.", at / m.columns, at % m.columns);
            return Err(Refusal::new(field, "number", message));
        }
    }
    Ok((a, b))
}

fn binary(product: &Matrix) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(PRODUCT_HEAD + 8 * product.values.len());
    bytes.extend_from_slice(&(product.rows as u32).to_le_bytes());
    bytes.extend_from_slice(&(product.columns as u32).to_le_bytes());
    for value in &product.values {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

fn split_binary(input: &[u8]) -> Result<Vec<u8>, Refusal> {
    let (parts, rest) = parts_asked(input)?;
    let (a, _) = read_binary(rest)?;
    let parts = parts_of(parts, a.rows)?;
    let row = 8 * a.columns;
    let (left, right) = rest[REQUEST_HEAD..].split_at(row * a.rows);
    Ok(list((0..parts).map(|part| {
        let (from, to) = (a.rows * part / parts, a.rows * (part + 1) / parts);
        let mut bytes = ((to - from) as u32).to_le_bytes().to_vec();
        bytes.extend_from_slice(&rest[4..REQUEST_HEAD]);
        bytes.extend_from_slice(&left[from * row..to * row]);
        bytes.extend_from_slice(right);
        bytes
    })))
}

fn join_binary(input: &[u8]) -> Result<Vec<u8>, Refusal> {
    let (mut rows, mut width, mut values) = (0, None, Vec::new());
    for part in read_list(input)? {
        let (Some(some), Some(columns)) = (u32_at(part, 0), u32_at(part, 4)) else { return Err(bad_list()) };
        if *width.get_or_insert(columns) != columns || part.len() as u64 != PRODUCT_HEAD as u64 + 8 * u64::from(some) * u64::from(columns) {
            return Err(bad_list());
        }
        rows += some;
        values.extend_from_slice(&part[PRODUCT_HEAD..]);
    }
    let mut bytes = rows.to_le_bytes().to_vec();
    bytes.extend_from_slice(&width.unwrap_or(0).to_le_bytes());
    bytes.extend_from_slice(&values);
    Ok(bytes)
}
