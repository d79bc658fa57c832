use std::fmt;
use std::io::Read;
use std::os::raw::c_int;
use std::path::Path;
use std::ptr::{self, NonNull};

use secscan_sys as sys;

use crate::c::{self, flag, Texts};
use crate::error::{check, empty};
use crate::sink::Run;
use crate::{
    CancelToken, Code, Error, Evidence, Findings, Outcome, Policy, Rules, Scan, SecretBuf, Severity, Sink, Target,
    TreeOptions,
};

/// Which findings gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// All that is worth a look.
    #[default]
    Report = 0,
    /// What may stop a person's commit or push.
    Block = 1,
    /// All of the first, and hygiene.
    Strict = 2,
}

/// Settings of a [`Scanner`].
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// For trees and histories; 0: one a processor.
    pub threads: u32,
    /// Which findings gate.
    pub profile: Profile,
    /// Findings below it are not delivered.
    pub min_severity: Option<Severity>,
    /// Findings below it are not delivered.
    pub min_evidence: Option<Evidence>,
    /// Findings below it are not delivered.
    pub min_confidence: u32,
    /// Only these; none: all.
    pub categories: Vec<String>,
    /// All but these.
    pub not_categories: Vec<String>,
    /// Deliver what a mark hides, too.
    pub show_suppressed: bool,
    /// Marks hide nothing.
    pub no_suppress: bool,
    /// Leave out what was there before a range.
    pub new_only: bool,
    /// Encodings are plain text.
    pub no_decode: bool,
    /// Containers are plain bytes.
    pub no_containers: bool,
    /// What is found plainly is told where it is encoded, too: to mask.
    pub every_place: bool,
    /// Larger files are skipped; 0: none are.
    pub max_file_size: u64,
    /// Of one git object; 0: the default.
    pub max_object_size: u64,
    /// Of the fingerprints, 16 to 64 bytes; empty: the public key.
    pub fingerprint_key: SecretBuf,
    /// What hides findings.
    pub policy: Option<Policy>,
}

impl Options {
    fn flags(&self) -> u32 {
        flag(self.show_suppressed, sys::SECSCAN_SCAN_SHOW_SUPPRESSED)
            | flag(self.no_suppress, sys::SECSCAN_SCAN_NO_SUPPRESS)
            | flag(self.new_only, sys::SECSCAN_SCAN_NEW_ONLY)
            | flag(self.no_decode, sys::SECSCAN_SCAN_NO_DECODE)
            | flag(self.no_containers, sys::SECSCAN_SCAN_NO_CONTAINERS)
            | flag(self.every_place, sys::SECSCAN_SCAN_EVERY_PLACE)
    }

    /// Call with the options as C has them, which live for the call.
    fn with<T>(&self, call: impl FnOnce(&sys::secscan_scan_options) -> T) -> Result<T, Error> {
        let categories = Texts::new(self.categories.iter().map(String::as_str))?;
        let not_categories = Texts::new(self.not_categories.iter().map(String::as_str))?;
        let key = self.fingerprint_key.reveal();
        Ok(call(&sys::secscan_scan_options {
            size: std::mem::size_of::<sys::secscan_scan_options>(),
            threads: self.threads,
            flags: self.flags(),
            max_file_size: self.max_file_size,
            max_object_size: self.max_object_size,
            fingerprint_key: if key.is_empty() {
                ptr::null()
            } else {
                key.as_ptr().cast()
            },
            fingerprint_key_len: key.len(),
            profile: self.profile as u32,
            min_severity: self.min_severity.map_or(0, |s| s as u32),
            min_evidence: self.min_evidence.map_or(0, |e| e as u32),
            min_confidence: self.min_confidence,
            categories: categories.pointer(),
            n_categories: categories.len(),
            not_categories: not_categories.pointer(),
            n_not_categories: not_categories.len(),
            policy: self.policy.as_ref().map_or(ptr::null_mut(), Policy::as_ptr),
            opener: Some(sys::secscan_load_containers),
            ..Default::default()
        }))
    }
}

/// Scratch memory and settings for one thread; it keeps its rules alive.
pub struct Scanner {
    raw: NonNull<sys::secscan_scanner>,
    cancel: CancelToken,
}

// SAFETY: one thread at a time, whichever that is (secscan.h). It is not Sync.
unsafe impl Send for Scanner {}

impl Scanner {
    /// With the default options.
    pub fn new(rules: &Rules) -> Result<Scanner, Error> {
        Scanner::with_options(rules, &Options::default())
    }

    /// With options.
    pub fn with_options(rules: &Rules, options: &Options) -> Result<Scanner, Error> {
        let mut out = ptr::null_mut();
        let mut err = empty();
        let status = options.with(|options| {
            // SAFETY: all arguments live for the call.
            unsafe { sys::secscan_scanner_new(&mut out, rules.as_ptr(), options, &mut err) }
        })?;
        check(status, &err)?;
        let raw = NonNull::new(out).expect("a scanner, for it did not fail");
        Ok(Scanner {
            raw,
            cancel: CancelToken::new(),
        })
    }

    /// The token that ends its scans, to be cloned for another thread. It is
    /// looked at about every 50 ms, inside of one large buffer, file or container
    /// as well, and at each read of a reader.
    pub fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// Give it another token, perhaps one that several have.
    pub fn set_cancel_token(&mut self, token: CancelToken) {
        self.cancel = token;
    }

    /// Scan, and keep what is found.
    ///
    /// ```
    /// # let rules = secscan::Rules::builtin()?;
    /// let findings = secscan::Scanner::new(&rules)?.scan(b"some bytes")?.complete()?;
    /// for finding in &findings {
    ///     println!("{} at {}", finding.rule(), finding.place().line_start);
    /// }
    /// # Ok::<(), secscan::Error>(())
    /// ```
    pub fn scan<'t>(&mut self, target: impl Into<Target<'t>>) -> Result<Findings, Error> {
        Findings::collect(|sink| self.run(target.into(), sink))
    }

    /// Scan, and give each finding to a sink or a closure.
    ///
    /// ```
    /// # use std::ops::ControlFlow;
    /// # let rules = secscan::Rules::builtin()?;
    /// # let mut scanner = secscan::Scanner::new(&rules)?;
    /// let mut critical = 0;
    /// let outcome = scanner.each("some text", |finding: secscan::Finding<'_>| {
    ///     critical += u32::from(finding.severity() == secscan::Severity::Critical);
    ///     ControlFlow::Continue(())
    /// })?;
    /// outcome.complete()?;
    /// # Ok::<(), secscan::Error>(())
    /// ```
    pub fn each<'t>(&mut self, target: impl Into<Target<'t>>, mut sink: impl Sink) -> Result<Outcome, Error> {
        self.run(target.into(), &mut sink)
    }

    /// Scan on a thread of its own, which waits for the iterator and ends with
    /// it. [`Scan::into_scanner`] gives the scanner back.
    ///
    /// ```
    /// # let rules = secscan::Rules::builtin()?;
    /// # let folder = std::env::temp_dir().join("secscan-no-such-folder");
    /// let scanner = secscan::Scanner::new(&rules)?;
    /// for finding in scanner.iter(secscan::Target::tree(folder)) {
    ///     match finding {
    ///         Ok(finding) => println!("{} {}", finding.rule, finding.masked()),
    ///         Err(error) => println!("{error}"),
    ///     }
    /// }
    /// # Ok::<(), secscan::Error>(())
    /// ```
    pub fn iter(self, target: impl Into<Target<'static>>) -> Scan {
        Scan::new(self, target.into())
    }

    pub(crate) fn run(&mut self, target: Target<'_>, sink: &mut dyn Sink) -> Result<Outcome, Error> {
        if self.cancel.is_cancelled() {
            return Err(Error::new(Code::Cancelled, "the scan was cancelled"));
        }
        match target {
            Target::Buffer(name, data) => self.buffer(name, data, sink),
            Target::Reader(name, reader) => self.stream(name, reader, sink),
            Target::File(path) => self.file(&path, sink),
            Target::Tree(path, options) => self.tree(&path, &options, sink),
            #[cfg(feature = "git")]
            Target::Git(path, options) => self.git(&path, &options, sink),
        }
    }

    /// One call of the library's that scans.
    fn call(
        &mut self,
        sink: &mut dyn Sink,
        scan: impl FnOnce(*mut sys::secscan_scanner, &sys::secscan_sink, &mut sys::secscan_error) -> c_int,
    ) -> Result<Outcome, Error> {
        let mut err = empty();
        let mut run = Run::new(sink, &self.cancel);
        let status = scan(self.raw.as_ptr(), &run.c_sink(), &mut err);
        run.end(status, &err)
    }

    fn buffer(&mut self, name: Option<String>, data: &[u8], sink: &mut dyn Sink) -> Result<Outcome, Error> {
        let name = c::maybe(name.as_deref())?;
        self.call(sink, |raw, sink, err| {
            // SAFETY: all arguments live for the call, and the scanner is ours.
            unsafe { sys::secscan_scan_buffer(raw, c::pointer(&name), data.as_ptr().cast(), data.len(), sink, err) }
        })
    }

    fn file(&mut self, path: &Path, sink: &mut dyn Sink) -> Result<Outcome, Error> {
        let path = c::path(path)?;
        self.call(sink, |raw, sink, err| {
            // SAFETY: as of buffer.
            unsafe { sys::secscan_scan_file(raw, path.as_ptr(), sink, err) }
        })
    }

    fn tree(&mut self, path: &Path, options: &TreeOptions, sink: &mut dyn Sink) -> Result<Outcome, Error> {
        let path = c::path(path)?;
        let options = sys::secscan_tree_options {
            size: std::mem::size_of::<sys::secscan_tree_options>(),
            flags: flag(options.no_gitignore, sys::SECSCAN_TREE_NO_GITIGNORE)
                | flag(options.follow_symlinks, sys::SECSCAN_TREE_FOLLOW_SYMLINKS),
            reserved: 0,
        };
        self.call(sink, |raw, sink, err| {
            // SAFETY: as of buffer; one path.
            unsafe { sys::secscan_scan_tree(raw, &path.as_ptr(), 1, &options, sink, err) }
        })
    }

    #[cfg(feature = "git")]
    fn git(&mut self, path: &Path, options: &crate::GitOptions, sink: &mut dyn Sink) -> Result<Outcome, Error> {
        let path = c::path(path)?;
        options.with(|options| {
            self.call(sink, |raw, sink, err| {
                // SAFETY: as of buffer.
                unsafe { sys::secscan_scan_git(raw, path.as_ptr(), options, sink, err) }
            })
        })?
    }

    fn stream(&mut self, name: Option<String>, mut reader: impl Read, sink: &mut dyn Sink) -> Result<Outcome, Error> {
        let name = c::maybe(name.as_deref())?;
        let cancel = self.cancel.clone();
        let mut failed = None;
        let outcome = self.call(sink, |raw, sink, err| {
            // SAFETY: all arguments live until the end of the stream.
            let status = unsafe { sys::secscan_stream_begin(raw, c::pointer(&name), sink, err) };
            if status != sys::SECSCAN_OK {
                return status;
            }
            let begun = Begun(raw);
            let status = feed(raw, &mut reader, &cancel, &mut failed, err);
            if status != sys::SECSCAN_OK {
                return status;
            }
            begun.end(err)
        });
        match failed {
            Some(error) => Err(Error::new(Code::Io, format!("{error}"))),
            None => outcome,
        }
    }
}

/// Feed a stream that was begun.
fn feed(
    raw: *mut sys::secscan_scanner,
    reader: &mut impl Read,
    cancel: &CancelToken,
    failed: &mut Option<std::io::Error>,
    err: &mut sys::secscan_error,
) -> c_int {
    let mut buffer = vec![0; 64 << 10];
    loop {
        if cancel.is_cancelled() {
            return sys::SECSCAN_STOPPED;
        }
        let read = match reader.read(&mut buffer) {
            Ok(0) => return sys::SECSCAN_OK,
            // A reader that says more than there is room for is wrong, and safe.
            Ok(n) => &buffer[..n],
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                *failed = Some(error);
                return sys::SECSCAN_STOPPED;
            }
        };
        // SAFETY: bytes that are there; the stream is begun.
        let status = unsafe { sys::secscan_stream_feed(raw, read.as_ptr().cast(), read.len(), err) };
        if status != sys::SECSCAN_OK {
            return status;
        }
    }
}

/// A stream that was begun. It is ended, whatever happens: a reader may panic.
struct Begun(*mut sys::secscan_scanner);

impl Begun {
    fn end(self, err: &mut sys::secscan_error) -> c_int {
        // SAFETY: begun, and ended here alone.
        let status = unsafe { sys::secscan_stream_end(self.0, err) };
        std::mem::forget(self);
        status
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // SAFETY: as of end; the first failure is the one that counts.
        unsafe { sys::secscan_stream_end(self.0, &mut empty()) };
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        // SAFETY: ours, and no scan runs, for that would borrow it.
        unsafe { sys::secscan_scanner_free(self.raw.as_ptr()) }
    }
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scanner")
    }
}
