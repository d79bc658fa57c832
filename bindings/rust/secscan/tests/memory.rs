//! Nothing is leaked. One test, so that nothing else grows beside it.

mod given;

use std::io::{self, Read};

use given::{scanner, text};
use secscan::{Code, Rules, Scanner, Target};

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::Other, "broken"))
    }
}

/// One scan of a small buffer: one in 16 finds something, and one in 64 fails, in
/// one of some ways.
fn small(scanner: &mut Scanner, i: usize, dirty: &str) {
    let clean = "nothing to see here, go on";
    let failed = match i % 64 {
        1 => scanner.scan(Target::named("a\0b", clean.as_bytes())).map(drop),
        2 => scanner.scan(Target::reader("a", Broken)).map(drop),
        3 => Rules::parse("[[rules]]\nid = 'own'\nregex = 'a('", &Default::default()).map(drop),
        n => {
            let found = scanner.scan(if n % 16 == 0 { dirty } else { clean }).unwrap();
            assert_eq!(found.len(), usize::from(n % 16 == 0));
            return;
        }
    };
    let codes = [Code::Arg, Code::Io, Code::Rule];
    assert_eq!(failed.unwrap_err().code(), codes[i % 64 - 1]);
}

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap();
    status.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn memory_is_flat() {
    const COUNT: usize = 1_000_000;
    let mut scanner = scanner();
    let dirty = text(9);
    let mut scan = |n| (0..n).for_each(|i| small(&mut scanner, i, &dirty));
    scan(COUNT / 10);
    let before = resident();
    scan(COUNT);
    let grown = resident().saturating_sub(before);
    assert!(grown < 4 << 20, "{grown} bytes more");
}
