use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{sync_channel, Receiver, SyncSender};
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::sink::Progress;
use crate::{Error, Finding, Outcome, OwnedFinding, Scanner, Sink, Target};

/// Findings that may wait for the iterator; then the scan does.
const AHEAD: usize = 16;

/// The findings of a scan that runs on a thread of its own, made by
/// [`Scanner::iter`]. An error is the last item; so is one of
/// [`Code::Incomplete`](crate::Code::Incomplete), if something was not scanned. To
/// drop it ends the scan, and waits for that: a read of a reader's that blocks is
/// waited for, too.
pub struct Scan {
    found: Option<Receiver<OwnedFinding>>,
    is_left: Arc<AtomicBool>,
    worker: Option<JoinHandle<(Scanner, Result<Outcome, Error>)>>,
    scanner: Option<Scanner>,
}

impl Scan {
    pub(crate) fn new(mut scanner: Scanner, target: Target<'static>) -> Scan {
        let (sender, found) = sync_channel(AHEAD);
        let is_left = Arc::new(AtomicBool::new(false));
        let mut sending = Sending {
            sender,
            is_left: Arc::clone(&is_left),
        };
        let worker = std::thread::spawn(move || {
            let result = scanner.run(target, &mut sending);
            (scanner, result)
        });
        Scan {
            found: Some(found),
            is_left,
            worker: Some(worker),
            scanner: None,
        }
    }

    /// End the scan, and give its scanner back.
    pub fn into_scanner(mut self) -> Scanner {
        // The outcome of a scan that is left is nobody's.
        let _ = self.join();
        self.scanner.take().expect("it is back once the thread has ended")
    }

    /// Wait for the thread. Its panic goes on here.
    fn join(&mut self) -> Option<Result<Outcome, Error>> {
        self.is_left.store(true, Ordering::Relaxed);
        self.found = None; // so that it does not wait for us
        match self.worker.take()?.join() {
            Ok((scanner, result)) => {
                self.scanner = Some(scanner);
                Some(result)
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

impl Iterator for Scan {
    type Item = Result<OwnedFinding, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Ok(finding) = self.found.as_ref()?.recv() {
            return Some(Ok(finding));
        }
        let result = self.join()?;
        result.and_then(|outcome| outcome.complete()).err().map(Err)
    }
}

impl std::iter::FusedIterator for Scan {}

impl Drop for Scan {
    fn drop(&mut self) {
        self.is_left.store(true, Ordering::Relaxed);
        self.found = None;
        if let Some(worker) = self.worker.take() {
            // A panic of a reader's that nobody waits for any more.
            let _ = worker.join();
        }
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scan")
    }
}

struct Sending {
    sender: SyncSender<OwnedFinding>,
    is_left: Arc<AtomicBool>,
}

impl Sink for Sending {
    fn finding(&mut self, finding: Finding<'_>) -> ControlFlow<()> {
        match self.sender.send(finding.to_owned()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn progress(&mut self, _progress: Progress<'_>) -> ControlFlow<()> {
        if self.is_left.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
