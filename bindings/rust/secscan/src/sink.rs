//! What a scan tells, from C's callbacks to a trait. A panic does not cross C: it
//! ends the scan, and goes on behind it.

use std::any::Any;
use std::ops::ControlFlow;
use std::os::raw::{c_int, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

use secscan_sys as sys;

use crate::convert::fixed;
use crate::{CancelToken, Code, Error, Finding, Skip};

const MAX_SKIPS_KEPT: usize = 1000;

/// How far a scan has come.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Files or objects done.
    pub units_done: u64,
    /// Of how many; 0: not known yet.
    pub units_total: u64,
    /// Bytes done.
    pub bytes_done: u64,
    /// Of how many; 0: not known yet.
    pub bytes_total: u64,
    /// "listing", "scanning", "attributing".
    pub phase: &'a str,
}

/// Where results go, on the thread that scans, one at a time. `Break` ends the
/// scan. A closure that takes a [`Finding`] is one.
pub trait Sink {
    /// One finding.
    fn finding(&mut self, finding: Finding<'_>) -> ControlFlow<()>;

    /// Something that was not scanned. [`Outcome`] has it, too.
    fn skipped(&mut self, _skip: &Skip<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// How far it has come, about every 50 ms; of what is small never.
    fn progress(&mut self, _progress: Progress<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Finding<'_>) -> ControlFlow<()>> Sink for F {
    fn finding(&mut self, finding: Finding<'_>) -> ControlFlow<()> {
        self(finding)
    }
}

/// How a scan ended that did not fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a scan may be incomplete"]
pub struct Outcome {
    pub(crate) stopped: bool,
    pub(crate) incomplete: u64,
    pub(crate) skips: Vec<Skip<'static>>,
}

impl Outcome {
    /// The sink has ended it.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// All that it was asked to was scanned.
    pub fn is_complete(&self) -> bool {
        !self.stopped && self.incomplete == 0
    }

    /// What was not scanned, the first 1,000; not all of it makes a scan
    /// incomplete.
    pub fn skips(&self) -> &[Skip<'static>] {
        &self.skips
    }

    /// An error of [`Code::Incomplete`] if anything was left out that should not
    /// be. That the sink has ended the scan is none.
    pub fn complete(&self) -> Result<(), Error> {
        if self.incomplete == 0 {
            return Ok(());
        }
        let mut message = format!("{} not scanned", self.incomplete);
        if let Some(skip) = self.skips.iter().find(|skip| skip.is_incomplete) {
            message = message + ": " + &skip.reason;
            if let Some(place) = skip.path.as_ref().or(skip.object.as_ref()) {
                message = message + ": " + place;
            }
        }
        Err(Error::new(Code::Incomplete, message))
    }

    fn add(&mut self, skip: &Skip<'_>) {
        self.incomplete += u64::from(skip.is_incomplete);
        if self.skips.len() < MAX_SKIPS_KEPT {
            self.skips.push(skip.clone().into_owned());
        }
    }
}

/// One scan as its callbacks see it: their `ctx`.
pub(crate) struct Run<'s> {
    sink: &'s mut dyn Sink,
    cancel: &'s CancelToken,
    outcome: Outcome,
    panic: Option<Box<dyn Any + Send>>,
}

impl<'s> Run<'s> {
    pub(crate) fn new(sink: &'s mut dyn Sink, cancel: &'s CancelToken) -> Run<'s> {
        Run {
            sink,
            cancel,
            outcome: Outcome::default(),
            panic: None,
        }
    }

    /// The sink of C's. It points to the run, which has to stay where it is until
    /// the scan has ended.
    pub(crate) fn c_sink(&mut self) -> sys::secscan_sink {
        sys::secscan_sink {
            size: std::mem::size_of::<sys::secscan_sink>(),
            ctx: (self as *mut Run<'s>).cast::<c_void>(),
            finding: Some(on_finding),
            skipped: Some(on_skipped),
            progress: Some(on_progress),
        }
    }

    fn tell(&mut self, what: impl FnOnce(&mut dyn Sink, &mut Outcome) -> ControlFlow<()>) -> c_int {
        if self.cancel.is_cancelled() {
            return sys::SECSCAN_STOPPED;
        }
        let (sink, outcome) = (&mut *self.sink, &mut self.outcome);
        match catch_unwind(AssertUnwindSafe(|| what(sink, outcome))) {
            Ok(ControlFlow::Continue(())) => sys::SECSCAN_OK,
            Ok(ControlFlow::Break(())) => sys::SECSCAN_STOPPED,
            Err(panic) => {
                self.panic = Some(panic);
                sys::SECSCAN_STOPPED
            }
        }
    }

    /// The end of a scan that returned `status`.
    pub(crate) fn end(self, status: c_int, err: &sys::secscan_error) -> Result<Outcome, Error> {
        if let Some(panic) = self.panic {
            std::panic::resume_unwind(panic);
        }
        if status == sys::SECSCAN_STOPPED && self.cancel.is_cancelled() {
            return Err(Error::new(Code::Cancelled, "the scan was cancelled"));
        }
        crate::error::check(status, err)?;
        let mut outcome = self.outcome;
        outcome.stopped = status == sys::SECSCAN_STOPPED;
        Ok(outcome)
    }
}

/// # Safety
/// `ctx` is a `Run` that nothing else uses, as `Run::c_sink` has it.
unsafe fn run_of<'c>(ctx: *mut c_void) -> &'c mut Run<'c> {
    // SAFETY: as the caller promises.
    unsafe { &mut *ctx.cast::<Run<'c>>() }
}

unsafe extern "C" fn on_finding(ctx: *mut c_void, finding: *const sys::secscan_finding) -> c_int {
    // SAFETY: the library's arguments; the finding is borrowed for this call.
    let (run, finding) = unsafe { (run_of(ctx), Finding::new(&*finding)) };
    run.tell(|sink, _| sink.finding(finding))
}

unsafe extern "C" fn on_skipped(ctx: *mut c_void, skip: *const sys::secscan_skip) -> c_int {
    // SAFETY: the library's arguments; the skip is borrowed for this call.
    let (run, skip) = unsafe { (run_of(ctx), Skip::of(&*skip)) };
    run.tell(|sink, outcome| {
        outcome.add(&skip);
        sink.skipped(&skip)
    })
}

unsafe extern "C" fn on_progress(ctx: *mut c_void, progress: *const sys::secscan_progress) -> c_int {
    // SAFETY: the library's arguments; the struct is borrowed for this call.
    let (run, raw) = unsafe { (run_of(ctx), &*progress) };
    run.tell(|sink, _| {
        sink.progress(Progress {
            units_done: raw.units_done,
            units_total: raw.units_total,
            bytes_done: raw.bytes_done,
            bytes_total: raw.bytes_total,
            // SAFETY: as above.
            phase: unsafe { fixed(raw.phase) },
        })
    })
}

/// Callbacks as the library calls them; nothing of the library's is called.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::empty;

    fn tell(sink: &sys::secscan_sink) -> [c_int; 3] {
        let finding = sys::secscan_finding::default();
        let skip = sys::secscan_skip {
            is_incomplete: 1,
            ..Default::default()
        };
        let progress = sys::secscan_progress::default();
        // SAFETY: the sink's own context, and structs that live for the calls.
        unsafe {
            [
                sink.finding.unwrap()(sink.ctx, &finding),
                sink.skipped.unwrap()(sink.ctx, &skip),
                sink.progress.unwrap()(sink.ctx, &progress),
            ]
        }
    }

    #[test]
    fn callbacks_reach_the_sink_and_the_outcome() {
        let (mut n, cancel) = (0, CancelToken::new());
        let mut sink = |finding: Finding<'_>| {
            n += 1 + finding.rule().len();
            ControlFlow::Continue(())
        };
        let mut run = Run::new(&mut sink, &cancel);
        let c_sink = run.c_sink();
        assert_eq!((tell(&c_sink), tell(&c_sink)), ([0; 3], [0; 3]));
        let outcome = run.end(sys::SECSCAN_OK, &empty()).unwrap();
        assert_eq!((outcome.incomplete, outcome.skips.len(), n), (2, 2, 2));
    }

    #[test]
    fn a_panic_waits_for_the_end() {
        let cancel = CancelToken::new();
        let mut sink = |_: Finding<'_>| panic!("mine");
        let mut run = Run::new(&mut sink, &cancel);
        let told = tell(&run.c_sink());
        assert_eq!(told[0], sys::SECSCAN_STOPPED);
        let end = catch_unwind(AssertUnwindSafe(|| run.end(told[0], &empty())));
        assert_eq!(end.unwrap_err().downcast_ref(), Some(&"mine"));
    }

    #[test]
    fn a_token_ends_all_of_them() {
        let cancel = CancelToken::new();
        let mut sink = |_: Finding<'_>| panic!("it is not told");
        let mut run = Run::new(&mut sink, &cancel);
        cancel.cancel();
        let told = tell(&run.c_sink());
        assert_eq!(told, [sys::SECSCAN_STOPPED; 3]);
        assert_eq!(run.end(told[0], &empty()).unwrap_err().code(), Code::Cancelled);
    }
}
