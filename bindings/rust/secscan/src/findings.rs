use std::fmt;
use std::ops::ControlFlow;
use std::os::raw::c_int;
use std::ptr::{self, NonNull};

use secscan_sys as sys;

use crate::error::{check, empty};
use crate::{Error, Finding, Outcome, Sink, Skip};

/// All that a scan has found, in the library's memory, which is wiped when this
/// is dropped. Findings borrow from it.
#[must_use = "a scan may be incomplete"]
pub struct Findings {
    /// None until there is a first finding: most buffers have none.
    kept: Option<Collector>,
    outcome: Outcome,
}

/// The library's collector.
struct Collector(NonNull<sys::secscan_findings>);

// SAFETY: after the scan nobody writes to it.
unsafe impl Send for Collector {}
// SAFETY: as above.
unsafe impl Sync for Collector {}

impl Collector {
    fn new() -> Result<Collector, Error> {
        let mut out = ptr::null_mut();
        let mut err = empty();
        // SAFETY: all arguments live for the call.
        let status = unsafe { sys::secscan_findings_new(&mut out, &mut err) };
        check(status, &err)?;
        Ok(Collector(NonNull::new(out).expect("a collector, for it did not fail")))
    }

    fn add(&mut self, finding: Finding<'_>) -> c_int {
        // SAFETY: the collector's own sink, with its own context.
        unsafe {
            let sink = &*sys::secscan_findings_sink(self.0.as_ptr());
            sink.finding
                .map_or(sys::SECSCAN_OK, |add| add(sink.ctx, finding.as_raw()))
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // SAFETY: ours, and findings that borrow from it are gone.
        unsafe { sys::secscan_findings_free(self.0.as_ptr()) }
    }
}

/// Keeps copies; ends the scan when there is no memory for them.
#[derive(Default)]
struct Collect {
    kept: Option<Collector>,
    failed: Option<Error>,
}

impl Collect {
    fn add(&mut self, finding: Finding<'_>) -> Result<(), Error> {
        let kept = match &mut self.kept {
            Some(kept) => kept,
            none => none.insert(Collector::new()?),
        };
        check(kept.add(finding), &empty())
    }
}

impl Sink for Collect {
    fn finding(&mut self, finding: Finding<'_>) -> ControlFlow<()> {
        match self.add(finding) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl Findings {
    pub(crate) fn collect(scan: impl FnOnce(&mut dyn Sink) -> Result<Outcome, Error>) -> Result<Findings, Error> {
        let mut collect = Collect::default();
        let outcome = scan(&mut collect)?;
        match collect.failed {
            Some(error) => Err(error),
            None => Ok(Findings {
                kept: collect.kept,
                outcome,
            }),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        // SAFETY: a live pointer.
        self.kept
            .as_ref()
            .map_or(0, |kept| unsafe { sys::secscan_findings_count(kept.0.as_ptr()) })
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at an index.
    pub fn get(&self, index: usize) -> Option<Finding<'_>> {
        let kept = self.kept.as_ref()?;
        // SAFETY: the finding lives as long as the collector; NULL past the end.
        unsafe {
            sys::secscan_findings_at(kept.0.as_ptr(), index)
                .as_ref()
                .map(|raw| Finding::new(raw))
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Finding<'_>> {
        (0..self.len()).map(move |i| self.get(i).expect("within the count"))
    }

    /// All that was asked for was scanned.
    pub fn is_complete(&self) -> bool {
        self.outcome.is_complete()
    }

    /// What was not scanned, the first 1,000.
    pub fn skips(&self) -> &[Skip<'static>] {
        self.outcome.skips()
    }

    /// The same findings, or an error if anything was left out.
    pub fn complete(self) -> Result<Findings, Error> {
        self.outcome.complete()?;
        Ok(self)
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = Finding<'a>;
    type IntoIter = Box<dyn ExactSizeIterator<Item = Finding<'a>> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
