//! Nothing is leaked. One test, so that nothing else grows beside it.

mod given;

use given::{scanner, text};

#[test]
fn memory_is_flat() {
    fn resident() -> usize {
        let status = std::fs::read_to_string("/proc/self/statm").unwrap();
        status.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
    }
    let mut scanner = scanner();
    let dirty = text(9);
    let mut scan = |n| {
        for i in 0..n {
            let data = if i % 16 == 0 {
                dirty.as_str()
            } else {
                "nothing to see here, go on"
            };
            let _ = scanner.scan(data).unwrap();
        }
    };
    scan(20_000);
    let before = resident();
    scan(200_000);
    let grown = resident().saturating_sub(before);
    assert!(grown < 16 << 20, "{grown} bytes more");
}
