use std::fmt;
use std::os::raw::c_int;

use secscan_sys as sys;

use crate::convert::lossy;

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// An argument or an option is wrong.
    Arg,
    /// Out of memory.
    NoMem,
    /// A file or directory could not be read.
    Io,
    /// A rule or configuration is wrong.
    Rule,
    /// A stated limit was reached.
    Limit,
    /// The object is in use.
    Busy,
    /// The repository cannot be read as asked.
    Git,
    /// Data is damaged.
    Corrupt,
    /// A bug in secscan.
    Internal,
    /// A [`CancelToken`](crate::CancelToken) ended the scan.
    Cancelled,
    /// The scan ended well, and not all that it was asked to was scanned.
    Incomplete,
}

impl Code {
    fn of(status: c_int) -> Code {
        match status {
            sys::SECSCAN_ERR_ARG => Code::Arg,
            sys::SECSCAN_ERR_NOMEM => Code::NoMem,
            sys::SECSCAN_ERR_IO => Code::Io,
            sys::SECSCAN_ERR_RULE => Code::Rule,
            sys::SECSCAN_ERR_LIMIT => Code::Limit,
            sys::SECSCAN_ERR_BUSY => Code::Busy,
            sys::SECSCAN_ERR_GIT => Code::Git,
            sys::SECSCAN_ERR_CORRUPT => Code::Corrupt,
            _ => Code::Internal,
        }
    }
}

/// A failure. The message never quotes scanned bytes; that of a rule file begins
/// with "file:line:column: ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: Code,
    line: u32,
    column: u32,
    message: String,
}

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Error {
        Error {
            code,
            line: 0,
            column: 0,
            message: message.into(),
        }
    }

    /// Of a call that returned `status` and filled in `raw`.
    pub(crate) fn of(status: c_int, raw: &sys::secscan_error) -> Error {
        Error {
            code: Code::of(status),
            line: raw.line,
            column: raw.column,
            // SAFETY: the library ends its messages with a NUL, and a zeroed
            // one is empty.
            message: unsafe { lossy(raw.message.as_ptr()) }.into_owned(),
        }
    }

    /// What kind it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The line in a rule file, from 1; 0 if there is none.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column in a rule file, from 1; 0 if there is none.
    pub fn column(&self) -> u32 {
        self.column
    }

    /// One line.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A struct for a call to fill in.
pub(crate) fn empty() -> sys::secscan_error {
    sys::secscan_error {
        code: 0,
        line: 0,
        column: 0,
        reserved: 0,
        message: [0; 240],
    }
}

/// Zero and `SECSCAN_STOPPED` are no failures.
pub(crate) fn check(status: c_int, raw: &sys::secscan_error) -> Result<(), Error> {
    if status < 0 {
        Err(Error::of(status, raw))
    } else {
        Ok(())
    }
}
