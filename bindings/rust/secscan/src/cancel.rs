use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

/// Ends scans from any thread. All clones are the same token; once cancelled it
/// stays so, and each scan that has it ends with [`Code::Cancelled`].
///
/// [`Code::Cancelled`]: crate::Code::Cancelled
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// One that is not cancelled.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// End what scans with this token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Has it been cancelled?
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
