//! What one scan of a small buffer costs: nanoseconds, the least of some rounds.

use std::time::Instant;

fn main() -> Result<(), secscan::Error> {
    const N: u32 = 200_000;
    const TEXT: &str = "the quick brown fox jumps over the lazy dog\n";
    let mut scanner = secscan::Scanner::new(&secscan::Rules::builtin()?)?;
    let best = (0..7)
        .map(|_| {
            let begin = Instant::now();
            for _ in 0..N {
                let _ = scanner.scan(TEXT).expect("a scan");
            }
            begin.elapsed().as_nanos() / u128::from(N)
        })
        .min();
    println!("{} ns a scan", best.unwrap_or(0));
    Ok(())
}
