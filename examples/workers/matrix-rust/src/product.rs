//! The product of two matrices. Each value is summed up in the order of the inner index, one rounding a step, so that each
//! build answers the same bits.

use crate::host::Refusal;

pub const LONGEST_SIDE: usize = 4096;
pub const MOST_VALUES: usize = 4_194_304;

/// Columns of the product that are kept close while rows of B are added to them.
const STRIP: usize = 64;
/// Rows of B's columns that stay in the cache.
const DEPTH: usize = 64;

pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    /// Row by row.
    pub values: Vec<f64>,
}

pub fn multiply(a: &Matrix, b: &Matrix) -> Result<Matrix, Refusal> {
    let (rows, inner, columns) = (a.rows, a.columns.div_ceil(4) * 4, b.columns);
    let mut values = vec![0.0; rows * columns];
    let mut panel = vec![[0.0; STRIP]; DEPTH];
    for column in (0..columns).step_by(STRIP) {
        let known = STRIP.min(columns - column);
        for k in (0..inner).step_by(DEPTH) {
            let count = DEPTH.min(inner - k);
            for (at, row) in panel[..count].iter_mut().enumerate() {
                // a row beyond the last is zero, which changes no sum
                *row = [0.0; STRIP];
                if k + at < b.rows {
                    let from = (k + at) * columns + column;
                    row[..known].copy_from_slice(&b.values[from..from + known]);
                }
            }
            for row in (0..rows).step_by(2) {
                let next = if row + 1 < rows { row + 1 } else { row };
                let (mut one, mut two) = ([0.0; STRIP], [0.0; STRIP]);
                one[..known].copy_from_slice(&values[row * columns + column..][..known]);
                two[..known].copy_from_slice(&values[next * columns + column..][..known]);
                for at in (0..count).step_by(4) {
                    add_four(&mut one, &mut two, &panel[at..at + 4], known, four(a, row, k + at), four(a, next, k + at));
                }
                values[next * columns + column..][..known].copy_from_slice(&two[..known]);
                values[row * columns + column..][..known].copy_from_slice(&one[..known]);
            }
        }
    }
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Refusal::new("A", "overflow", "A value of the product is beyond the range of double precision.".to_string()));
    }
    Ok(Matrix { rows, columns, values })
}

/// Four values of a row of A from K on; zero beyond the last.
fn four(a: &Matrix, row: usize, k: usize) -> [f64; 4] {
    let mut values = [0.0; 4];
    for (i, value) in values.iter_mut().enumerate() {
        if k + i < a.columns {
            *value = a.values[row * a.columns + k + i];
        }
    }
    values
}

/// Adds the products of two rows of A, four values of each, and four rows of B. No sum is carried from turn to turn of the
/// loop: at each turn an engine looks whether it is to stop, and puts aside what is carried.
fn add_four(one: &mut [f64; STRIP], two: &mut [f64; STRIP], b: &[[f64; STRIP]], known: usize, p: [f64; 4], q: [f64; 4]) {
    let [b0, b1, b2, b3] = b else { return };
    for start in (0..known).step_by(16) {
        let end = start + 16;
        let lanes = b0[start..end].iter().zip(&b1[start..end]).zip(&b2[start..end]).zip(&b3[start..end]);
        for ((((v0, v1), v2), v3), (left, right)) in lanes.zip(one[start..end].iter_mut().zip(&mut two[start..end])) {
            *left = *left + p[0] * v0 + p[1] * v1 + p[2] * v2 + p[3] * v3;
            *right = *right + q[0] * v0 + q[1] * v1 + q[2] * v2 + q[3] * v3;
        }
    }
}
