use std::fmt;
use std::path::Path;
use std::ptr::{self, NonNull};

use secscan_sys as sys;

use crate::c::{self, flag};
use crate::error::{check, empty};
use crate::Error;

/// What of a policy counts.
#[derive(Clone, Debug, Default)]
pub struct PolicyOptions {
    /// Marks in lines hide nothing.
    pub no_inline: bool,
    /// gitleaks:allow hides nothing.
    pub no_gitleaks: bool,
    /// No files of the repository's own.
    pub no_files: bool,
    /// `Policy::git`: from what is judged, not from its base.
    pub adopt: bool,
    /// As 20270131: entries that ended before it hide nothing. 0: none has.
    pub today: u32,
}

impl PolicyOptions {
    fn to_c(&self) -> sys::secscan_policy_options {
        sys::secscan_policy_options {
            size: std::mem::size_of::<sys::secscan_policy_options>(),
            flags: flag(self.no_inline, sys::SECSCAN_POLICY_NO_INLINE)
                | flag(self.no_gitleaks, sys::SECSCAN_POLICY_NO_GITLEAKS)
                | flag(self.no_files, sys::SECSCAN_POLICY_NO_FILES)
                | flag(self.adopt, sys::SECSCAN_POLICY_ADOPT),
            today: self.today,
            ..Default::default()
        }
    }
}

/// What hides findings: ignore files, baselines and marks in lines. Immutable and
/// reference-counted. Without one, marks hide nothing.
pub struct Policy(NonNull<sys::secscan_policy>);

// SAFETY: immutable once made, and counted atomically (secscan.h).
unsafe impl Send for Policy {}
// SAFETY: as above.
unsafe impl Sync for Policy {}

impl Policy {
    /// From the files at the root of the git work tree around `path`, or of the
    /// folder itself.
    pub fn find(path: impl AsRef<Path>, options: &PolicyOptions) -> Result<Policy, Error> {
        let path = c::path(path.as_ref())?;
        Policy::make(options, |out, options, err| {
            // SAFETY: all arguments live for the call.
            unsafe { sys::secscan_policy_find(out, path.as_ptr(), options, err) }
        })
    }

    /// For a scan of a repository: what is judged cannot hide itself.
    #[cfg(feature = "git")]
    pub fn git(path: impl AsRef<Path>, git: &crate::GitOptions, options: &PolicyOptions) -> Result<Policy, Error> {
        let path = c::path(path.as_ref())?;
        git.with(|git| {
            Policy::make(options, |out, options, err| {
                // SAFETY: all arguments live for the call.
                unsafe { sys::secscan_git_policy(out, path.as_ptr(), git, options, err) }
            })
        })?
    }

    fn make(
        options: &PolicyOptions,
        call: impl FnOnce(*mut *mut sys::secscan_policy, &sys::secscan_policy_options, &mut sys::secscan_error) -> i32,
    ) -> Result<Policy, Error> {
        let mut out = ptr::null_mut();
        let mut err = empty();
        check(call(&mut out, &options.to_c(), &mut err), &err)?;
        Ok(Policy(NonNull::new(out).expect("a policy, for it did not fail")))
    }

    pub(crate) fn as_ptr(&self) -> *mut sys::secscan_policy {
        self.0.as_ptr()
    }
}

impl Clone for Policy {
    fn clone(&self) -> Policy {
        // SAFETY: a live pointer; the new reference is the clone's.
        unsafe { sys::secscan_policy_ref(self.as_ptr()) };
        Policy(self.0)
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        // SAFETY: this value's reference, given up once.
        unsafe { sys::secscan_policy_free(self.as_ptr()) }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Policy")
    }
}
