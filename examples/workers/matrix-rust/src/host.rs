//! The functions that a worker gets from the host, by the names of the Extism plug-in interface.

#[link(wasm_import_module = "extism:host/env")]
extern "C" {
    fn input_length() -> u64;
    fn input_load_u8(offset: u64) -> u32;
    fn input_load_u64(offset: u64) -> u64;
    fn alloc(length: u64) -> u64;
    fn store_u8(offset: u64, value: u32);
    fn store_u64(offset: u64, value: u64);
    fn output_set(offset: u64, length: u64);
    fn error_set(offset: u64);
}

/// The call's input.
pub fn input() -> Vec<u8> {
    // SAFETY: the imports take numbers only, and the host checks them
    unsafe {
        let length = input_length();
        let mut bytes = Vec::with_capacity(length as usize + 8);
        let mut at = 0;
        while at + 8 <= length {
            bytes.extend_from_slice(&input_load_u64(at).to_le_bytes());
            at += 8;
        }
        for offset in at..length {
            bytes.push(input_load_u8(offset) as u8);
        }
        bytes
    }
}

fn block(bytes: &[u8]) -> u64 {
    // SAFETY: as above
    unsafe {
        let block = alloc(bytes.len() as u64);
        let mut at = block;
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            store_u64(at, u64::from_le_bytes([word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7]]));
            at += 8;
        }
        for byte in words.remainder() {
            store_u8(at, u32::from(*byte));
            at += 1;
        }
        block
    }
}

/// Ends a call with what it came to.
pub fn end(result: Result<Vec<u8>, Refusal>) -> i32 {
    match result {
        Ok(output) => {
            let length = output.len() as u64;
            // SAFETY: as above
            unsafe { output_set(block(&output), length) };
            0
        }
        Err(refusal) => {
            // SAFETY: as above
            unsafe { error_set(block(refusal.text().as_bytes())) };
            1
        }
    }
}

/// What is wrong with an input: the field, the rule that it breaks, and a sentence.
pub struct Refusal {
    pub field: String,
    pub rule: &'static str,
    pub message: String,
}

impl Refusal {
    pub fn new(field: &str, rule: &'static str, message: String) -> Self {
        Refusal { field: field.to_string(), rule, message }
    }

    fn text(&self) -> String {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("{{\"field\":\"{}\",\"rule\":\"{}\",\"message\":\"{}\"}}", quoted(&self.field), self.rule, quoted(&self.message))
    }
}
