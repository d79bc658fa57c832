//! What calls to C need for their arguments. Knows nothing of scanning.

use std::ffi::CString;
use std::os::raw::c_char;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use crate::{Code, Error};

/// A string for C; one with a NUL inside names nothing there.
pub(crate) fn text(text: impl Into<Vec<u8>>) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::new(Code::Arg, "a string has a NUL inside"))
}

pub(crate) fn path(path: &Path) -> Result<CString, Error> {
    text(path.as_os_str().as_bytes())
}

pub(crate) fn maybe(given: Option<&str>) -> Result<Option<CString>, Error> {
    given.map(text).transpose()
}

pub(crate) fn maybe_path(given: Option<&Path>) -> Result<Option<CString>, Error> {
    given.map(path).transpose()
}

/// NULL for what is not there, which is how the library has a default.
pub(crate) fn pointer(given: &Option<CString>) -> *const c_char {
    given.as_ref().map_or(ptr::null(), |s| s.as_ptr())
}

/// An array of strings; the pointers live as long as it does.
pub(crate) struct Texts {
    _strings: Vec<CString>,
    pointers: Vec<*const c_char>,
}

impl Texts {
    pub(crate) fn new<T: Into<Vec<u8>>>(list: impl IntoIterator<Item = T>) -> Result<Texts, Error> {
        let strings = list.into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
        let pointers = strings.iter().map(|s| s.as_ptr()).collect();
        Ok(Texts {
            _strings: strings,
            pointers,
        })
    }

    pub(crate) fn paths<P: AsRef<Path>>(list: &[P]) -> Result<Texts, Error> {
        Texts::new(list.iter().map(|path| path.as_ref().as_os_str().as_bytes()))
    }

    pub(crate) fn pointer(&self) -> *const *const c_char {
        if self.pointers.is_empty() {
            ptr::null()
        } else {
            self.pointers.as_ptr()
        }
    }

    #[cfg(feature = "git")]
    pub(crate) fn at(&self, index: usize) -> *const c_char {
        self.pointers[index]
    }

    pub(crate) fn len(&self) -> usize {
        self.pointers.len()
    }
}

/// `bit` if `is`, for flags.
pub(crate) fn flag(is: bool, bit: u32) -> u32 {
    if is {
        bit
    } else {
        0
    }
}
