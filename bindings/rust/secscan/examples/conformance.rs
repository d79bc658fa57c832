//! Scans the cases of the conformance suite, and writes what it finds as
//! docs/conformance.md has it: `conformance CASES OUT [SIZE]`.
//!
//! CASES/<case>/input is scanned under the name in CASES/<case>/name, and the
//! findings are written to OUT/<case>.jsonl. With SIZE it comes from a reader,
//! SIZE bytes at once.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::Path;

use secscan::{Finding, Options, Rules, Scanner, Target};
use sha2::{Digest, Sha256};

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\x1f' => write!(out, "\\u{:04x}", c as u32).expect("a string grows"),
            _ => out.push(c),
        }
    }
    out + "\""
}

fn line(f: &Finding<'_>) -> String {
    let place = f.place();
    let digest: String = Sha256::digest(f.secret().reveal())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let encodings: Vec<_> = place.encodings.iter().map(|name| quoted(name)).collect();
    let values = [
        ("rule", quoted(f.rule())),
        ("path", quoted(place.path.as_deref().unwrap_or(""))),
        ("line_start", place.line_start.to_string()),
        ("column_start", place.column_start.to_string()),
        ("line_end", place.line_end.to_string()),
        ("column_end", place.column_end.to_string()),
        ("offset", place.offset.to_string()),
        ("severity", quoted(f.severity().name())),
        ("evidence", quoted(f.evidence().name())),
        ("confidence", f.confidence().to_string()),
        ("fingerprint", quoted(f.fingerprint())),
        ("secret_sha256", quoted(&digest)),
        ("encodings", format!("[{}]", encodings.join(","))),
    ];
    let pairs: Vec<_> = values.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}\n", pairs.join(","))
}

/// Gives no more than so many bytes at once.
struct Pieces(Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = buffer.len().min(self.1);
        self.0.read(&mut buffer[..n])
    }
}

fn scan_case(scanner: &mut Scanner, folder: &Path, size: Option<usize>) -> Result<String, Box<dyn Error>> {
    let input = fs::read(folder.join("input"))?;
    let name = fs::read_to_string(folder.join("name")).unwrap_or_else(|_| "input".into());
    let name = name.lines().next().unwrap_or("");
    let target = match size {
        Some(size) => Target::reader(name, Pieces(Cursor::new(input), size)),
        None => Target::named(name, &input),
    };
    let findings = scanner.scan(target)?.complete()?;
    Ok(findings.iter().map(|f| line(&f)).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().collect();
    let (cases, out, size) = match &arguments[..] {
        [_, cases, out] => (Path::new(cases), Path::new(out), None),
        [_, cases, out, size] => (Path::new(cases), Path::new(out), Some(size.parse()?)),
        _ => return Err("usage: conformance CASES OUT [SIZE]".into()),
    };
    // The suite's scans are given nothing that opens containers.
    let options = Options {
        no_containers: true,
        ..Default::default()
    };
    let mut scanner = Scanner::with_options(&Rules::builtin()?, &options)?;
    for entry in fs::read_dir(cases)? {
        let folder = entry?.path();
        if folder.join("input").exists() {
            let lines = scan_case(&mut scanner, &folder, size)?;
            let name = folder.file_name().expect("it has been listed").to_string_lossy();
            fs::write(out.join(format!("{name}.jsonl")), lines)?;
        }
    }
    Ok(())
}
